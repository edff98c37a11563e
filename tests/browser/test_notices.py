"""What customers were told, seen and sent again in a real browser."""

import pytest

from app.core.db import in_transaction
from app.customers.models import Language
from app.customers.operations import change_customer
from app.extensions import db
from app.notices.models import DeliveryState, NoticeDelivery
from tests.browser.conftest import assert_accessible, assert_quiet, go
from tests.browser.desk import customer_with
from tests.conftest import actor_of
from tests.notices import told

LINES = ("宽带服务将于 5 月 9 日停止。", "宽带服务将于 5 月 12 日停止。", "宽带服务已停止。")


@pytest.fixture
def customer(live) -> int:
    """Somebody who was told three things by mail: the first one was refused, the second one may have arrived."""
    number = customer_with(live, "120.00")
    with live.app.app_context():
        owner = actor_of(live.app, "super-admin")
        chinese = {"language": Language.SIMPLIFIED}
        in_transaction(lambda: change_customer(number, chinese, actor=owner) and None)
        told.tell_by_mail(live.app, number, LINES, owner)
    return number


def state_of(live, delivery_id: str) -> DeliveryState:
    with live.app.app_context():
        return db.session.get_one(NoticeDelivery, int(delivery_id)).state


def test_what_may_have_arrived_is_asked_about_and_sent_again(live, page, customer):
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/counter?customer={customer}")
    assert page.locator("#notices-panel").is_visible()
    assert page.locator("section[aria-labelledby=notices-panel] [lang=zh-Hans] strong").count() == 3
    assert_accessible(page)
    go(page, page.locator("section[aria-labelledby=notices-panel] .all-moves").click)
    assert page.locator("tbody tr").count() == 6
    assert_accessible(page)
    page.goto(f"{live.url}/notices/?customer={customer}&state=unknown")
    go(page, page.locator("tbody tr a").first.click)
    number = page.url.rpartition("/")[2]
    assert LINES[1] in page.locator(".notice-body").inner_text()
    assert_accessible(page)
    page.locator("form[action$='/again'] button").click()
    page.locator("dialog[open] button[value=yes]").click()
    page.wait_for_selector(".alert-success")
    assert state_of(live, number) is DeliveryState.WAITING
    assert page.locator("form[action$='/again']").count() == 0
    assert_quiet(page)


def test_it_fits_a_telephone(live, phone, customer):
    live.sign_in(phone, live.person())
    for address in ("/notices/", f"/counter?customer={customer}"):
        phone.goto(f"{live.url}{address}")
        assert phone.evaluate("document.documentElement.scrollWidth") <= 375, address
        assert_accessible(phone)
    assert_quiet(phone)
