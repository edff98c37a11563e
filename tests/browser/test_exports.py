"""The owner exports a long list: it is written while he waits or not, and he takes the file."""

import os
import threading
from pathlib import Path

import pytest

from app.jobs.office import open_office
from app.tables import exporting, later, rows
from tests.browser.conftest import PHONE, assert_accessible, assert_quiet
from tests.browser.desk import cookies_of, customer_with

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def go_on(live, tmp_path, monkeypatch):
    """A house where two rows are long, and whose file is half written until this is set."""
    go_on, every_row = threading.Event(), rows.every_row

    def slowly(*asked):
        for at, row in enumerate(every_row(*asked)):
            if at == 1:
                go_on.wait(30)
            yield row

    monkeypatch.setattr(rows, "every_row", slowly)
    monkeypatch.setattr(later, "LONG", 1)
    monkeypatch.setattr(exporting, "TOLD_EVERY", 1)
    monkeypatch.setitem(live.app.config, "EXPORT_DIR", str(tmp_path))
    with open_office(live.app):
        yield go_on
        go_on.set()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"exports-{name}.png", full_page=True)


def test_a_long_export_shows_how_far_it_is_and_is_taken_when_it_is_done(live, new_page, chromium, go_on):
    for _ in range(2):
        customer_with(live, "50")
    owner = cookies_of(live, chromium, "super-admin")
    page = new_page(storage_state=owner)
    page.goto(f"{live.url}/exports")
    page.get_by_text("There are none.").wait_for()
    page.goto(f"{live.url}/postings/")
    page.get_by_role("button", name="XLSX").click()
    page.wait_for_url("**/exports")
    page.get_by_text("It is being written").wait_for()
    page.locator("progress[value='50']").wait_for()
    assert_accessible(page)
    shot(page, "running")
    go_on.set()
    page.get_by_text("Rows: 2").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert_quiet(page)
    for theme in ("light", "dark"):
        for size, more in (("desk", {}), ("phone", {"viewport": PHONE})):
            seen = new_page(storage_state=owner, color_scheme=theme, **more)
            seen.goto(f"{live.url}/exports")
            shot(seen, f"{size}-{theme}")
            assert_accessible(seen)
            assert_quiet(seen)
