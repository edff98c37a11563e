"""The owner makes and takes away backups through the pages; nobody else does, and each download is recorded."""

import io
import zipfile

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from tests.staff.people import browser_of, form_token, make, post


def records(operation: str) -> list[OperationRecord]:
    db.session.rollback()
    return list(db.session.scalars(select(OperationRecord).filter_by(operation=operation)))


@pytest.fixture
def owner_browser(traded):
    return browser_of(traded, make(SUPER_ADMIN))


def test_the_owner_makes_one_and_takes_it_away(owner_browser):
    assert post(owner_browser, "/backups/create", page="/backups").status_code == 302
    (made,) = records("backup.create")
    name = made.changes["file"][1]
    assert name in owner_browser.get("/backups").text
    answer = post(owner_browser, "/backups/download", page="/backups", name=name)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    contents = answer.data
    answer.close()
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(contents)).namelist()
    (taken,) = records("backup.download")
    assert taken.changes == {"file": [None, name]}


@pytest.mark.parametrize("name", ["", "none.zip", "../prepaid.db", "/etc/passwd", "x.zip/../../a.zip"])
def test_nothing_but_a_backup_is_handed_out(owner_browser, name):
    assert post(owner_browser, "/backups/download", page="/backups", name=name).status_code == 404
    assert records("backup.download") == []


def test_a_clerk_cannot_see_make_or_download(traded):
    browser = browser_of(traded, make(ORDINARY_ADMIN, store_ids=[1]))
    token = form_token(browser, "/profile")
    assert browser.get("/backups").status_code == 403
    for path in ("/backups/create", "/backups/download"):
        assert browser.post(path, data={"csrf_token": token, "name": "x.zip"}).status_code == 403
    assert browser.get("/backups/download").status_code in (404, 405)
