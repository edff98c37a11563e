"""Whole months: how far back a limit reaches, and which months lie before a day."""

from calendar import monthrange
from datetime import date, timedelta

FEWEST = 6  # months that history is kept at the least, and as long as nobody says otherwise


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of that month when it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def last_of(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def month_after(day: date) -> date:
    """The first day of the month that follows."""
    return last_of(day) + timedelta(days=1)
