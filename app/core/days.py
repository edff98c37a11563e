"""The days of the shop that are closed, or being closed, and the day that a fact of this moment belongs to.

A day is barred first: from then on nothing is written into it. Whatever the clock says, a new fact lands on a day
after the last barred one.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ScalarSelect, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import alongside, clock
from app.core.db import BigId, Model, UtcDateTime
from app.core.recall import recalled
from app.extensions import db

ONE_DAY = timedelta(days=1)
BARRED = "last_barred"


class DayState(StrEnum):
    """closing: barred, its totals are being frozen. closed: sealed."""

    CLOSING = "closing"
    CLOSED = "closed"


class DayClose(Model):
    """A day that has been barred, and its seal once it is closed. Days follow each other without a gap.

    postings, transfers, records: how many were sealed. seal: SHA-256 in hex (docs/seals.md); previous_seal: that
    of the day before; signature: Ed25519 in hex; key_id: of public_key, which checks it.
    """

    __tablename__ = "day_close"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (seal IS NOT NULL)", name="closed_is_sealed"),
        CheckConstraint("(state = 'closed') = (signature IS NOT NULL)", name="closed_is_signed"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[DayState]
    barred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    postings: Mapped[int | None] = mapped_column(BigId)
    transfers: Mapped[int | None] = mapped_column(BigId)
    records: Mapped[int | None] = mapped_column(BigId)
    previous_seal: Mapped[str | None] = mapped_column(String(64))
    seal: Mapped[str | None] = mapped_column(String(64))
    signature: Mapped[str | None] = mapped_column(String(128))
    key_id: Mapped[str | None] = mapped_column(String(16))
    public_key: Mapped[str | None] = mapped_column(String(64))


def last_barred() -> ScalarSelect[Any]:
    """The last day that nothing can be written into any more, as a part of a question."""
    return select(func.max(DayClose.day)).scalar_subquery()


def last_closed_day() -> ScalarSelect[Any]:
    """The last day whose totals are frozen, as a part of a question."""
    return select(func.max(DayClose.day)).where(DayClose.state == DayState.CLOSED).scalar_subquery()


alongside.ask_along(BARRED, last_barred)


def not_barred(instant: datetime, barred: date | None) -> date:
    """The business day of an instant, when `barred` is the last day that is barred."""
    day = clock.shop_clock().business_date(instant)
    return day if barred is None else max(day, barred + ONE_DAY)


def business_date(instant: datetime) -> date:
    """The business day that a fact of this instant is written into, asked in the present transaction."""
    return not_barred(instant, _last_barred())


@recalled
def _last_barred() -> date | None:
    came = alongside.told(BARRED)
    if came is not alongside.UNKNOWN:
        return came
    with db.session.no_autoflush:  # a question must not write what its caller is still putting together
        return db.session.scalar(select(last_barred()))


def today() -> date:
    """The day that facts of this moment are written into: the clock's, unless the clock was set back."""
    return business_date(clock.now())
