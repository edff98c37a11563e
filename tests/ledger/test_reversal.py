"""Reversal: whole, once, mirroring every leg; into debt only when forced."""

import threading
from decimal import Decimal

import pytest

from app.core.db import in_transaction
from app.core.errors import Forbidden, NotFound
from app.extensions import db
from app.ledger.models import Kind
from app.ledger.operations import consume, recharge, reverse
from app.ledger.operations.reversals import require_reversible
from app.ledger.refusals import AlreadyReversed, InsufficientBalance, NotReversible
from app.shop.models import Method
from tests.conftest import actor_of


def recharged(customer: int, amount: str, actor) -> int:
    return in_transaction(lambda: recharge(customer, Decimal(amount), method=Method.CASH, store_id=1, actor=actor)).id


def test_reversal_mirrors_every_leg(new_wallet, transfers_of, clerk):
    customer = new_wallet()
    original = recharged(customer, "30.00", clerk)

    posted = in_transaction(lambda: reverse(original, reason="typed twice", actor=clerk))

    (there,), (back,) = transfers_of(original), transfers_of(posted.id)
    assert (back.debit_id, back.credit_id, back.amount) == (there.credit_id, there.debit_id, there.amount)
    assert (posted.balance, posted.row["kind"], posted.row["reverses_id"]) == (0, Kind.REVERSAL, original)


def test_a_posting_is_reversed_once(new_wallet, clerk):
    original = recharged(new_wallet(), "30.00", clerk)
    in_transaction(lambda: reverse(original, reason="mistake", actor=clerk))

    with pytest.raises(AlreadyReversed):
        in_transaction(lambda: reverse(original, reason="again", actor=clerk))


def test_of_two_who_reverse_at_once_one_is_refused(new_wallet, wallet_of, house, clerk):
    customer = new_wallet("100.00")
    original = recharged(customer, "30.00", clerk)
    outcomes: list[str] = []

    def work() -> None:
        with house.app_context():
            try:
                in_transaction(lambda: reverse(original, reason="mistake", actor=clerk))
                outcomes.append("reversed")
            except AlreadyReversed:
                outcomes.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused"] * 5 + ["reversed"]
    assert wallet_of(customer).balance == Decimal("100.00")


def test_a_reversal_is_not_reversible(new_wallet, clerk):
    original = recharged(new_wallet(), "30.00", clerk)
    reversal = in_transaction(lambda: reverse(original, reason="mistake", actor=clerk)).id

    with pytest.raises(NotReversible):
        in_transaction(lambda: reverse(reversal, reason="back", actor=clerk))


def test_what_is_spent_is_reversed_only_by_force(new_wallet, owner):
    customer = new_wallet()
    original = recharged(customer, "30.00", owner)
    in_transaction(lambda: consume(customer, Decimal("25.00"), store_id=1, actor=owner))

    with pytest.raises(InsufficientBalance):
        in_transaction(lambda: reverse(original, reason="cheque bounced", actor=owner))
    posted = in_transaction(lambda: reverse(original, reason="cheque bounced", actor=owner, is_forced=True))

    assert posted.balance == Decimal("-25.00")


def test_nobody_forces_who_may_not(new_wallet, clerk):
    original = recharged(new_wallet(), "30.00", clerk)

    with pytest.raises(Forbidden):
        in_transaction(lambda: reverse(original, reason="mistake", actor=clerk, is_forced=True))
    with pytest.raises(Forbidden):
        require_reversible(original, actor=clerk, is_forced=True)


def test_a_posting_of_another_store_is_not_found(app, new_wallet, clerk):
    original = recharged(new_wallet(), "30.00", clerk)
    stranger = actor_of(app, "ordinary-admin", stores=frozenset({77}))

    with pytest.raises(NotFound):
        in_transaction(lambda: reverse(original, reason="mistake", actor=stranger))
