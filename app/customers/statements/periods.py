"""The days that a statement is about. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app.core.errors import N_

ONE_DAY = timedelta(days=1)
USUAL_MONTHS = 6


class Period(NamedTuple):
    """Some days, both ends whole."""

    first: date
    last: date


class Preset(NamedTuple):
    """A period that people ask for often. label: a message."""

    label: str
    period: Period


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def usual(today: date) -> Period:
    """What is shown when nothing is asked for: the last six months."""
    return Period(months_before(today, USUAL_MONTHS), today)


def presets(today: date, since: date) -> Sequence[Preset]:
    """What is offered at a click. since: the customer's first day."""
    month = today.replace(day=1)
    before = (month - ONE_DAY).replace(day=1)
    return (
        Preset(N_("Today"), Period(today, today)),
        Preset(N_("This month"), Period(month, today)),
        Preset(N_("Last month"), Period(before, month - ONE_DAY)),
        Preset(N_("Six months"), usual(today)),
        Preset(N_("Everything"), Period(min(since, today), today)),
    )
