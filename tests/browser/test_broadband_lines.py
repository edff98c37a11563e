"""A broadband service in a browser, on a desk and on a phone: opened, paid, and every page of what is done with it."""

import os
from pathlib import Path

import pytest

from app.broadband.pages.actions import DEEDS
from tests.broadband.ground import basics
from tests.browser.conftest import PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import cookies_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
SIZES = [("desk", "dark", "13700003001"), ("phone", "light", "13700003002")]


def looked_at(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"service-{name}.png", full_page=True)
    assert_accessible(page)


def sent(page, button: str, status: int = 200) -> None:
    assert go(page, lambda: page.click(button)) == status


@pytest.fixture(scope="module")
def boss(live, chromium):
    return cookies_of(live, chromium, role="super-admin")


@pytest.mark.parametrize(("size", "theme", "number"), SIZES)
def test_a_service_from_the_phone_number_to_its_closing(live, new_page, boss, size, theme, number):
    with live.app.app_context():
        chosen = basics()
    look = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if size == "phone" else {}
    page = new_page(storage_state=boss, color_scheme=theme, **look)
    page.goto(f"{live.url}/broadband/open?q={number}")
    looked_at(page, f"find-{size}-{theme}")
    sent(page, "a[href*='/open/new']")
    assert page.input_value("#new_phone") == number
    sent(page, "form.form-card button.btn-primary", 400)
    looked_at(page, f"open-refused-{size}-{theme}")
    page.fill("#new_customer_name", "Ouyang Xiaoming")
    for name in ("community", "package", "business_type"):
        page.select_option(f"#{name if name != 'package' else 'package_type'}", str(chosen[f"{name}_id"]))
    page.check("#pays_now")
    page.check("[name=way][value=cash]")
    looked_at(page, f"open-{size}-{theme}")
    sent(page, "form.form-card button.btn-primary")
    service = page.url
    looked_at(page, f"service-{size}-{theme}")
    for deed in DEEDS:
        page.goto(f"{service}/do/{deed.name}")
        looked_at(page, f"{deed.name}-{size}-{theme}")
    page.goto(f"{service}/do/pay")
    page.check("[name=way][value=cash]")
    sent(page, "form.form-card button.btn-primary")
    looked_at(page, f"document-{size}-{theme}")
    page.goto(f"{service}/do/close")
    sent(page, "form.form-card button.btn-danger")
    looked_at(page, f"closed-{size}-{theme}")
    assert_quiet(page, but="400")
