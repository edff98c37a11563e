"""Account details in a browser: looked for, summed up, drawn, printed and taken away; on a desk and on a phone."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.db import in_transaction
from app.ledger.operations import consume
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import cookies_of, customer_with
from tests.conftest import actor_of
from tests.customers.test_api_postings import days_ago

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")


@pytest.fixture(scope="module")
def owner(live, chromium):
    return cookies_of(live, chromium, "super-admin")


@pytest.fixture(scope="module", autouse=True)
def trade(live) -> int:
    """Some weeks of postings; the number of one customer."""
    boss = actor_of(live.app, "super-admin")
    for day in (60, 41, 40, 39, 20, 9, 8, 7, 3, 1, 0):
        with days_ago(day):
            one = customer_with(live, str(100 + 37 * day % 1000), name="陈美玲" if day % 2 else "Anna Maria Winter")
            with live.app.app_context():
                given = {"category": "general", "store_id": 1, "actor": boss}
                in_transaction(lambda one=one, given=given: consume(one, Decimal("42.50"), **given))
    return one


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"report-{name}.png", full_page=True)


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_a_report_is_accessible_and_quiet(live, new_page, owner, size, theme):
    page = new_page(storage_state=owner, viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    looks = {
        "rows": "",
        "filtered": "?kind=recharge&amount_min=100",
        "days": "?group=day",
        "kinds": "?group=kind",
        "empty": "?receipt=none",
    }
    for name, query in looks.items():
        assert page.goto(f"{live.url}/postings/{query}").status == 200
        shot(page, f"{name}-{size}-{theme}")
        assert_accessible(page)
    page.goto(f"{live.url}/postings/")
    page.click(".filters summary")
    shot(page, f"open-{size}-{theme}")
    assert_accessible(page)
    assert page.goto(f"{live.url}/postings/print?group=day").status == 200
    shot(page, f"print-{size}-{theme}")
    assert_accessible(page)
    assert_quiet(page)
    assert page.goto(f"{live.url}/postings/?amount_min=ten").status == 400
    shot(page, f"wrong-{size}-{theme}")
    assert_accessible(page)


def test_an_owner_looks_sums_up_and_takes_away(live, new_page, owner, trade):
    page = new_page(storage_state=owner)
    page.goto(f"{live.url}/postings/")
    assert page.locator(".report-table tbody tr").count() == 22
    page.click(".filters summary")
    page.select_option("#kind", "consumption")
    page.fill("#amount_max", "42.5")
    go(page, lambda: page.click(".filter-fields button.btn-primary"))
    assert page.locator(".report-table tbody tr").count() == 11
    assert page.locator(".chip").count() == 3
    assert "467.50" in page.locator(".totals").nth(1).inner_text()
    go(page, lambda: page.locator(".chip a").last.click())
    assert "amount_max" not in page.url
    go(page, lambda: page.locator(".presets a").first.click())
    assert page.locator(".report-table tbody tr").count() == 1
    go(page, lambda: page.locator(".ways a").nth(1).click())
    assert page.locator(".chart circle, .chart rect").count() >= 1
    for format in ("csv", "xlsx"):
        with page.expect_download() as taken:
            page.click(f".export [value={format}]")
        assert taken.value.suggested_filename.endswith(f".{format}")
        assert Path(taken.value.path()).stat().st_size > 100
    page.goto(f"{live.url}/postings/?customer={trade}")
    go(page, lambda: page.locator(".cell-title a").first.click())
    assert "/receipts/" in page.url
    assert_quiet(page)


def test_what_is_printed_is_the_report_alone(live, new_page, owner):
    page = new_page(storage_state=owner)
    page.add_init_script("window.print = () => { window.dialogs = (window.dialogs ?? 0) + 1; }")
    page.goto(f"{live.url}/postings/print?kind=recharge")
    page.click("[data-print]")
    assert page.evaluate("window.dialogs") == 1
    page.emulate_media(media="print")
    assert page.locator(".report-table").is_visible()
    for chrome in (".topbar", ".side", ".page-tools"):
        assert not page.locator(chrome).first.is_visible(), chrome
    assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")
    assert_quiet(page)
