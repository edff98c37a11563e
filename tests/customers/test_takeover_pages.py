"""Taking over a list in the browser."""

import csv
import io
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.jobs import Run
from app.customers.models import ImportRow, ImportState
from app.customers.takeover import kept, queries
from app.extensions import db
from tests.customers.taking_over import START, columns, customers, document, send, settled, upload, uploaded
from tests.customers.workbooks import raw_workbook
from tests.staff.people import browser_of, form_token, make, post

DATA = Path(__file__).parents[1] / "data"


def test_a_list_is_uploaded_named_checked_and_taken_over(importer, list_of, uploads):
    before = customers()
    address = uploaded(importer, list_of("甲,100", "乙,0.50"))
    page = importer.get(address)
    assert page.status_code == 200
    assert re.search(r'<option value="balance" selected>', page.text)
    assert "甲 · 乙" in page.text

    assert send(importer, address, "check", **columns("phone", "name", "balance")).status_code == 302
    page = settled(importer, address)
    assert "100.50" in page.text
    assert "Take over 2 customers" in page.text
    assert customers() == before

    assert send(importer, address, "apply").status_code == 302
    page = settled(importer, address)
    assert document(address).document_no in page.text
    assert customers() == before + 2
    assert os.listdir(uploads) == []


def test_the_upload_is_kept_where_nobody_else_may_look(importer, list_of, uploads):
    uploaded(importer, list_of("甲,1"))
    (name,) = os.listdir(uploads)
    assert (uploads / name).stat().st_mode & 0o777 == 0o600
    assert uploads.stat().st_mode & 0o777 == 0o700


def test_refused_rows_are_shown_and_handed_out_as_a_table(importer, list_of):
    address = uploaded(importer, list_of("甲,-1", "<b>乙</b>,=1+1", "丙,3"))
    send(importer, address, "check")
    page = settled(importer, address)
    assert "A balance below zero cannot be taken over." in page.text
    assert "Take over" not in re.sub(r"(?s)<nav.*?</nav>", "", page.text).split("<main", 1)[1]
    table = importer.get(f"{address}/refused.csv", buffered=True)
    assert table.headers["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(table.get_data().decode("utf-8-sig").splitlines()))
    assert [line[:3] for line in lines[1:]] == [["2", "Balance", "-1"], ["3", "Balance", "'=1+1"]]
    assert send(importer, address, "apply").status_code == 409
    assert document(address).state is ImportState.STAGED


def test_columns_are_named_by_hand_and_named_anew(importer, list_of):
    address = uploaded(importer, list_of("甲,7,8", head="号,谁,一,二"))
    assert send(importer, address, "check", **columns("", "name")).status_code == 400
    twice = send(importer, address, "check", **columns("phone", "name", "balance", "balance"))
    assert twice.status_code == 400
    assert "一, 二" in twice.text
    assert send(importer, address, "check", **columns("phone", "name", "salary")).status_code == 400
    send(importer, address, "check", **columns("phone", "name", "balance", ""))
    assert "7.00" in settled(importer, address).text
    assert importer.get(f"{address}/columns").status_code == 200
    send(importer, address, "check", **columns("phone", "name", "", "balance"))
    assert "8.00" in settled(importer, address).text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file has no rows."),
        (b"%PDF-1.4 ...", "neither an Excel workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "an old Excel file"),
        (b"PK\x03\x04...", "is damaged"),
    ],
)
def test_a_wrong_file_is_answered_with_the_form_and_leaves_nothing(importer, uploads, content, why):
    answer = upload(importer, content)
    assert answer.status_code == 400
    assert why in answer.text
    assert os.listdir(uploads) == []


def test_a_bomb_is_answered_with_the_form_and_leaves_nothing(importer, uploads, tmp_path):
    path = raw_workbook(tmp_path / "bomb.xlsx", "", extra={"xl/media/a.bin": b"0" * (200 << 20)})
    answer = upload(importer, path.read_bytes(), "bomb.xlsx")
    assert answer.status_code == 400
    assert "unpacks to more" in answer.text
    assert os.listdir(uploads) == []


def test_an_upload_without_a_file_or_of_another_store_is_refused(importer):
    assert post(importer, START, store="1").status_code == 400
    data = {"csrf_token": form_token(importer, START), "store": "999", "file": (io.BytesIO(b"1"), "x.csv")}
    assert importer.post(START, data=data).status_code == 400


def test_a_discarded_list_is_gone_with_its_file_and_its_rows(importer, list_of, uploads):
    address = uploaded(importer, list_of("甲,1"))
    send(importer, address, "check")
    settled(importer, address)
    assert send(importer, address, "discard").status_code == 302
    assert importer.get(address).status_code == 404
    assert os.listdir(uploads) == []
    number = int(address.rsplit("/", 1)[1])
    db.session.rollback()
    assert not db.session.scalar(select(func.count()).where(ImportRow.import_id == number))


def test_a_list_that_nobody_went_on_with_is_forgotten_with_the_next_upload(importer, list_of, uploads, monkeypatch):
    address = uploaded(importer, list_of("甲,1"))
    monkeypatch.setattr(queries, "ABANDONED", timedelta(0))
    uploaded(importer, list_of("乙,1"))
    assert importer.get(address).status_code == 404
    assert len(os.listdir(uploads)) == 1


def test_a_night_removes_lists_that_were_given_up_and_uploads_of_nobody(importer, list_of, uploads, monkeypatch):
    address = uploaded(importer, list_of("甲,1"))
    stray = uploads / "0000.list"
    stray.write_text("left by a killed process")
    forget = importer.application.extensions["jobs"]["customers.forget-imports"].work
    db.session.rollback()
    assert forget(Run(Actor.system("test"))) == {"removed": 0}
    long_ago = time.time() - queries.ABANDONED.total_seconds() - 1
    for path in uploads.iterdir():
        os.utime(path, (long_ago, long_ago))
    assert forget(Run(Actor.system("test"))) == {"removed": 1}
    assert not stray.exists()
    assert importer.get(address).status_code == 200
    monkeypatch.setattr(queries, "ABANDONED", timedelta(0))
    assert forget(Run(Actor.system("test")))["removed"] >= 1
    assert importer.get(address).status_code == 404
    assert os.listdir(uploads) == []


def test_a_failed_list_says_why(importer, list_of):
    address = uploaded(importer, list_of(*["甲,1"] * 40, '"乙'))
    send(importer, address, "check")
    page = settled(importer, address)
    assert "quotation mark" in page.text
    assert "Nothing was taken over." in page.text


def test_only_the_owner_takes_lists_over(app, importer, list_of):
    address = uploaded(importer, list_of("甲,1"))
    clerk = browser_of(app, make())
    for path in (START, address, f"{address}/progress", f"{address}/columns", f"{address}/refused.csv"):
        assert clerk.get(path).status_code == 403, path
        assert app.test_client().get(path).status_code == 302, path
    for verb in ("check", "apply", "discard"):
        assert post(clerk, f"{address}/{verb}", page="/profile").status_code == 403
        assert importer.get(f"{address}/{verb}").status_code == 405
    assert upload(clerk, b"1").status_code in (400, 403)
    for nobody in (999999, 2**63, 10**20):
        assert importer.get(f"{START}/{nobody}").status_code == 404


def test_while_a_long_list_is_applied_on_sqlite_writers_are_told_and_readers_served(app, importer):
    kept.put_mark(kept.Mark(1, 10, 100))
    try:
        page, write = importer.get("/profile"), post(importer, "/profile", display_name="Boss")
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
    assert "is being taken over" not in importer.get("/profile").text


def test_the_mark_of_a_dead_process_does_not_keep_the_shop_closed(app, uploads):
    kept.put_mark(kept.Mark(1, 10, 100))
    long_ago = time.time() - kept.STALE - 1
    os.utime(uploads / "taking-over", (long_ago, long_ago))
    assert kept.mark() is None
    (uploads / "taking-over").write_text("nonsense")
    assert kept.mark() is None
    kept.take_mark()
