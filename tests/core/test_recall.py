"""What is asked once for a page, and never answered from memory where something is written."""

import pytest
from sqlalchemy import event

from app.core.db import in_transaction
from app.core.recall import recalled
from app.extensions import db
from app.shop.operations import change_settings
from app.shop.queries import setting, settings


@pytest.fixture
def asked(app):
    """The questions about settings that the database was asked, as they come."""
    heard = []

    def note(_connection, _cursor, statement, *_more):
        if "FROM setting" in statement:
            heard.append(statement)

    db.session.rollback()
    event.listen(db.engine, "before_cursor_execute", note)
    yield heard
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_transaction_that_reads_asks_once(asked):
    for name in ("bonus_from", "balance_limit", "bonus_from"):
        setting(name)
    assert len(asked) == 1
    db.session.rollback()
    settings()
    assert len(asked) == 2


def test_who_writes_asks_each_time_and_sees_what_he_wrote(asked, owner):
    before = setting("shop_name")

    def rename() -> tuple[str, str]:
        first = setting("shop_name")
        change_settings({"shop_name": "Corner Shop"}, actor=owner)
        return first, setting("shop_name")

    assert in_transaction(rename) == (before, "Corner Shop")
    assert setting("shop_name") == "Corner Shop"
    in_transaction(lambda: change_settings({"shop_name": before}, actor=owner))
    assert setting("shop_name") == before


def test_answers_are_told_apart_by_what_was_asked(app):
    given = []

    @recalled
    def ask(*words: str, **named: str) -> str:
        given.append((words, named))
        return "".join((*words, *named.values()))

    db.session.rollback()
    assert [ask("a"), ask("b"), ask("a"), ask(word="c")] == ["a", "b", "a", "c"]
    assert len(given) == 3
