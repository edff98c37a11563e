"""History cannot be changed, not even by hand: the triggers of both databases refuse."""

# ruff: noqa: S608 - the tables are named here
import itertools

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.audit.operations import record
from app.core.commands import Request, execute
from app.core.db import in_transaction, is_postgresql
from app.extensions import db
from app.ledger.operations import open_wallet, recharge, reverse
from app.ledger.proofs.guards import APPEND_ONLY, ONLY_ERASED, missing_guards
from app.shop.models import Method
from tests.conftest import yuan

_numbers = itertools.count(70_000_000)


@pytest.fixture
def history(app, owner):
    """A row in each table that is only ever added to."""
    customer_id = next(_numbers)

    def post() -> dict[str, int]:
        open_wallet(customer_id, actor=owner)
        posted = recharge(customer_id, yuan("5.00"), method=Method.CASH, store_id=1, actor=owner)
        reverse(posted.id, reason="a mistake", actor=owner)
        record("test.done", "test", 1, actor=owner, personal={"name": ("Li", "Wang")})
        return {}

    execute(Request("test", f"history-{customer_id}", {}), post)


def refuse(statement: str) -> str:
    db.session.rollback()
    with pytest.raises(DBAPIError) as refused:
        db.session.execute(text(statement))
    db.session.rollback()
    return str(refused.value.orig)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_of_history_cannot_be_changed(history, table):
    column = next(name["name"] for name in inspect(db.engine).get_columns(table))
    assert "append-only" in refuse(f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_of_history_cannot_be_deleted(history, table):
    assert "append-only" in refuse(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_cannot_be_emptied_at_once(history, table):
    everything = f"TRUNCATE {table} CASCADE" if is_postgresql() else f"DELETE FROM {table}"  # SQLite has no TRUNCATE
    assert "append-only" in refuse(everything)


@pytest.mark.parametrize("table", ONLY_ERASED)
def test_what_a_record_says_of_a_person_may_be_erased_and_nothing_else(history, table):
    assert "emptied" in refuse(f"UPDATE {table} SET changes = '{{}}'")
    assert "emptied" in refuse(f"UPDATE {table} SET salt = 'x', changes = NULL")
    assert refuse(f"DELETE FROM {table}")
    newest = f"(SELECT max(record_id) FROM {table})"
    in_transaction(lambda: db.session.execute(text(f"UPDATE {table} SET changes = NULL WHERE record_id = {newest}")))


def test_the_start_looks_for_every_trigger_that_guards(app):
    with db.engine.connect() as connection:
        assert missing_guards(connection) == []
