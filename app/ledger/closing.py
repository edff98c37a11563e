"""Closing the days that are over: in order, none before it has ended, each as often as it takes and once."""

import random
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from flask import current_app
from sqlalchemy import Connection, func, select

from app.audit.models import OperationRecord
from app.core import clock
from app.core.actor import Actor
from app.core.days import ONE_DAY, DayClose, last_closed_day
from app.core.db import consistent_view, in_transaction
from app.core.errors import Unavailable
from app.ledger.frozen import freeze
from app.ledger.models import Posting
from app.ledger.operations.days import bar_day, close_day
from app.ledger.seals.digest import seal_of
from app.ledger.seals.keys import SealKey

Answer = TypeVar("Answer")
PATIENCE = 600  # seconds that a long transaction, such as a take-over of customers, may keep a day open


def close_days(until: date | None = None, *, actor: Actor) -> list[date]:
    """Close every day that has ended and is not closed yet, in order. Which ones it closed.

    until: the last one to close. A run that was killed is taken up where it ended; days off are caught up with.
    Raises Unavailable when somebody is writing into the day all the time.
    """
    ended = clock.today() - ONE_DAY
    last = ended if until is None else min(until, ended)
    closed = []
    day = first_open_day()
    while day is not None and day <= last:
        patiently(partial(bar_day, day, actor=actor))
        if _close(day, actor):
            closed.append(day)
        day += ONE_DAY
    return closed


def first_open_day() -> date | None:
    """The first day that is not closed. None in a house where nothing was ever written down."""
    with consistent_view() as connection:
        closed = connection.scalar(select(last_closed_day()))
        if closed:
            return closed + ONE_DAY
        firsts = [connection.scalar(select(func.min(dated.business_date))) for dated in (Posting, OperationRecord)]
    return min((day for day in firsts if day), default=None)


def patiently(work: Callable[[], Answer]) -> Answer:
    """Do it in a transaction; while others are busy writing, try again."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            return in_transaction(work)
        except Unavailable:
            if time.monotonic() >= give_up_at:
                raise
        time.sleep(random.uniform(0.05, 0.3))  # noqa: S311


def _close(day: date, actor: Actor) -> bool:
    """Work out what the day was, with no lock and no time limit: it cannot change any more. Then keep it."""
    with consistent_view() as connection:
        frozen, previous = freeze(connection, day), _previous_seal(connection, day)
        sealed = seal_of(connection, day, previous, frozen)
    key = SealKey(current_app.config["SEAL_KEY"])
    return patiently(partial(close_day, day, frozen, sealed, previous, key=key, actor=actor))


def _previous_seal(connection: Connection, day: date) -> str | None:
    return connection.scalar(select(DayClose.seal).where(DayClose.day == day - ONE_DAY))
