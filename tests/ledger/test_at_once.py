"""Many clerks at once: no posting lost, none twice, never below the floor; and one statement to write it."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select

from app.core.commands import Request, execute
from app.core.db import in_transaction
from app.core.errors import Refused
from app.extensions import db
from app.ledger.models import Account, Posting, Transfer
from app.ledger.operations import consume, recharge
from app.ledger.proofs import verify
from app.shop.models import Method

CLERKS = 16
ROUNDS = 12


def test_sixteen_clerks_on_one_customer_lose_nothing(house, new_wallet, wallet_of, count_postings, clerk):
    customer = new_wallet("40.00")
    outcomes: list[tuple[str, bool, bool]] = []

    def serve(number: int) -> None:
        with house.app_context():
            for turn in range(ROUNDS):
                outcomes.extend(_twice(customer, number, turn, clerk))
            db.session.remove()

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(CLERKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    applied = [kind for kind, is_refused, is_replay in outcomes if not is_refused and not is_replay]
    wallet = wallet_of(customer)
    expected = (
        Decimal("40.00") + applied.count("recharge") * Decimal("1.00") - applied.count("consumption") * Decimal("3.00")
    )
    assert len(outcomes) == CLERKS * ROUNDS * 2
    assert len(applied) + 1 == count_postings(customer) == wallet.seq
    assert wallet.balance == expected >= 0
    assert any(is_refused for _, is_refused, _ in outcomes)
    last = db.session.scalar(
        select(Transfer.balance_after).where(Transfer.wallet_id == wallet.id, Transfer.seq == wallet.seq)
    )
    assert last == wallet.balance


def _twice(customer: int, number: int, turn: int, actor) -> list[tuple[str, bool, bool]]:
    """The same request, sent twice under one key; every other one is a consumption."""
    kind = "consumption" if turn % 2 else "recharge"
    request = Request(f"staff:{customer}", f"{number}-{turn}", {"kind": kind})

    def work() -> dict:
        if kind == "recharge":
            posted = recharge(customer, Decimal("1.00"), method=Method.CASH, store_id=1, actor=actor)
        else:
            posted = consume(customer, Decimal("3.00"), store_id=1, actor=actor)
        return posted.answer()

    answers = [execute(request, work) for _ in range(2)]
    assert answers[0].answer == answers[1].answer
    assert answers[1].is_replay, answers
    return [(kind, answer.refusal is not None, answer.is_replay) for answer in answers]


def test_the_same_key_at_the_same_moment_posts_once(house, new_wallet, count_postings, clerk):
    customer = new_wallet("10.00")
    request = Request(f"staff:{customer}", "once", {"amount": "4.00"})
    answers = []

    def send() -> None:
        with house.app_context():
            answers.append(
                execute(request, lambda: consume(customer, Decimal("4.00"), store_id=1, actor=clerk).answer())
            )
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count_postings(customer) == 2
    assert sorted(answer.is_replay for answer in answers) == [False] + [True] * 7
    assert len({answer.answer["posting"]["id"] for answer in answers}) == 1


def test_a_frozen_refusal_stays_refused_when_the_money_has_come(new_wallet, clerk):
    customer = new_wallet("1.00")
    request = Request(f"staff:{customer}", "frozen", {})

    def work() -> dict:
        return consume(customer, Decimal("4.00"), store_id=1, actor=clerk).answer()

    first = execute(request, work)
    in_transaction(lambda: recharge(customer, Decimal("9.00"), method=Method.CASH, store_id=1, actor=clerk))
    second = execute(request, work)

    assert isinstance(first.refusal, Refused)
    assert (first.refusal.code, second.refusal.code) == ("insufficient-balance", "insufficient-balance")
    assert (first.is_replay, second.is_replay) == (False, True)


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_on_postgresql_a_posting_is_one_statement_between_begin_and_commit(app, new_wallet, clerk):
    customer = new_wallet("10.00")
    in_transaction(lambda: consume(customer, Decimal("1.00"), store_id=1, actor=clerk))
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not cursor.connection.autocommit:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        request = Request(f"staff:{customer}", "one statement", {})
        execute(request, lambda: consume(customer, Decimal("1.00"), store_id=1, actor=clerk).answer())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(seen) == 1
    assert seen[0].lstrip().startswith("WITH till AS")


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_on_postgresql_a_posting_takes_one_connection(app, new_wallet, clerk):
    customer = new_wallet("10.00")
    taken: list[object] = []

    def note(connection, record, holder):
        taken.append(connection)

    event.listen(db.engine, "checkout", note)
    try:
        in_transaction(lambda: consume(customer, Decimal("1.00"), store_id=1, actor=clerk))
    finally:
        event.remove(db.engine, "checkout", note)

    assert len(taken) == 1


def test_every_proof_holds_after_all_of_it(app):
    failed = {proof.name: proof.found for proof in verify() if not proof.holds}

    assert failed == {}
    assert db.session.scalar(select(func.count()).select_from(Posting)) > 100
    assert db.session.scalar(select(func.min(Account.held))) == 0
