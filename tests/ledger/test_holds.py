"""Hold, capture, void, expire: an amount set aside is neither spent nor free."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import clock
from app.core.db import in_transaction
from app.extensions import db
from app.ledger.models import Hold, HoldStatus
from app.ledger.operations import capture, consume, expire_holds, hold, void
from app.ledger.refusals import HoldEnded, InsufficientBalance, LimitExceeded


def held(customer: int, amount: str, actor, hours: float = 1) -> int:
    until = clock.now() + timedelta(hours=hours)
    return in_transaction(lambda: hold(customer, Decimal(amount), expires_at=until, store_id=1, actor=actor)).id


def test_what_is_held_is_not_available(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")
    held(customer, "8.00", clerk)

    with pytest.raises(InsufficientBalance):
        in_transaction(lambda: consume(customer, Decimal("3.00"), store_id=1, actor=clerk))

    assert (wallet_of(customer).balance, wallet_of(customer).held) == (Decimal("10.00"), Decimal("8.00"))


def test_capture_takes_a_part_and_frees_the_rest(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")
    number = held(customer, "8.00", clerk)

    posted = in_transaction(lambda: capture(number, amount=Decimal("5.00"), actor=clerk))

    assert (posted.balance, posted.held, posted.available) == (Decimal("5.00"), 0, Decimal("5.00"))
    assert db.session.get(Hold, number).status is HoldStatus.CAPTURED
    with pytest.raises(HoldEnded):
        in_transaction(lambda: capture(number, actor=clerk))


def test_no_more_is_captured_than_is_held(new_wallet, clerk):
    number = held(new_wallet("10.00"), "8.00", clerk)

    with pytest.raises(LimitExceeded):
        in_transaction(lambda: capture(number, amount=Decimal("8.01"), actor=clerk))


def test_void_frees_all_of_it_once(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")
    number = held(customer, "8.00", clerk)

    in_transaction(lambda: void(number, actor=clerk))

    assert wallet_of(customer).held == 0
    with pytest.raises(HoldEnded):
        in_transaction(lambda: void(number, actor=clerk))


def test_a_hold_whose_time_is_over_stands_in_nobodys_way(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")
    number = held(customer, "8.00", clerk, hours=-1)

    in_transaction(lambda: consume(customer, Decimal("9.00"), store_id=1, actor=clerk))

    assert (wallet_of(customer).balance, wallet_of(customer).held) == (Decimal("1.00"), 0)
    assert db.session.get(Hold, number).status is HoldStatus.EXPIRED


def test_a_late_success_goes_to_suspense_when_the_money_is_gone(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")
    number = held(customer, "8.00", clerk, hours=-1)
    in_transaction(lambda: consume(customer, Decimal("9.00"), store_id=1, actor=clerk))

    posted = in_transaction(lambda: capture(number, actor=clerk))

    assert posted.balance is None
    assert (posted.row["customer_id"], posted.row["amount"]) == (customer, Decimal("8.00"))
    assert wallet_of(customer).balance == Decimal("1.00")


def test_the_job_frees_what_is_over(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")
    held(customer, "8.00", clerk, hours=-1)

    assert in_transaction(lambda: expire_holds(actor=clerk)) >= 1

    assert wallet_of(customer).held == 0
