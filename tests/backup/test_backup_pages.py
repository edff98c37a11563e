"""The owner makes and takes away backups through the pages; nobody else does, and each download is recorded."""

import io
import zipfile

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs import enqueue
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.jobs.doing import work_off
from tests.staff.people import browser_of, form_token, make, post


def records(operation: str) -> list[OperationRecord]:
    db.session.rollback()
    return list(db.session.scalars(select(OperationRecord).filter_by(operation=operation)))


@pytest.fixture
def owner_browser(traded):
    return browser_of(traded, make(SUPER_ADMIN))


def test_the_owner_makes_one_and_takes_it_away(owner_browser):
    for _again in range(2):  # one that is waited for already will do
        assert post(owner_browser, "/backups/create", page="/backups").status_code == 302
    assert "data-live" in owner_browser.get("/backups").text
    assert records("backup.create") == []
    assert work_off(owner_browser.application, "tests:1:here") == 1
    (made,) = records("backup.create")
    name = made.changes["file"][1]
    assert name.startswith("backup-")
    page = owner_browser.get("/backups").text
    assert page.count(name) > 1
    assert "data-live" not in page
    answer = post(owner_browser, "/backups/download", page="/backups", name=name)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    contents = answer.data
    answer.close()
    assert "manifest.json" in zipfile.ZipFile(io.BytesIO(contents)).namelist()
    (taken,) = records("backup.download")
    assert taken.changes == {"file": [None, name]}


def test_a_backup_that_cannot_be_made_and_a_drill_are_told_on_the_page(owner_browser, tmp_path):
    app = owner_browser.application
    in_transaction(lambda: enqueue("backup.drill", actor=Actor.system("test")))
    assert work_off(app, "tests:1:here") == 1
    assert "Try to restore a backup" in owner_browser.get("/backups").text
    (tmp_path / "file").write_text("in the way")
    before, app.config["BACKUP_DIR"] = app.config["BACKUP_DIR"], str(tmp_path / "file")
    post(owner_browser, "/backups/create", page="/profile")
    work_off(app, "tests:1:here")
    app.config["BACKUP_DIR"] = before
    assert "No backup could be made" in owner_browser.get("/backups").text


def test_nothing_but_a_backup_is_handed_out(owner_browser):
    for name in ("", "none.zip", "../prepaid.db", "/etc/passwd", "x.zip/../../a.zip"):
        assert post(owner_browser, "/backups/download", page="/backups", name=name).status_code == 404, name
    assert records("backup.download") == []


def test_a_clerk_cannot_see_make_or_download(traded):
    browser = browser_of(traded, make(ORDINARY_ADMIN, store_ids=[1]))
    token = form_token(browser, "/profile")
    assert browser.get("/backups").status_code == 403
    for path in ("/backups/create", "/backups/download"):
        assert browser.post(path, data={"csrf_token": token, "name": "x.zip"}).status_code == 403
    assert browser.get("/backups/download").status_code in (404, 405)
