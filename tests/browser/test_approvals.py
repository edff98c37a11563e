"""Two people: a clerk asks at the counter, the owner looks and approves."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.ledger.operations import recharge
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import customer_with
from tests.conftest import actor_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"approvals-{name}.png", full_page=True)


def paid_in(live, amount: str) -> int:
    """The number of a large recharge, in a house that wants two people for its reversal."""
    customer = customer_with(live, "0", name="王小明")
    with live.app.app_context():
        owner = actor_of(live.app, "super-admin")
        in_transaction(lambda: change_settings({"approval_reversals_above": "1000"}, actor=owner))
        given = {"method": Method.CASH, "store_id": 1, "actor": owner}
        return in_transaction(lambda: recharge(customer, Decimal(amount), **given).answer())["posting"]["id"]


def ask(live, page, posting: int) -> None:
    page.goto(f"{live.url}/receipts/{posting}")
    page.fill("#reverse-reason", "wrong customer")
    page.click("#reverse button.btn-danger")
    page.wait_for_selector(".alert-warning")


@pytest.mark.parametrize(
    ("size", "theme"), [("desk", "light"), ("desk", "dark"), ("phone", "light"), ("phone", "dark")]
)
def test_a_clerk_asks_and_the_owner_approves(live, new_page, size, theme):
    more = {"viewport": PHONE if size == "phone" else DESKTOP, "color_scheme": theme}
    posting = paid_in(live, "1500")
    clerk, owner = new_page(**more), new_page(**more)
    live.sign_in(clerk, live.person(ORDINARY_ADMIN, store_ids=[1]))
    ask(live, clerk, posting)
    assert "Nothing is posted yet" in clerk.locator(".flashes").inner_text()
    assert clerk.locator("#reverse").count() == 0
    shot(clerk, f"asked-{size}-{theme}")
    assert_accessible(clerk)

    live.sign_in(owner, live.person())
    owner.goto(f"{live.url}/approvals")
    shot(owner, f"list-{size}-{theme}")
    assert_accessible(owner)
    go(owner, lambda: owner.click("table a >> nth=0"))
    shot(owner, f"request-{size}-{theme}")
    assert_accessible(owner)
    owner.fill("[name=note]", "talked to the customer")
    owner.click("button.btn-primary")
    owner.wait_for_selector(".alert-success")
    shot(owner, f"approved-{size}-{theme}")
    assert_accessible(owner)
    assert owner.locator("button:has-text('Approve')").count() == 0

    clerk.reload()
    assert "Reversed" in clerk.locator("#paper").inner_text()
    assert_quiet(clerk)
    assert_quiet(owner)


def test_the_owner_declines_with_a_reason(live, new_page):
    posting = paid_in(live, "1600")
    clerk, owner = new_page(), new_page()
    live.sign_in(clerk, live.person(ORDINARY_ADMIN, store_ids=[1]))
    ask(live, clerk, posting)
    live.sign_in(owner, live.person())
    owner.goto(f"{live.url}/approvals")
    go(owner, lambda: owner.click("table a >> nth=0"))
    owner.click("button.btn-outline-danger")
    owner.wait_for_selector(".field-error")
    owner.fill("[name=reason]", "the receipt is right")
    owner.click("button.btn-outline-danger")
    owner.wait_for_selector(".alert-success")
    clerk.reload()
    assert clerk.locator("#reverse").count() == 1
    assert_quiet(owner, but="400")
