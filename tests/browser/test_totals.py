"""The totals in a real browser: the owner's overview and his questions, and the clerk's own day."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers.operations import create_customer
from app.ledger.operations import consume, recharge, refund, reverse
from app.shop.models import Method
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.conftest import actor_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
PAGES = {
    "overview": "/overview?days=180",
    "today": "/today",
    "period": "/totals/period?group_by=method",
    "totals": "/totals/",
    "customers": "/totals/customers",
    "roles": "/roles",
}


@pytest.fixture(scope="module", autouse=True)
def trade(live):
    """A day of everything."""
    with live.app.app_context():
        boss = actor_of(live.app, SUPER_ADMIN)
        details = {"phone": "+8613800138000", "name": "王小明"}
        customer = in_transaction(lambda: create_customer(details, store_id=1, actor=boss).id)
        for method, amount in ((Method.CASH, "320.00"), (Method.WECHAT, "150.50"), (Method.ALIPAY, "80.00")):
            given = {"method": method, "store_id": 1, "actor": boss}
            made = in_transaction(lambda a=amount, g=given: recharge(customer, Decimal(a), **g).id)
        in_transaction(lambda: reverse(made, reason="twice", actor=boss).id)
        in_transaction(lambda: consume(customer, Decimal("42.00"), store_id=1, actor=boss).id)
        given = {"method": Method.CASH, "store_id": 1, "actor": boss, "reason": "moved"}
        in_transaction(lambda: refund(customer, Decimal("20.00"), **given).id)


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_every_page_is_accessible_and_quiet(live, new_page, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    for name, path in PAGES.items():
        assert page.goto(live.url + path).status == 200, path
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"totals_{name}_{size}.png", full_page=True)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert_quiet(page)


def test_the_owner_asks_for_a_period_by_store_and_method(live, page):
    live.sign_in(page, live.person())
    assert page.url.endswith("/overview")
    page.click("text=Period query >> nth=0")
    page.select_option("[name=method]", "wechat")
    page.select_option("[name=group_by]", "method")
    page.click("form.query button")
    page.wait_for_selector("[data-groups]")
    assert "¥150.50" in page.locator("[data-groups]").inner_text()
    assert "¥320.00" not in page.locator("main").inner_text()
    assert_quiet(page)


def test_a_clerk_finds_his_day_and_no_other(live, page):
    live.sign_in(page, live.person(ORDINARY_ADMIN, store_ids=[1]))
    page.click(".side-link >> text=Today")
    assert "¥550.50" not in page.locator("dl.tiles").inner_text()  # what was reversed is told apart
    assert "¥470.50" in page.locator("dl.tiles").inner_text()
    go(page, lambda: page.click(".side-link >> text=Period query"))
    assert page.locator("[name=from]").count() == 0
    assert page.locator(".side-link >> text=All-time totals").count() == 0
    assert page.goto(f"{live.url}/totals/").status == 403
    assert_accessible(page)
