"""The owner's pages of backups and of the clerk watch, in a real browser."""

import os
from pathlib import Path

import pytest

from app.jobs.office import open_office
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet
from tests.browser.desk import customer_with

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
PAGES = {"watch": "/reports/clerk-watch/", "watched": "/reports/watched-postings/", "backups": "/backups"}


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_every_page_is_accessible_and_quiet(live, new_page, tmp_path, size, theme):
    live.app.config["BACKUP_DIR"] = str(tmp_path)
    customer_with(live, "50")
    with open_office(live.app):
        walk(live, new_page, size, theme)


def walk(live, new_page, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/backups")
    page.click(".page-tools button")
    page.locator("td.cell-tools button").wait_for()
    for name, path in PAGES.items():
        assert page.goto(live.url + path).status == 200, path
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"owner-{name}-{size}.png", full_page=True)
        assert_accessible(page)
    with page.expect_download() as download:
        page.click("td.cell-tools button")
    assert download.value.suggested_filename.endswith(".zip")
    assert_quiet(page)
