"""What a consumption is taken from: principal first, bonus first, or both in proportion, as the shop has set."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import clock
from app.core.db import in_transaction
from app.ledger.operations import consume, hold, recharge, refund, set_credit_limit
from app.ledger.refusals import InsufficientBalance
from app.ledger.split import ORDERS
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.conftest import yuan


@pytest.fixture
def order(app, owner):
    """Call it to set how a consumption is taken; a recharge of 100 brings 20 until the end of the test."""

    def put(wanted: str) -> None:
        rules = {"spending_order": wanted, "bonus_from": "100", "bonus_gift": "20"}
        in_transaction(lambda: change_settings(rules, actor=owner))

    yield put
    nothing = {"spending_order": "principal-first", "bonus_from": None, "bonus_gift": None}
    in_transaction(lambda: change_settings(nothing, actor=owner))


@pytest.fixture
def wallets(wallet_of):
    """Call it for what principal and bonus of a customer hold."""
    return lambda customer: tuple(str(wallet_of(customer, purse).balance) for purse in ("principal", "bonus"))


def pay_in(customer: int, actor) -> None:
    in_transaction(lambda: recharge(customer, yuan("100.00"), method=Method.CASH, store_id=1, actor=actor))


def take(customer: int, amount: str, actor) -> None:
    in_transaction(lambda: consume(customer, yuan(amount), store_id=1, actor=actor))


def give_back(customer: int, amount: str, actor) -> None:
    in_transaction(
        lambda: refund(customer, yuan(amount), method=Method.CASH, store_id=1, reason="asked for", actor=actor)
    )


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ("principal-first", ("70.00", "20.00")),
        ("bonus-first", ("90.00", "0.00")),
        ("proportional", ("75.00", "15.00")),
    ],
)
def test_a_consumption_follows_the_order_of_the_shop(order, new_wallet, wallets, owner, wanted, left):
    customer = new_wallet()
    order(wanted)
    pay_in(customer, owner)
    take(customer, "30.00", owner)
    assert wallets(customer) == left
    with pytest.raises(InsufficientBalance):
        take(customer, "90.01", owner)
    take(customer, "90.00", owner)
    assert wallets(customer) == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("wanted", "refunded", "left"),
    [
        ("principal-first", "70.00", ("0.00", "0.00")),  # the whole unused bonus goes back with the whole principal
        ("bonus-first", "90.00", ("0.00", "0.00")),  # no bonus is left to go back
        ("proportional", "37.50", ("37.50", "7.50")),  # half of each
    ],
)
def test_a_refund_takes_back_the_unused_bonus_in_every_order(order, new_wallet, wallets, owner, wanted, refunded, left):
    customer = new_wallet()
    order(wanted)
    pay_in(customer, owner)
    take(customer, "30.00", owner)
    give_back(customer, refunded, owner)
    assert wallets(customer) == left


@pytest.mark.parametrize("wanted", ["principal-first", "bonus-first", "proportional"])
def test_credit_comes_last_and_out_of_the_principal(order, new_wallet, wallets, owner, wanted):
    customer = new_wallet()
    order(wanted)
    pay_in(customer, owner)
    in_transaction(lambda: set_credit_limit(customer, yuan("50.00"), actor=owner))
    take(customer, "150.00", owner)
    assert wallets(customer) == ("-30.00", "0.00")


def test_a_hold_sets_aside_in_the_same_order(order, new_wallet, wallet_of, owner):
    customer = new_wallet()
    order("bonus-first")
    pay_in(customer, owner)
    soon = clock.now() + timedelta(hours=1)
    in_transaction(lambda: hold(customer, yuan("30.00"), expires_at=soon, store_id=1, actor=owner))
    assert (wallet_of(customer).held, wallet_of(customer, "bonus").held) == (yuan("10.00"), yuan("20.00"))


@pytest.mark.parametrize("wanted", list(ORDERS))
@pytest.mark.parametrize("principal", ["0.00", "0.01", "33.33", "100.00"])
@pytest.mark.parametrize("bonus", ["0.00", "0.01", "7.77", "20.00"])
def test_every_order_takes_the_whole_amount_and_no_more_than_there_is(wanted, principal, bonus):
    principal_free, bonus_free = Decimal(principal), Decimal(bonus)
    for cents in range(1, int((principal_free + bonus_free) * 100) + 1, 7):
        amount = Decimal(cents) / 100
        parts = ORDERS[wanted](amount, principal_free, bonus_free)
        assert sum(parts) == amount
        assert 0 <= parts[0] <= principal_free
        assert 0 <= parts[1] <= bonus_free
        assert all(part == part.quantize(Decimal("0.01")) for part in parts)
