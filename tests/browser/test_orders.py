"""A work order in a browser: found by phone, written, done step by step, billed, and on its sheet."""

import os
from pathlib import Path

import pytest

from tests.broadband.ground import opened
from tests.broadband.work import installer, material, work_type
from tests.browser.conftest import PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import cookies_of
from tests.conftest import actor_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
SIZES = [("desk", "light", "13700002001"), ("phone", "dark", "13700002002")]


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"order-{name}.png", full_page=True)


def step(page, action: str) -> None:
    assert go(page, lambda: page.click(f"form[action$='/{action}'] .form-buttons button.btn-primary")) == 200


@pytest.fixture(scope="module")
def clerk(live, chromium):
    return cookies_of(live, chromium, store_ids=[1])


@pytest.mark.parametrize(("size", "theme", "number"), SIZES)
def test_a_work_order_from_the_phone_number_to_its_bill(live, new_page, clerk, size, theme, number):
    with live.app.app_context():
        opened(actor_of(live.app, "super-admin"), number, details={"address": "Building 3, Unit 2, Room 501"})
        kind, man, cable = str(work_type()), str(installer()), str(material())
    page = new_page(storage_state=clerk, color_scheme=theme, **({"viewport": PHONE} if size == "phone" else {}))
    page.goto(f"{live.url}/broadband/work-orders/new?q={number}")
    shot(page, f"find-{size}-{theme}")
    assert_accessible(page)
    page.click(".order-lines a")
    page.select_option("#business_type", kind)
    page.select_option("#installer", man)
    page.fill("#installation_fee", "120")
    page.fill("#customer_request", "Come in the afternoon, please.")
    shot(page, f"form-{size}-{theme}")
    assert_accessible(page)
    go(page, lambda: page.click("form.form-card button.btn-primary"))
    page.select_option("#material", cable)
    page.fill("form.order-add #quantity", "2.5")
    go(page, lambda: page.click("form.order-add button"))
    shot(page, f"draft-{size}-{theme}")
    assert_accessible(page)
    step(page, "accept")
    page.fill("#schedule-appointment_at", "2026-12-24T15:00")
    shot(page, f"accepted-{size}-{theme}")
    assert_accessible(page)
    step(page, "schedule")
    step(page, "start")
    step(page, "finish")
    page.check("#bill-way-1")
    shot(page, f"done-{size}-{theme}")
    assert_accessible(page)
    step(page, "bill")
    assert page.locator(".pill-good").first.is_visible()
    shot(page, f"billed-{size}-{theme}")
    go(page, lambda: page.click("a[href$='/sheet']"))
    shot(page, f"sheet-{size}-{theme}")
    assert_accessible(page)
    page.goto(f"{live.url}/broadband/work-orders/")
    shot(page, f"list-{size}-{theme}")
    assert_accessible(page)
    assert_quiet(page)
