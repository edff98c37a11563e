"""Questions that PostgreSQL plans once for a connection, and keeps over the rollback that ends whatever only reads."""

import pytest
from sqlalchemy import literal, select, text
from sqlalchemy.exc import DBAPIError

from app.core.connections import PLANNED_ONCE
from app.core.db import is_postgresql
from app.extensions import db

KEPT = text("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
SEVEN = select(literal(7).label("seven"))


@pytest.fixture
def connection(app):
    if not is_postgresql():
        pytest.skip("SQLite keeps every statement of a connection by itself")
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as one:
        yield one


def kept(connection):
    return dict(connection.execute(KEPT).all())


def ask(connection):
    assert connection.scalar(SEVEN.execution_options(**PLANNED_ONCE)) == 7


def test_what_is_asked_for_is_planned_once_and_a_rollback_does_not_forget_it(connection):
    for _ in range(3):
        ask(connection)
        connection.rollback()
    assert [count for statement, count in kept(connection).items() if "seven" in statement] == [3]


def test_any_other_question_is_planned_for_its_values_each_time(connection):
    for _ in range(20):
        assert connection.scalar(SEVEN) == 7
    assert kept(connection) == {}


def test_a_failed_transaction_is_rolled_back_as_ever(connection):
    ask(connection)
    with pytest.raises(DBAPIError):
        connection.execute(text("SELECT 1 / 0"))
    connection.rollback()
    ask(connection)
    connection.rollback()
    ask(connection)
