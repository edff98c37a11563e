"""What is spent is reversed on its receipt by an owner who says that the customer owes it."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger.models import Posting
from app.ledger.operations import consume, recharge
from app.shop.models import Method
from tests.counter.desk import customer_with, form_of
from tests.staff.people import browser_of, make


@pytest.fixture
def posting(app, owner, new_phone) -> int:
    """A recharge of 1680.32 today."""
    customer, given = customer_with("0", new_phone(), owner), {"method": Method.CASH, "store_id": 1, "actor": owner}
    return in_transaction(lambda: recharge(customer, Decimal("1680.32"), **given).answer())["posting"]["id"]


@pytest.fixture
def browser(app):
    return browser_of(app, make(store_ids=[1]))


def undo(browser, posting: int, **typed: str):
    """Send the form that reverses a posting, as its receipt shows it."""
    action = f"/receipts/{posting}/reversal"
    return browser.post(action, data={**form_of(browser.get(f"/receipts/{posting}").text, action), **typed})


@pytest.fixture
def spent(posting, owner) -> int:
    """Its customer, when all but 10 of it is spent."""
    customer = db.session.get(Posting, posting).customer_id
    db.session.rollback()
    in_transaction(lambda: consume(customer, Decimal("1670.32"), category="general", store_id=1, actor=owner))
    return customer


def test_an_owner_reverses_what_is_spent_into_debt_if_he_says_so(app, posting, spent):
    boss = browser_of(app, make(SUPER_ADMIN))

    refused = undo(boss, posting, reason="wrong customer")
    assert refused.status_code == 409
    assert "The balance is not enough" in refused.text
    done = undo(boss, posting, reason="wrong customer", is_forced="y")

    assert done.status_code == 302
    page = boss.get(f"/counter?customer={spent}").text
    assert "In debt" in page
    assert "-¥1,670.32" in page or "−¥1,670.32" in page
    assert "is_forced" not in boss.get(f"/receipts/{posting}").text, "it is done"
    db.session.rollback()
    mine = select(OperationRecord.changes).where(OperationRecord.operation == "ledger.reversal")
    changes = db.session.scalars(mine.order_by(OperationRecord.id.desc())).first()
    assert changes["reverses"] == [None, posting]
    assert changes["forced"] == [None, True]


def test_a_clerk_lets_nobody_owe_anything(browser, posting, spent):
    assert "is_forced" not in browser.get(f"/receipts/{posting}").text
    assert undo(browser, posting, reason="wrong customer", is_forced="y").status_code == 403
    assert undo(browser, posting, reason="wrong customer").status_code == 409
    assert "In debt" not in browser.get(f"/counter?customer={spent}").text
