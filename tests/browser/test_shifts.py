"""A whole shift by two people in a browser: opened, paid into, counted blind, handed over."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import Desk, cookies_of, customer_with

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"shift-{name}.png", full_page=True)


@pytest.fixture(scope="module")
def people(live, chromium) -> list:
    return [cookies_of(live, chromium, store_ids=[1]) for _ in range(2)]


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_a_whole_shift_by_two_people(live, new_page, people, size, theme):
    more = {"viewport": PHONE} if size == "phone" else {}
    first, second = (new_page(storage_state=who, color_scheme=theme, **more) for who in people)
    name = f"{size}-{theme}"

    first.goto(f"{live.url}/shift")
    first.fill("#of_100", "2")
    first.fill("#of_0_5", "3")
    assert first.locator("[data-sum]").inner_text().endswith("201.50")
    shot(first, f"open-{name}")
    assert_accessible(first)
    assert go(first, lambda: first.click("form[action$='/shift'] .form-buttons button")) == 200
    shot(first, f"mine-{name}")
    assert_accessible(first)

    desk = Desk(live, first)
    desk.open(customer_with(live))
    first.locator("form.take-in .method input").first.check(force=True)
    assert desk.send("recharge", "98.50") == 200
    assert first.locator(".shift-panel.is-open").is_visible()
    shot(first, f"counter-{name}")
    assert_accessible(first)

    first.goto(f"{live.url}/shift")
    first.check("#way-1")
    first.check("#place-1")
    first.fill("#amount", "20")
    first.fill("#reason", "paper")
    assert go(first, lambda: first.press("#reason", "Enter")) == 200

    go(first, lambda: first.click(".page-tools a"))
    assert "280.00" not in first.content()
    first.fill("#of_100", "2")
    first.fill("#of_50", "1")
    first.fill("#rest", "29.90")
    shot(first, f"count-{name}")
    assert_accessible(first)
    assert go(first, lambda: first.press("#rest", "Enter")) == 200
    assert "280.00" not in first.content()
    shot(first, f"sure-{name}")
    assert_accessible(first)
    go(first, lambda: first.click(".btn-danger:not(dialog *)"))
    assert "/shift-reports/" in first.url
    shown = first.locator(".z-difference dd").inner_text()
    assert Decimal(shown.replace("¥", "")) == Decimal("-0.10")
    shot(first, f"report-{name}")
    assert_accessible(first)
    assert len(first.pdf(prefer_css_page_size=True)) > 1000

    second.goto(f"{live.url}/shift")
    shot(second, f"waiting-{name}")
    go(second, lambda: second.click("a[href$='/take-over']"))
    second.fill("#rest", "279.90")
    shot(second, f"receive-{name}")
    assert_accessible(second)
    assert go(second, lambda: second.press("#rest", "Enter")) == 200
    assert second.locator("a[href$='/close']").is_visible()
    assert go(first, first.reload) == 200
    shot(first, f"taken-{name}")

    go(second, lambda: second.click(".page-tools a"))
    second.fill("#rest", "279.90")
    go(second, lambda: second.press("#rest", "Enter"))
    go(second, lambda: second.click(".btn-danger:not(dialog *)"))
    boss = new_page(storage_state=cookies_of(live, first.context.browser, "super-admin"), color_scheme=theme, **more)
    boss.goto(f"{live.url}/shifts/list/")
    shot(boss, f"list-{name}")
    assert_accessible(boss)
    for page in (first, second, boss):
        assert_quiet(page)
