"""A long export is written in the background, for the one who asked, as he is when it is written and taken."""

import contextlib
import os
import time

import pytest
from flask import current_app
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from app.audit.models import OperationRecord
from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs import Run
from app.core.jobs.models import JobRun, RunState
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.exports import files
from app.exports.writing import forget
from app.extensions import db
from app.jobs.doing import work_off
from app.staff.models import Staff
from app.tables import exporting, later
from tests.staff import people
from tests.tables.conftest import lines_of

WORKER = "tests:1:here"


@pytest.fixture(autouse=True)
def folder(spare_house, tmp_path, monkeypatch):
    monkeypatch.setattr(later, "LONG", 50)
    monkeypatch.setitem(spare_house.config, "EXPORT_DIR", str(tmp_path / "exports"))
    yield tmp_path / "exports"
    work_off(spare_house, WORKER)


def ask(browser, query: str = "", format: str = "csv"):
    return people.post(browser, f"/spare-rows/export?{query}", page="/spare-rows/", format=format)


def newest() -> JobRun:
    db.session.rollback()
    return db.session.scalars(select(JobRun).where(JobRun.name == later.JOB).order_by(JobRun.id.desc()).limit(1)).one()


def file(browser, run: JobRun):
    answer = browser.get(f"/exports/{run.id}/file")
    answer.get_data()  # all of it, for the file stays open until then
    answer.close()
    return answer


def recorded() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(OperationRecord.operation == "tables.export")) or 0


def test_it_is_written_by_the_job_and_taken_by_the_one_who_asked(spare_house, owner, folder):
    before = recorded()
    answer = ask(owner, "kind=recharge", "xlsx")
    assert answer.status_code == 302
    assert answer.location == "/exports"
    assert "Waiting" in owner.get("/exports").text
    assert file(owner, newest()).status_code == 404
    work_off(spare_house, WORKER)
    run = newest()
    assert run.state is RunState.DONE, run.error
    page = owner.get("/exports").text
    assert f"/exports/{run.id}/file" in page
    answer = file(owner, run)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    (folder / "taken.xlsx").write_bytes(answer.data)
    rows = CalamineWorkbook.from_path(str(folder / "taken.xlsx")).get_sheet_by_index(0).to_python()
    assert len(rows) - 1 == run.result["rows"]
    assert {row[3] for row in rows[1:]} == {"Recharge"}
    assert recorded() == before + 1


def test_the_menu_leads_those_there_who_may_take_rows_away(owner, clerk):
    assert 'href="/exports"' in owner.get("/profile").text
    assert 'href="/exports"' not in clerk.get("/profile").text
    assert clerk.get("/exports").status_code == 200


def test_what_is_short_is_handed_out_at_once(owner):
    assert len(lines_of(ask(owner, "to=2026-03-20").data)) == 20


def test_it_keeps_the_order_and_the_language_of_the_asker(spare_house, owner):
    people.post(owner, "/language", page="/spare-rows/", locale="zh")
    ask(owner, "order=oldest")
    people.post(owner, "/language", page="/spare-rows/", locale="en")
    work_off(spare_house, WORKER)
    text = file(owner, newest()).get_data().decode("utf-8-sig")
    assert "2026-03-01" in text.splitlines()[1]
    assert "消费" in text.splitlines()[1]


def test_asking_twice_writes_once(spare_house, owner):
    before = recorded()
    ask(owner)
    first = newest().id
    ask(owner)
    assert newest().id == first
    assert recorded() == before + 1
    ask(owner, format="xlsx")
    assert newest().id != first


def test_nobody_else_sees_or_takes_it(spare_house, owner, folder):
    ask(owner)
    work_off(spare_house, WORKER)
    run = newest()
    other = people.browser_of(spare_house, people.make(SUPER_ADMIN))
    assert f"/exports/{run.id}/file" not in other.get("/exports").text
    assert file(other, run).status_code == 404
    assert file(spare_house.test_client(), run).status_code == 302
    for nobody in (0, 2**63, 10**20):
        assert owner.get(f"/exports/{nobody}/file").status_code == 404
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_who_may_less_by_then_gets_nothing(spare_house, monkeypatch):
    staff_id = people.make(SUPER_ADMIN)
    browser = people.browser_of(spare_house, staff_id)
    ask(browser)
    work_off(spare_house, WORKER)
    taken = newest()
    ask(browser)
    _become(staff_id, ORDINARY_ADMIN)
    work_off(spare_house, WORKER)
    assert (newest().state, newest().error["code"]) == (RunState.FAILED, "export-not-allowed")
    browser = people.browser_of(spare_house, staff_id)
    assert file(browser, taken).status_code == 403
    assert "has changed since it was asked for" in browser.get("/exports").text


def _become(staff_id: int, role: str) -> None:
    def change() -> None:
        staff = db.session.get(Staff, staff_id)
        staff.roles = [current_app.appbuilder.sm.find_role(role)]

    in_transaction(change)


def test_who_may_not_sign_in_any_more_gets_nothing(spare_house):
    staff_id = people.make(SUPER_ADMIN)
    ask(people.browser_of(spare_house, staff_id))
    in_transaction(lambda: db.session.execute(update(Staff).where(Staff.id == staff_id).values(active=False)))
    work_off(spare_house, WORKER)
    assert newest().error["code"] == "export-not-allowed"


def test_an_export_of_a_day_that_is_over_is_not_for_who_sees_today_alone(spare_house, clerk, monkeypatch):
    monkeypatch.setattr(later, "LONG", 5)
    ask(clerk)
    work_off(spare_house, WORKER)
    run = newest()
    assert file(clerk, run).status_code == 200
    shop = clock._shop
    monkeypatch.setattr(clock, "_shop", shop._replace(shift=shop.shift + clock.timedelta(days=1)))
    assert file(clerk, run).status_code == 403


def test_a_run_that_was_killed_half_way_is_written_anew(spare_house, owner, folder, monkeypatch):
    ask(owner)
    run = newest()
    path = files.path_of(run.arguments["file"], "csv")
    with contextlib.suppress(KeyboardInterrupt):
        files.write_whole(path, _half_way)
    left = folder / f"{path.name}.work"
    left.mkdir(exist_ok=True)
    (left / path.name).write_text("half")
    assert not path.exists()
    work_off(spare_house, WORKER)
    assert len(lines_of(file(owner, newest()).data)) >= 60
    assert [each.name for each in folder.iterdir()] == [path.name]


def _half_way(draft) -> int:
    draft.write_text("half")
    raise KeyboardInterrupt


def test_a_workbook_that_would_be_too_long_says_so(spare_house, owner, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_IN_WORKBOOK", 20)
    ask(owner, format="xlsx")
    work_off(spare_house, WORKER)
    assert newest().error["code"] == "too-many-for-a-workbook"
    assert "Export them as CSV" in owner.get("/exports").text


def test_after_a_week_the_file_is_gone_and_what_was_looked_for(spare_house, owner, folder):
    ask(owner, "kind=recharge")
    work_off(spare_house, WORKER)
    run = newest()
    assert forget(Run(Actor.system("test"))) == {"removed": 0}
    assert file(owner, run).status_code == 200
    (path,) = folder.iterdir()
    long_ago = time.time() - files.KEPT.total_seconds() - 1
    os.utime(path, (long_ago, long_ago))
    asked_at = clock.real_now() - files.KEPT
    in_transaction(lambda: db.session.execute(update(JobRun).where(JobRun.id == run.id).values(enqueued_at=asked_at)))
    assert forget(Run(Actor.system("test"))) == {"removed": 1}
    assert newest().arguments["asked"] == {}
    assert file(owner, run).status_code == 404
    assert list(folder.iterdir()) == []
