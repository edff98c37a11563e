"""A connection that is lost at a bad moment: what was read is answered, and the next request gets another."""

from datetime import datetime

import pytest
from sqlalchemy import NullPool, create_engine, text

from app.core import connections
from app.core.connections import before_it_begins, has_begun
from app.core.db import is_postgresql
from app.extensions import db

OWN = text("SELECT pg_backend_pid()")
LAST_ASKED = text("SELECT query_start FROM pg_stat_activity WHERE pid = :number")
END = text("SELECT pg_terminate_backend(:number, 5000)")


@pytest.fixture
def end(app):
    """Call it to have the server end the connection of that number."""
    if not is_postgresql():
        pytest.skip("SQLite has no connections that others could end")
    db.session.remove()
    db.engine.dispose()
    other = create_engine(db.engine.url, poolclass=NullPool)

    def end_one(number: int) -> None:
        with other.connect() as connection:
            assert connection.scalar(END, {"number": number})

    return end_one


def test_a_connection_that_breaks_after_the_last_question_changes_no_answer(end):
    former, session = db.session.scalar(OWN), db.session()
    end(former)
    db.session.remove()
    assert not session.in_transaction()
    assert db.session() is not session
    assert db.session.scalar(OWN) != former


def test_a_connection_that_broke_while_nobody_used_it_is_not_handed_out(end):
    former = db.session.scalar(OWN)
    db.session.remove()
    assert db.session.scalar(OWN) == former, "the one that was given back is handed out again"
    db.session.remove()
    end(former)
    assert db.session.scalar(OWN) != former


def test_a_connection_that_was_idle_for_long_is_asked_first_and_no_other(end, monkeypatch):
    with db.engine.connect() as mine:
        number = mine.scalar(OWN)
    with create_engine(db.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as other:

        def asked_at() -> datetime:
            return other.scalar(LAST_ASKED, {"number": number})

        before = asked_at()
        with db.engine.connect():
            assert asked_at() == before
        monkeypatch.setattr(connections, "IDLE_S", -1)
        with db.engine.connect():
            assert asked_at() > before


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_a_connection_that_would_commit_each_statement_is_not_handed_out(app):
    with db.engine.connect() as connection:
        former = connection.scalar(OWN)
        connection.rollback()
        connection.connection.driver_connection.autocommit = True
    with db.engine.connect() as connection:
        assert connection.scalar(OWN) != former
        assert not connection.connection.driver_connection.autocommit


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_what_looks_before_a_transaction_begins_nothing_and_leaves_nothing_behind(app):
    with db.engine.connect() as connection:
        with before_it_begins(connection):
            connection.scalar(OWN)
            assert not has_begun(connection)
        connection.scalar(OWN)
        assert has_begun(connection)
