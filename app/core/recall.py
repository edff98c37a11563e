"""What a page asks of the database once, however many of its parts want to know it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.core.db import is_writing
from app.extensions import REPLICA, db, reads_replica

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
KEPT = "recalled"


def recalled(ask: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Ask once and answer the same until the transaction ends. Its answers must be values that nobody changes.

    Work of `in_transaction` always asks: it may have written since, or waited for a lock.
    """

    @wraps(ask)
    def answer(*given: Given.args, **named: Given.kwargs) -> Answer:
        if is_writing.get():
            return ask(*given, **named)
        kept: dict[Any, Any] = db.session().info.setdefault(KEPT, {})
        is_of_replica = reads_replica.get() and REPLICA in db.engines
        key = (ask, given, tuple(named.items()), is_of_replica)
        if key not in kept:
            kept[key] = ask(*given, **named)
        return kept[key]

    return answer


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(KEPT, None)
