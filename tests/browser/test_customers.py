"""The owner filters the list, explains a balance and makes one of two customers; a clerk can do the first two."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.ledger.operations import consume, recharge
from app.shop.models import Method
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.counter.desk import customer_with

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
HOUSE = Actor.system("test")


@pytest.fixture(scope="module")
def people(live) -> tuple[int, int]:
    """Two who are one person, and others."""
    with live.app.app_context():
        for nth in range(8):
            customer_with(f"{nth}7.50", f"+8613911220{nth:03}", HOUSE, "赵" + "一二三四五六七八"[nth])
        gone = customer_with("30.00", "+8613911223344", HOUSE, "李雷")
        kept = customer_with("1234.50", "+8613911225566", HOUSE, "李蕾")
        for amount in ("12.00", "3.40"):
            in_transaction(lambda amount=amount: consume(kept, Decimal(amount), store_id=1, actor=HOUSE))
        in_transaction(
            lambda: recharge(kept, Decimal("50"), method=Method.CASH, store_id=1, actor=HOUSE, note="年底优惠")
        )
    return gone, kept


def shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"customers_{name}.png", full_page=True)


ON_TOP = (
    "each => { const at = each.getBoundingClientRect(); return each.contains(document.elementFromPoint("
    "(at.left + at.right) / 2, (at.top + at.bottom) / 2)); }"
)


def test_what_can_be_done_with_a_row_is_in_sight_where_the_list_is_wider_than_the_window(live, new_page, people):
    page = new_page(viewport={"width": 900, "height": 850})
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/customers/list/")
    assert page.evaluate("(each => each.scrollWidth > each.clientWidth)(document.querySelector('.table-wrap'))")
    assert page.locator("tbody tr >> nth=0").locator(".row-tools a").last.evaluate(ON_TOP)
    assert not page.get_by_role("columnheader", name="Since").is_visible()
    page.set_viewport_size({"width": 1500, "height": 850})
    assert page.get_by_role("columnheader", name="Since").is_visible()


@pytest.mark.parametrize(("size", "theme"), [("desk", "dark"), ("phone", "light")])
def test_every_page_is_accessible_and_quiet(live, new_page, people, size, theme):
    gone, kept = people
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    pages = {
        "list": "/customers/list/",
        "filters": "/customers/list/?name=%E8%B5%B5&balance_min=20&filters=open",
        "statement": f"/customers/{kept}/statement",
        "merge_find": f"/customers/{gone}/merge?q=13911225566",
        "merge": f"/customers/{gone}/merge?into={kept}",
        "counter": f"/counter?customer={kept}",
    }
    for name, path in pages.items():
        assert page.goto(live.url + path).status == 200, path
        shoot(page, f"{name}_{size}_{theme}")
        assert_accessible(page)
    assert_quiet(page)


def test_a_statement_fits_on_the_screen_of_a_desk(live, page, people):
    _gone, kept = people
    live.sign_in(page, live.person())
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(f"{live.url}/customers/{kept}/statement")
    wrap = page.locator(".table-wrap", has=page.locator(".moves-table"))
    assert wrap.evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth")


def test_a_statement_fits_on_paper(live, page, people):
    _gone, kept = people
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/customers/{kept}/statement")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 980})
    shoot(page, "statement_print")
    assert page.locator(".moves-table thead").is_visible()  # a table, not the cards of a phone
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not page.locator(".statement-days").is_visible()


def test_a_clerk_filters_and_explains_but_cannot_merge_or_export(live, page, people):
    gone, kept = people
    live.sign_in(page, live.person(ORDINARY_ADMIN, store_ids=[1]))
    page.goto(f"{live.url}/customers/list/?name=李")
    assert page.locator("tbody tr").count() == 2
    assert page.locator("tfoot, .export-form, a[href$='/merge']").count() == 0
    page.click(f"a[href='/customers/{kept}/statement']")
    page.wait_for_selector("text=1,269.10")
    assert page.goto(f"{live.url}/customers/{gone}/merge").status == 403
    assert_quiet(page, but="403")


def test_the_owner_filters_explains_and_makes_one_of_two(live, page, people):
    gone, kept = people
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/customers/list/")
    page.click(".filters summary")
    page.fill("[name=name]", "李")
    page.click(".filter-fields .btn-primary")
    page.wait_for_selector(".chip")
    assert "¥1,299.10" in page.locator("tfoot").inner_text()
    page.click(f"a[href='/customers/{gone}/merge']")
    page.fill("[name=q]", "13911225566")
    page.click(".merge-find button")
    page.click(".merge-people a")
    page.check("[name=phone][value=gone]")
    page.fill("[name=reason]", "一个人")
    assert go(page, lambda: page.click(".btn-danger")) == 400  # he has not said that he is sure
    assert page.locator(".field-error").count() == 1
    page.check("[name=sure]")
    page.click(".btn-danger")
    page.wait_for_selector("text=M000001")
    page.goto(f"{live.url}/counter?customer={gone}")
    page.wait_for_url(f"**/counter?customer={kept}")
    assert "139 1122 3344" in page.locator(".who-phone").inner_text()
    page.click(".explain")
    page.click("text=Merge M000001")
    page.wait_for_url("**/customers/merges/1")
    assert_accessible(page)
    shoot(page, "merge_done")
    assert_quiet(page, but="400")
