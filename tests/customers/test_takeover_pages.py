"""Taking over a list in the browser."""

import csv
import io
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.core.actor import Actor
from app.core.db import in_transaction, is_postgresql
from app.core.errors import Unavailable
from app.core.jobs import Run
from app.core.jobs.models import JobRun, RunState
from app.core.permissions import SUPER_ADMIN
from app.customers.models import Customer, CustomerImport, ImportRow, ImportState
from app.customers.takeover import flow, jobs, kept, operations, queries
from app.extensions import db
from app.jobs.doing import work_off
from tests.customers.workbooks import raw_workbook
from tests.staff.people import browser_of, form_token, make, post

DATA = Path(__file__).parents[1] / "data"
START = "/customers/import"
WORKER = "tests:1:here"


@pytest.fixture(autouse=True)
def uploads(app, tmp_path) -> Path:
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")
    return tmp_path / "uploads"


@pytest.fixture
def browser(app):
    """The owner's browser."""
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def list_of(new_phone):
    """Call it with lines of CSV after the phone; a line without a phone gets one that nobody has."""

    def text(*lines: str, head: str = "手机,姓名,余额") -> bytes:
        return "\n".join([head, *(f"{new_phone()},{line}" for line in lines)]).encode()

    return text


def upload(browser, content: bytes, name: str = "list.csv"):
    data = {"csrf_token": form_token(browser, START), "store": "1", "file": (io.BytesIO(content), name)}
    return browser.post(START, data=data, content_type="multipart/form-data")


def uploaded(browser, content: bytes) -> str:
    """Uploads a list that can be read; answers the address of its page."""
    answer = upload(browser, content)
    assert answer.status_code == 302, answer.text
    return answer.location


def settled(browser, address: str):
    """The page of the list once a worker has done what waits."""
    work_off(browser.application, WORKER)
    assert browser.get(f"{address}/progress").json["state"] not in ("staging", "applying")
    return browser.get(address)


def send(browser, address: str, verb: str, **fields: str):
    return post(browser, f"{address}/{verb}", page=address, **fields)


def columns(*fields: str) -> dict[str, str]:
    return {"columns": str(len(fields))} | {f"column-{place}": name for place, name in enumerate(fields)}


def document(address: str) -> CustomerImport:
    db.session.rollback()
    return db.session.get(CustomerImport, int(address.rsplit("/", 1)[1]))


def customers() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Customer)) or 0


def test_a_list_is_uploaded_named_checked_and_taken_over(browser, list_of, uploads):
    before = customers()
    address = uploaded(browser, list_of("甲,100", "乙,0.50"))
    page = browser.get(address)
    assert page.status_code == 200
    assert re.search(r'<option value="balance" selected>', page.text)
    assert "甲 · 乙" in page.text

    assert send(browser, address, "check", **columns("phone", "name", "balance")).status_code == 302
    page = settled(browser, address)
    assert "100.50" in page.text
    assert "Take over 2 customers" in page.text
    assert customers() == before

    assert send(browser, address, "apply").status_code == 302
    page = settled(browser, address)
    assert document(address).document_no in page.text
    assert customers() == before + 2
    assert os.listdir(uploads) == []


def test_the_upload_is_kept_where_nobody_else_may_look(browser, list_of, uploads):
    uploaded(browser, list_of("甲,1"))
    (name,) = os.listdir(uploads)
    assert (uploads / name).stat().st_mode & 0o777 == 0o600
    assert uploads.stat().st_mode & 0o777 == 0o700


def test_refused_rows_are_shown_and_handed_out_as_a_table(browser, list_of):
    address = uploaded(browser, list_of("甲,-1", "<b>乙</b>,=1+1", "丙,3"))
    send(browser, address, "check")
    page = settled(browser, address)
    assert "A balance below zero cannot be taken over." in page.text
    assert "Take over" not in re.sub(r"(?s)<nav.*?</nav>", "", page.text).split("<main", 1)[1]
    table = browser.get(f"{address}/refused.csv", buffered=True)
    assert table.headers["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(table.get_data().decode("utf-8-sig").splitlines()))
    assert [line[:3] for line in lines[1:]] == [["2", "Balance", "-1"], ["3", "Balance", "'=1+1"]]
    assert send(browser, address, "apply").status_code == 409
    assert document(address).state is ImportState.STAGED


def test_columns_are_named_by_hand_and_named_anew(browser, list_of):
    address = uploaded(browser, list_of("甲,7,8", head="号,谁,一,二"))
    assert send(browser, address, "check", **columns("", "name")).status_code == 400
    twice = send(browser, address, "check", **columns("phone", "name", "balance", "balance"))
    assert twice.status_code == 400
    assert "一, 二" in twice.text
    assert send(browser, address, "check", **columns("phone", "name", "salary")).status_code == 400
    send(browser, address, "check", **columns("phone", "name", "balance", ""))
    assert "7.00" in settled(browser, address).text
    assert browser.get(f"{address}/columns").status_code == 200
    send(browser, address, "check", **columns("phone", "name", "", "balance"))
    assert "8.00" in settled(browser, address).text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file has no rows."),
        (b"%PDF-1.4 ...", "neither an Excel workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "an old Excel file"),
        (b"PK\x03\x04...", "is damaged"),
    ],
)
def test_a_wrong_file_is_answered_with_the_form_and_leaves_nothing(browser, uploads, content, why):
    answer = upload(browser, content)
    assert answer.status_code == 400
    assert why in answer.text
    assert os.listdir(uploads) == []


def test_a_bomb_is_answered_with_the_form_and_leaves_nothing(browser, uploads, tmp_path):
    path = raw_workbook(tmp_path / "bomb.xlsx", "", extra={"xl/media/a.bin": b"0" * (200 << 20)})
    answer = upload(browser, path.read_bytes(), "bomb.xlsx")
    assert answer.status_code == 400
    assert "unpacks to more" in answer.text
    assert os.listdir(uploads) == []


def test_an_upload_without_a_file_or_of_another_store_is_refused(browser):
    assert post(browser, START, store="1").status_code == 400
    data = {"csrf_token": form_token(browser, START), "store": "999", "file": (io.BytesIO(b"1"), "x.csv")}
    assert browser.post(START, data=data).status_code == 400


def test_a_discarded_list_is_gone_with_its_file_and_its_rows(browser, list_of, uploads):
    address = uploaded(browser, list_of("甲,1"))
    send(browser, address, "check")
    settled(browser, address)
    assert send(browser, address, "discard").status_code == 302
    assert browser.get(address).status_code == 404
    assert os.listdir(uploads) == []
    number = int(address.rsplit("/", 1)[1])
    db.session.rollback()
    assert not db.session.scalar(select(func.count()).where(ImportRow.import_id == number))


def test_a_list_that_nobody_went_on_with_is_forgotten_with_the_next_upload(browser, list_of, uploads, monkeypatch):
    address = uploaded(browser, list_of("甲,1"))
    monkeypatch.setattr(queries, "ABANDONED", timedelta(0))
    uploaded(browser, list_of("乙,1"))
    assert browser.get(address).status_code == 404
    assert len(os.listdir(uploads)) == 1


def test_work_that_died_is_told_and_begun_again(browser, list_of, monkeypatch):
    address = uploaded(browser, list_of("甲,1"))
    send(browser, address, "check")
    assert document(address).state is ImportState.STAGING
    assert send(browser, address, "check").status_code == 409
    monkeypatch.setattr(queries, "PATIENCE", timedelta(0))
    assert browser.get(f"{address}/progress").json["state"] == "staging"  # a worker will come
    given_up = update(JobRun).where(JobRun.state == RunState.QUEUED).values(state=RunState.FAILED)
    in_transaction(lambda: db.session.execute(given_up))
    assert browser.get(f"{address}/progress").json["state"] == "stalled"
    assert "stopped half way" in browser.get(address).text
    assert send(browser, address, "check").status_code == 302
    assert "Take over 1 customer" in settled(browser, address).text


def test_a_check_that_was_killed_half_way_is_begun_again_by_the_next_worker(browser, list_of, owner, monkeypatch):
    address = uploaded(browser, list_of("甲,1", "乙,2", "丙,3"))
    send(browser, address, "check")
    number = document(address).id
    monkeypatch.setattr(flow, "BATCH", 2)
    monkeypatch.setattr(flow, "_fail", lambda *_: None)  # a killed process says nothing
    with pytest.raises(KeyboardInterrupt):
        jobs._check(Run(owner, {"import_id": number}, _killed_at(2)))
    monkeypatch.undo()
    assert document(address).rows_staged == 2
    assert "Take over 3 customers" in settled(browser, address).text
    assert document(address).opening_total == 6


def test_an_applying_that_was_killed_half_way_is_done_once_by_the_next_worker(browser, list_of, owner, monkeypatch):
    before = customers()
    address = uploaded(browser, list_of("甲,1", "乙,2", "丙,3"))
    send(browser, address, "check")
    settled(browser, address)
    send(browser, address, "apply")
    number = document(address).id
    monkeypatch.setattr(queries, "CHUNK", 2)
    monkeypatch.setattr(flow, "_fail", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        jobs._apply(Run(owner, {"import_id": number}, _killed_at(2)))
    monkeypatch.undo()
    assert customers() == before
    assert document(address).state is ImportState.APPLYING
    assert document(address).document_no is None
    settled(browser, address)
    assert customers() == before + 3
    # Killed once more, after the work and before it could say so: nothing is done twice.
    assert jobs._apply(Run(owner, {"import_id": number}))["applied"] == 3
    assert customers() == before + 3


def _killed_at(rows: int):
    def progress(done: int, total: int | None = None) -> None:
        if done >= rows:
            raise KeyboardInterrupt

    return progress


def test_a_busy_database_leaves_the_list_to_the_next_try(browser, list_of, owner, monkeypatch):
    address = uploaded(browser, list_of("甲,1"))
    send(browser, address, "check")
    number = document(address).id

    def busy(*_args, **_more) -> None:
        raise Unavailable

    monkeypatch.setattr(operations, "stage", busy)
    with pytest.raises(Unavailable):
        jobs._check(Run(owner, {"import_id": number}))
    monkeypatch.undo()
    assert document(address).state is ImportState.STAGING
    assert "Take over 1 customer" in settled(browser, address).text


def test_a_night_removes_lists_that_were_given_up_and_uploads_of_nobody(browser, list_of, uploads, monkeypatch):
    address = uploaded(browser, list_of("甲,1"))
    stray = uploads / "0000.list"
    stray.write_text("left by a killed process")
    forget = browser.application.extensions["jobs"]["customers.forget-imports"].work
    db.session.rollback()
    assert forget(Run(Actor.system("test"))) == {"removed": 0}
    long_ago = time.time() - queries.ABANDONED.total_seconds() - 1
    for path in uploads.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert forget(Run(Actor.system("test"))) == {"removed": 1}
    assert not stray.exists()
    assert browser.get(address).status_code == 200
    monkeypatch.setattr(queries, "ABANDONED", timedelta(0))
    assert forget(Run(Actor.system("test")))["removed"] >= 1
    assert browser.get(address).status_code == 404
    assert os.listdir(uploads) == []


def test_a_failed_list_says_why(browser, list_of):
    address = uploaded(browser, list_of(*["甲,1"] * 40, '"乙'))
    send(browser, address, "check")
    page = settled(browser, address)
    assert "quotation mark" in page.text
    assert "Nothing was taken over." in page.text


def test_only_the_owner_takes_lists_over(app, browser, list_of):
    address = uploaded(browser, list_of("甲,1"))
    clerk = browser_of(app, make())
    for path in (START, address, f"{address}/progress", f"{address}/columns", f"{address}/refused.csv"):
        assert clerk.get(path).status_code == 403, path
        assert app.test_client().get(path).status_code == 302, path
    for verb in ("check", "apply", "discard"):
        assert post(clerk, f"{address}/{verb}", page="/profile").status_code == 403
        assert browser.get(f"{address}/{verb}").status_code == 405
    assert upload(clerk, b"1").status_code in (400, 403)
    for nobody in (999999, 2**63, 10**20):
        assert browser.get(f"{START}/{nobody}").status_code == 404


def test_while_a_long_list_is_applied_on_sqlite_writers_are_told_and_readers_served(app, browser):
    kept.put_mark(kept.Mark(1, 10, 100))
    try:
        page, write = browser.get("/profile"), post(browser, "/profile", display_name="Boss")
        call = app.test_client().post("/api/v1/session", json={"username": "x", "password": "y"})
    finally:
        kept.take_mark()
    assert page.status_code == 200
    if is_postgresql():
        assert write.status_code != 503
        return
    assert write.status_code == call.status_code == 503
    assert int(write.headers["Retry-After"]) > 0
    assert "Retry-After" in call.headers
    assert call.mimetype == "application/problem+json"
    assert "is being taken over" in write.text
    assert "is being taken over" in page.text
    assert "is being taken over" not in browser.get("/profile").text


def test_the_mark_of_a_dead_process_does_not_keep_the_shop_closed(app, uploads):
    kept.put_mark(kept.Mark(1, 10, 100))
    long_ago = time.time() - kept.STALE - 1
    os.utime(uploads / "taking-over", (long_ago, long_ago))
    assert kept.mark() is None
    (uploads / "taking-over").write_text("nonsense")
    assert kept.mark() is None
    kept.take_mark()
