"""Taking over a subscriber list, as the owner of a provider does it."""

from pathlib import Path

import pytest

from app.jobs.office import open_office
from tests.broadband.listed import Provider, written
from tests.browser.conftest import assert_accessible, assert_quiet

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def uploads(live, tmp_path):
    live.app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")
    with open_office(live.app):
        yield


@pytest.fixture
def provider(live):
    with live.app.app_context():
        return Provider()


def start(live, page, path: Path) -> None:
    page.goto(f"{live.url}/broadband/import")
    assert_accessible(page)
    page.set_input_files("[name=file]", str(path))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="What is in the columns?").wait_for()


def test_an_owner_takes_over_a_list_of_subscribers(live, page, provider, tmp_path):
    live.sign_in(page, live.person())
    rows = [provider.row(f"1367654{number:04}", account=f"b{number}") for number in range(3)]
    start(live, page, written(tmp_path / "list.csv", *rows))
    assert_accessible(page)
    page.get_by_role("button", name="Check the list").click()
    page.get_by_role("button", name="Take over 3 services").click(timeout=30_000)
    page.get_by_text("was taken over as document TB-").wait_for(timeout=30_000)
    assert_accessible(page)
    assert_quiet(page)


def test_refused_rows_fit_on_a_phone(live, phone, provider, tmp_path):
    live.sign_in(phone, live.person())
    start(live, phone, written(tmp_path / "list.csv", provider.row("12"), provider.row("13676549999", community="?")))
    phone.get_by_role("button", name="Check the list").click()
    phone.get_by_text("There is no such community.").wait_for(timeout=30_000)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    assert_accessible(phone)
    assert_quiet(phone)
