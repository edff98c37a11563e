"""Closing a day, in two short steps: it is barred, and when its totals have been worked out it is sealed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, text

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.days import ONE_DAY, DayClose, DayState, last_barred
from app.core.db import is_postgresql
from app.core.errors import N_, Invalid
from app.extensions import db
from app.ledger.frozen import Line
from app.ledger.models import DayPostings, DayTransfers
from app.ledger.seals.digest import Sealed
from app.ledger.seals.keys import SealKey

# Who waits for a lock makes everybody behind him wait too: not longer than this, then he steps back.
SHORT_WAIT = text("SET LOCAL lock_timeout = '400ms'")
WAIT_FOR_WRITERS = text("LOCK TABLE posting, operation_record IN SHARE ROW EXCLUSIVE MODE")


def bar_day(day: date, *, actor: Actor) -> None:
    """From the end of this transaction on nothing can be written into the day. Says so in no record: closing does.

    On PostgreSQL it waits until nobody is writing, and Unavailable is raised when that takes too long: try again.
    Raises Invalid when the day has not ended, or when the day before it is not barred.
    """
    if day >= clock.today():
        raise Invalid(day=N_("The day has not ended."))
    if is_postgresql():
        db.session.execute(SHORT_WAIT)
        db.session.execute(WAIT_FOR_WRITERS)
    last = db.session.scalar(select(last_barred()))
    if last is not None and day <= last:
        return
    if last is not None and day != last + ONE_DAY:
        raise Invalid(day=N_("Days are closed in their order."))
    db.session.execute(insert(DayClose).values(day=day, state=DayState.CLOSING, barred_at=clock.now()))


def close_day(
    day: date,
    frozen: tuple[Sequence[Line], Sequence[Line]],
    sealed: Sealed,
    previous: str | None,
    *,
    key: SealKey,
    actor: Actor,
) -> bool:
    """Keep the totals of a barred day and its seal for ever. False when somebody else has closed it meanwhile."""
    closing = db.session.get(DayClose, day, with_for_update=True, populate_existing=True)
    if closing is None or closing.state is DayState.CLOSED:
        return False
    for model, lines in zip((DayPostings, DayTransfers), frozen, strict=True):
        insert_rows(model.__table__, [{"day": day, **line} for line in lines])  # type: ignore[attr-defined]
    closing.state, closing.closed_at = DayState.CLOSED, clock.now()
    closing.postings, closing.transfers, closing.records = sealed.postings, sealed.transfers, sealed.records
    closing.previous_seal, closing.seal = previous, sealed.seal
    closing.signature, closing.key_id, closing.public_key = key.sign(day, sealed.seal), key.id, key.public
    db.session.flush()
    changes = {"day": (None, day), "seal": (None, sealed.seal), "postings": (None, sealed.postings)}
    record("ledger.close-day", "day", None, actor=actor, changes=changes)
    return True
