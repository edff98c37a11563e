"""Postings of open days learn by how much they changed their customer's wallets when a house moves up."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.extensions import db
from app.ledger.closing import close_days
from app.ledger.models import Posting
from app.ledger.operations import consume, open_wallet, recharge, refund, reverse, sell
from app.ledger.proofs import verify
from app.ledger.totals import all_time
from app.shop.models import Method
from app.shop.operations import change_settings

BEFORE = "20261122u"
SOMEBODY = Actor.system("test")
CUSTOMER = 17
MONDAY = clock.today()


def on_a_day() -> None:
    """Everything that moves a wallet, with and without bonus, and a sale past them."""
    given = {"store_id": 1, "actor": SOMEBODY}
    cash = given | {"method": Method.CASH}
    in_transaction(lambda: recharge(CUSTOMER, Decimal(100), **cash).id)
    in_transaction(lambda: consume(CUSTOMER, Decimal("104.50"), **given).id)
    slip = in_transaction(lambda: recharge(CUSTOMER, Decimal(200), **cash).id)
    in_transaction(lambda: reverse(slip, reason="slip", actor=SOMEBODY).id)
    in_transaction(lambda: recharge(CUSTOMER, Decimal(300), **cash).id)
    in_transaction(lambda: refund(CUSTOMER, Decimal(30), reason="moved", **cash).id)
    in_transaction(lambda: sell(Decimal(7), **cash).id)


@pytest.fixture
def house_of_two_days(empty_house, shop_time):
    """A day that is closed and one that is open, with the same postings."""
    shop_time(MONDAY)
    rules = {"bonus_from": Decimal(100), "bonus_gift": Decimal(10), "spending_order": "bonus-first"}
    in_transaction(lambda: change_settings(rules, actor=SOMEBODY))
    in_transaction(lambda: open_wallet(CUSTOMER, actor=SOMEBODY).id)
    on_a_day()
    shop_time(MONDAY + timedelta(days=1))
    close_days(actor=SOMEBODY)
    on_a_day()
    return empty_house


def changes() -> dict[bool, list[tuple[Decimal | None, Decimal | None]]]:
    """By whether the day is open, in the order of the postings."""
    rows = db.session.execute(
        select(Posting.business_date > MONDAY, Posting.principal_change, Posting.bonus_change).order_by(Posting.id)
    ).all()
    db.session.rollback()
    return {is_open: [tuple(row[1:]) for row in rows if bool(row[0]) is is_open] for is_open in (False, True)}


def test_open_days_learn_it_and_closed_ones_are_left_as_they_are(house_of_two_days):
    before, owed = changes(), all_time()
    db.session.rollback()
    db.engine.dispose()

    downgrade(revision=BEFORE)
    upgrade()

    after = changes()
    assert before[True] == after[True]
    assert [round(bonus) for _, bonus in after[True]] == [10, -19, 10, -10, 10, -1, 0]
    assert after[False] == [(None, None)] * len(before[False])
    now = all_time()
    assert (now.figures, now.principal, now.bonus) == (owed.figures, owed.principal, owed.bonus)
    assert {proof.name: proof.found for proof in verify() if not proof.holds} == {}
