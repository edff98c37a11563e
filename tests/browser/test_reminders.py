"""The work list of reminders in a browser: a clerk calls, is led back to his place, mutes; the owner suspends."""

import os
from pathlib import Path

import pytest

from tests.broadband.ground import after, basics, service_of
from tests.broadband.reminding import stopping
from tests.browser.conftest import PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import cookies_of
from tests.conftest import actor_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
SIZES = [("phone", "light", 0), ("desk", "dark", 10)]


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"reminders-{name}.png", full_page=True)


@pytest.fixture(scope="module")
def clerk(live, chromium):
    return cookies_of(live, chromium, store_ids=[1])


def sent(page, button: str, status: int = 200) -> None:
    assert go(page, lambda: page.click(button)) == status


@pytest.mark.parametrize(("size", "theme", "start"), SIZES)
def test_a_clerk_works_through_the_list(live, new_page, clerk, size, theme, start):
    details = {"address": "Building 3, Unit 2, Room 501", "broadband_account": f"line-{size}", "bound_number": "MAC-7"}
    with live.app.app_context():
        owner, chosen = actor_of(live.app, "super-admin"), basics()
        ones = [
            stopping(owner, f"+8613700003{start + at:03}", left, **chosen, details=details if not at else None)
            for at, left in enumerate((-3, 0, 5))
        ]
    look = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if size == "phone" else {}
    page = new_page(storage_state=clerk, color_scheme=theme, **look)
    place = f"{live.url}/broadband/reminders/?community={chosen['community_id']}"
    page.goto(place)
    assert page.locator("tbody tr").count() == len(ones)
    shot(page, f"list-{size}-{theme}")
    assert_accessible(page)

    sent(page, f"a[href*='/reminders/{ones[0]}/call']")
    shot(page, f"call-{size}-{theme}")
    assert_accessible(page)
    page.select_option("#outcome", "promised-to-pay")
    sent(page, "form.form-card button.btn-primary", 400)
    assert page.locator(".field-error").count() == 1
    assert_accessible(page)
    page.fill("#promised_on", after(2).isoformat())
    page.fill("#remark", "He comes by on Friday.")
    sent(page, "form.form-card button.btn-primary")
    assert page.url == place
    assert "Promised to pay" in page.inner_text("tbody")

    sent(page, f"a[href*='/reminders/{ones[2]}/mute']")
    page.fill("#until", after(30).isoformat())
    shot(page, f"mute-{size}-{theme}")
    assert_accessible(page)
    sent(page, "form.form-card button.btn-primary")
    assert page.url == place
    assert page.locator("tbody tr").count() == len(ones) - 1

    page.goto(f"{live.url}/broadband/service/{ones[2]}")
    shot(page, f"service-{size}-{theme}")
    assert_accessible(page)
    sent(page, "a[href$='/mute']")
    sent(page, "form.grave button")
    with live.app.app_context():
        assert service_of(ones[2]).muted_until is None

    page.goto(place)
    sent(page, f"a[href='/broadband/service/{ones[1]}/do/pay']")
    sent(page, "form.form-card button.btn-primary")
    page.goto(place)
    assert page.locator("tbody tr").count() == len(ones) - 1
    assert_quiet(page, but="400")


def test_the_owner_sees_what_came_of_it(live, new_page, chromium):
    page = new_page(storage_state=cookies_of(live, chromium, role="super-admin"), viewport=PHONE)
    page.goto(f"{live.url}/broadband/salespersons/?group=salesperson")
    shot(page, "figures-phone-light")
    assert_accessible(page)
    page.goto(f"{live.url}/broadband/reminders/")
    assert page.locator("a[href$='/do/force']").count() > 0
    page.goto(f"{live.url}/settings")
    assert page.locator("#broadband_suspend_after").count() == 1
    assert_accessible(page)
    assert_quiet(page)
