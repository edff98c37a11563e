"""The owner takes a list over in a real browser: names its columns, sees what is refused, applies it."""

import os
from pathlib import Path

import pytest

from app.customers.takeover import flow
from app.jobs.office import open_office
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet

pytestmark = pytest.mark.browser
DATA = Path(__file__).parents[1] / "data"
SHOTS = os.environ.get("SHOTS")


@pytest.fixture(autouse=True)
def uploads(live, tmp_path):
    live.app.config["UPLOAD_DIR"] = str(tmp_path)
    with open_office(live.app):
        yield


def look(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"takeover_{name}.png", full_page=True)
    assert_accessible(page)


def upload(live, page, path: Path) -> None:
    page.goto(f"{live.url}/customers/import")
    page.set_input_files("[name=file]", path)
    page.click("main form button")
    page.wait_for_url("**/customers/import/*")


@pytest.mark.parametrize(
    ("size", "theme", "name"), [("desk", "light", "utf-8.csv"), ("phone", "dark", "small-shop.xlsx")]
)
def test_a_list_goes_from_the_file_to_the_customers(live, new_page, size, theme, name):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/customers/import")
    look(page, f"start_{size}")
    upload(live, page, DATA / name)
    assert page.get_by_role("combobox").count() >= 4
    look(page, f"columns_{size}")
    page.get_by_role("button", name="Check the list").click()
    button = page.get_by_role("button", name="Take over")
    button.wait_for()
    look(page, f"report_{size}")
    button.click()
    page.get_by_text("The list was taken over as document TK-").wait_for()
    look(page, f"done_{size}")
    assert_quiet(page)


def test_refused_rows_are_shown_and_downloaded_and_the_list_discarded(live, page):
    live.sign_in(page, live.person())
    upload(live, page, DATA / "small-shop-messy.xlsx")
    page.get_by_role("button", name="Check the list").click()
    page.get_by_text("Row 4 has the same.").first.wait_for()
    look(page, "refused")
    with page.expect_download() as download:
        page.get_by_role("link", name="Refused rows").click()
    assert "Row 4 has the same." in download.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Discard this list").click()
    page.get_by_role("button", name="Yes, go on").click()
    page.get_by_text("Nothing was taken over.").wait_for()
    assert_quiet(page)


def test_the_bar_moves_while_a_list_is_read(live, page, tmp_path, monkeypatch):
    monkeypatch.setattr(flow, "BATCH", 50)
    path = tmp_path / "long.csv"
    path.write_text("手机,余额\n" + "".join(f"{13_600_000_000 + n},1\n" for n in range(4000)), encoding="utf-8")
    live.sign_in(page, live.person())
    upload(live, page, path)
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("progressbar").wait_for()
    look(page, "working")
    page.get_by_role("button", name="Take over 4,000 customers").or_(
        page.get_by_role("button", name="Take over 4000 customers")
    ).wait_for(timeout=60_000)
    assert_quiet(page)
