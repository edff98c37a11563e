"""The customer list and a statement as files: what is looked for, safe for spreadsheets, recorded, for owners alone."""

import csv
import io
import secrets

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.jobs.models import JobRun
from app.core.permissions import SUPER_ADMIN
from app.customers import exports
from app.extensions import db
from app.jobs.doing import work_off
from app.tables import later
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, form_token, make


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def tribe(app, owner, new_phone):
    name = f"=Zhuge {secrets.token_hex(4)}"
    return name, [customer_with(f"{10 * nth}.00", new_phone(), owner, name) for nth in range(5)]


def download(browser, path, **fields):
    return browser.post(path, data={"csrf_token": form_token(browser, "/profile"), **fields})


def lines(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def last_record(operation: str) -> OperationRecord:
    db.session.rollback()
    ask = select(OperationRecord).where(OperationRecord.operation == operation).order_by(OperationRecord.id.desc())
    return db.session.scalars(ask.limit(1)).one()


def test_the_file_has_what_the_filters_leave_in_that_order(boss, tribe, monkeypatch):
    name, _made = tribe
    monkeypatch.setattr(exports, "AT_ONCE", 2)

    head, *rows = lines(download(boss, "/customers/export", format="csv", name=name, balance_min="10", order="id"))

    assert head[:3] == ["Customer no.", "Phone", "Name"]
    assert [row[5] for row in rows] == ["10.00", "20.00", "30.00", "40.00"]
    assert {row[2] for row in rows} == {f"'{name}"}
    record = last_record("customers.export")
    assert record.changes == {"format": [None, "csv"], "balance_min": [None, "10.00"]}
    assert record.personal_hash


def test_a_workbook_has_numbers_as_numbers(boss, tribe):
    name, _made = tribe
    answer = download(boss, "/customers/export", format="xlsx", name=name)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data())).get_sheet_by_index(0).to_python()

    assert sorted(row[5] for row in rows[1:]) == [0, 10, 20, 30, 40]
    assert rows[1][2] == name


def test_a_statement_is_taken_away_with_its_movements(boss, tribe):
    _name, made = tribe
    head, *rows = lines(download(boss, f"/customers/{made[3]}/statement/export", format="csv"))

    change, after = head.index("Balance change"), head.index("Balance after")
    assert [(row[change], row[after]) for row in rows] == [("30.00", "30.00")]
    record = last_record("customers.export-statement")
    assert (record.object_id, record.changes["format"]) == (made[3], [None, "csv"])


def test_long_ones_are_written_by_a_job_and_hold_the_same(app, boss, tribe, tmp_path, monkeypatch):
    name, made = tribe
    monkeypatch.setitem(app.config, "EXPORT_DIR", str(tmp_path))
    statement = f"/customers/{made[3]}/statement/export"
    sent = {"format": "csv", "name": name, "balance_min": "10", "order": "id"}
    at_once = [lines(download(boss, "/customers/export", **sent)), lines(download(boss, statement, format="csv"))]
    monkeypatch.setattr(later, "LONG", 0)
    for path, fields in (("/customers/export", sent), (statement, {"format": "csv"})):
        assert download(boss, path, **fields).location == "/exports"
    assert last_record("customers.export").changes == {"format": [None, "csv"], "balance_min": [None, "10.00"]}
    assert last_record("customers.export-statement").object_id == made[3]
    work_off(app, "tests:1:here")
    statement_run, list_run = db.session.scalars(
        select(JobRun).where(JobRun.name == later.JOB).order_by(JobRun.id.desc()).limit(2)
    )
    assert [lines(boss.get(f"/exports/{run.id}/file", buffered=True)) for run in (list_run, statement_run)] == at_once


@pytest.mark.parametrize(
    "fields", [{"format": "pdf"}, {"format": "csv", "balance_min": "x"}, {"format": "csv", "order": "x"}]
)
def test_what_cannot_be_meant_is_not_exported(boss, fields):
    assert download(boss, "/customers/export", **fields).status_code == 400


def test_a_clerk_takes_nothing_away_and_a_page_without_token_neither(app, boss, tribe):
    _name, made = tribe
    till = browser_of(app, make(store_ids=[1]))
    for path in ("/customers/export", f"/customers/{made[0]}/statement/export"):
        assert download(till, path, format="csv").status_code == 403
        assert boss.post(path, data={"format": "csv"}).status_code == 400
