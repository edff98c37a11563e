"""A report as a file: harmless, exact, recorded, and as long as its format allows."""

import io
from datetime import date

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.extensions import db
from app.tables.exporting import Format, TooManyForWorkbook, write
from app.tables.report import Asked
from tests.conftest import actor_of
from tests.staff import people
from tests.tables.conftest import NASTY, lines_of, spare, taken


def test_texts_are_harmless_and_numbers_are_numbers(owner):
    lines = lines_of(taken(owner, "to=2026-03-10&order=oldest"))
    notes = [line["Note"] for line in lines]
    assert notes == [f"'{each}" if each[0] in "=+-@\t\r" else each for each in NASTY]
    assert lines[0]["Amount"] == "0.01"
    assert lines[0]["Time"] == "2026-03-01 12:00:00"
    assert lines[0]["Day"] == "2026-03-01"
    assert (lines[0]["Kind"], lines[0]["Forced"]) == ("Consumption", "Yes")
    data = taken(owner, "to=2026-03-10&order=oldest", "xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert sheet[0][:3] == ["Number", "Day", "Time"]
    assert sheet[1][1] == date(2026, 3, 1)
    assert sheet[1][4] == 0.01
    assert [row[7].replace("_x000D_", "\r") for row in sheet[1:]] == list(NASTY)
    assert b"<f>" not in data


def test_an_export_is_recorded_before_it_is_handed_out(owner, boss):
    taken(owner, "kind=recharge&receipt=R000001", "xlsx")
    db.session.rollback()
    ask = select(OperationRecord).filter_by(operation="tables.export").order_by(OperationRecord.id.desc()).limit(1)
    record = db.session.scalars(ask).one()
    assert record.actor_name == boss.username
    assert record.changes == {
        "report": [None, "spare-rows"],
        "format": [None, "xlsx"],
        "kind": [None, "recharge"],
    }
    assert record.personal.changes == {"receipt": [None, "R000001"]}


def test_a_workbook_that_would_be_too_long_is_refused_and_csv_goes_on(owner, monkeypatch):
    monkeypatch.setattr("app.tables.exporting.MOST_IN_WORKBOOK", 20)
    answer = people.post(owner, "/spare-rows/export", page="/spare-rows/", format="xlsx")
    assert answer.status_code == 409
    assert "more than 20 rows" in answer.text
    assert len(lines_of(taken(owner))) >= 60
    assert len(lines_of(taken(owner, "to=2026-03-20"))) == 20
    assert people.post(owner, "/spare-rows/export", page="/spare-rows/", format="pdf").status_code == 400


def test_an_export_tells_how_far_it_is(spare_house, tmp_path, monkeypatch):
    monkeypatch.setattr("app.tables.exporting.TOLD_EVERY", 25)
    told = []
    asked = Asked(actor_of(spare_house, "super-admin"))
    done = write(spare, asked, tmp_path / "rows.csv", Format.CSV, lambda *figures: told.append(figures))
    assert told[0] == (0, done)
    assert told[1] == (25, done)
    assert told[-1] == (done, done)
    assert TooManyForWorkbook.code in str(TooManyForWorkbook(most=1).args)
