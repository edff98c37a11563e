"""`flask ledger verify` finds what somebody changed behind the ledger's back, and names it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, text

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction, is_postgresql
from app.extensions import db
from app.ledger.operations import consume, hold, open_wallet, recharge, reverse
from app.ledger.proofs import prove_all, verify
from app.shop.models import Method

SOMEBODY = Actor.system("test")
FIRST = 71

TAMPERING = {
    "a balance": ("UPDATE ledger_account SET balance = balance + 1 WHERE customer_id = 71", "chains"),
    "a held amount": ("UPDATE ledger_account SET held = held + 1 WHERE customer_id = 71", "holds"),
    "an amount": ("UPDATE transfer SET amount = amount + 1 WHERE posting_id = 1", "chains"),
    "an amount and what is left": (
        "UPDATE transfer SET amount = amount + 1, balance_after = balance_after + 1 WHERE posting_id = 2",
        "chains",
    ),
    "the amount of a posting": ("UPDATE posting SET amount = amount + 1 WHERE id = 3", "postings"),
    "what a posting changed": ("UPDATE posting SET bonus_change = bonus_change + 1 WHERE id = 3", "postings"),
    "an open day's posting that does not say what it changed": (
        "UPDATE posting SET principal_change = NULL, bonus_change = NULL WHERE id = 3",
        "postings",
    ),
    "a lost transfer": ("DELETE FROM transfer WHERE posting_id = 2", "postings"),
    "a lost receipt": ("DELETE FROM receipt WHERE posting_id = 2", "links"),
    "another receipt number": ("UPDATE receipt SET receipt_no = '99999999' WHERE posting_id = 2", "links"),
    "a lost reversal": ("DELETE FROM reversal", "links"),
    "a lost command": ("DELETE FROM command WHERE id = (SELECT command_id FROM posting WHERE id = 2)", "links"),
    "a lost record": (
        "DELETE FROM operation_record WHERE object_type = 'posting' AND object_id = 2",
        "links",
    ),
    "a swapped customer": ("UPDATE posting SET customer_id = 72 WHERE id = 1", "postings"),
}


@pytest.fixture(scope="module")
def ledger(own_house):
    """A small ledger of two customers: paid in, spent, reversed, held."""
    for customer in (FIRST, FIRST + 1):
        in_transaction(lambda customer=customer: open_wallet(customer, actor=SOMEBODY).id)
        _paid_in(customer, "50.00")
    in_transaction(lambda: consume(FIRST, Decimal("20.00"), store_id=1, actor=SOMEBODY))
    mistake = _paid_in(FIRST, "5.00")
    in_transaction(lambda: reverse(mistake, reason="twice", actor=SOMEBODY))
    until = clock.now() + timedelta(hours=1)
    in_transaction(lambda: hold(FIRST, Decimal("7.00"), expires_at=until, store_id=1, actor=SOMEBODY).id)
    return own_house


def _paid_in(customer: int, amount: str) -> int:
    return in_transaction(
        lambda: recharge(customer, Decimal(amount), method=Method.CASH, store_id=1, actor=SOMEBODY).id
    )


@contextmanager
def tampered(statement: str) -> Iterator[Connection]:
    """A connection that sees what somebody has done who can switch the triggers off; undone afterwards."""
    with db.engine.connect() as connection:
        if is_postgresql():
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(statement))
        else:
            guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
            for name, _ in guards:
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(text(statement))
            for _, sql in guards:
                connection.execute(text(sql))
        yield connection
        connection.rollback()


def test_a_ledger_that_nobody_touched_holds(ledger):
    assert {proof.name: proof.found for proof in verify() if not proof.holds} == {}


@pytest.mark.parametrize("what", TAMPERING)
def test_one_change_behind_its_back_is_found_and_named(ledger, what):
    statement, proof_name = TAMPERING[what]

    with tampered(statement) as connection:
        failed = {proof.name: proof for proof in prove_all(connection) if not proof.holds}

    assert proof_name in failed
    assert failed[proof_name].found[0].where.split()[1]


def test_a_missing_trigger_is_found(ledger):
    on_table = " ON posting" if is_postgresql() else ""
    with db.engine.connect() as connection:
        connection.execute(text(f"DROP TRIGGER posting_keeps_rows{on_table}"))
        failed = [proof.name for proof in prove_all(connection) if not proof.holds]
        connection.rollback()

    assert failed == ["guards"]


def test_the_command_answers_0_and_then_1_with_the_place(ledger):
    runner = ledger.test_cli_runner()
    assert runner.invoke(args=["ledger", "verify"]).exit_code == 0

    db.session.execute(text(TAMPERING["a balance"][0]))
    db.session.commit()
    answer = runner.invoke(args=["ledger", "verify", "--json"])

    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert told["holds"] is False
    (chains,) = [proof for proof in told["proofs"] if proof["name"] == "chains"]
    assert chains["found"][0]["where"].startswith("wallet ")
