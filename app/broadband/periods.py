"""Which days a payment pays for: whole months, each beginning on the anchor day where the month has it. Pure.

The anchor is the day of the month on which somebody's months began. The 31st gives 31 January, 28 February, 31 March:
a short month moves one beginning, not all that follow.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days that are paid, the first and the last counted. anchor: the day on which the months after it begin."""

    start: date
    end: date
    anchor: int


def next_period(
    months: int, *, stop_date: date | None, anchor: int | None, today: date, continues: bool = False
) -> Period:
    """The period that a payment made today pays for.

    It follows what is paid without a gap and without a day paid twice; where nothing is paid any more it begins
    today. months: one or more. anchor: of the months before, if there were any. continues: it follows what was paid
    also when that is over.
    """
    after = today if stop_date is None else stop_date + ONE_DAY
    start = after if continues else max(today, after)
    return period(start, months, _anchor(start, anchor))


def period(start: date, months: int, anchor: int) -> Period:
    """So many months from a day that begins one of them."""
    return Period(start, beginning_after(start, months, anchor) - ONE_DAY, anchor)


def beginning_after(start: date, months: int, anchor: int) -> date:
    """The day on which the month begins that comes so many months after the one that begins on `start`."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(anchor, _length(year, month + 1)))


def days_left(stop_date: date, today: date) -> int:
    """How many days are paid after today; below zero, how many days ago the last one was."""
    return (stop_date - today).days


def frozen_days(
    suspended_on: date, until: date, stop_date: date | None, *, least: int = 0, most: int | None = None
) -> int:
    """The paid days that a suspension kept from its customer: from its first day up to the one before `until`.

    least: a shorter one counts for nothing. most: of a longer one no more days count.
    """
    if stop_date is None or stop_date < suspended_on:
        return 0  # nothing was paid that could be kept
    kept = max(0, (until - suspended_on).days)
    if kept < least:
        return 0
    return kept if most is None else min(kept, most)


def _anchor(start: date, former: int | None) -> int:
    """The former anchor, as long as this month still begins on it; days that were frozen or not paid move it."""
    if former is not None and start.day == min(former, _length(start.year, start.month)):
        return former
    return start.day


def _length(year: int, month: int) -> int:
    return monthrange(year, month)[1]
