"""A connection that is lost at a bad moment: what was read is answered, and the next request gets another."""

import pytest
from sqlalchemy import NullPool, create_engine, text

from app.core.db import is_postgresql
from app.extensions import db

OWN = text("SELECT pg_backend_pid()")
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
