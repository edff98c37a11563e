"""The owner's overview: today, the last days, and what is owed; of closed days as they were frozen, and of today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.core import days
from app.core.actor import Actor
from app.ledger import totals
from app.ledger.totals import By, Figures, Which
from app.reports import remembered
from app.reports.queries import Asked, Group, groups_of, period_for

PARTS = (By.STORE, By.METHOD, By.HOUR)
SPANS = (30, 180)
PARTS_OF_DAYS = 30  # by store, method and hour: of a month, whatever the length of the trend


class Owed(NamedTuple):
    """What the customers had, all together, when that day ended; None: have now. held: of it, set aside now."""

    principal: Decimal
    bonus: Decimal
    held: Decimal
    ended_on: date | None


@dataclass(frozen=True)
class Board:
    """What the overview shows. trend: every day, those on which nothing was posted too. parts: of the last 30 days."""

    today: date
    figures: Figures
    trend: list[Group]
    parts: Mapping[By, list[Group]]
    owed: Owed


def board(span: int) -> Board:
    """The overview with a trend of so many days, today the last of them."""
    today = days.today()
    first, first_of_parts = today - timedelta(span - 1), today - timedelta(PARTS_OF_DAYS - 1)
    sealed = remembered.last_sealed()
    by_day = dict(remembered.closed_by_day(sealed, first)) if sealed else {}
    by_part = dict(remembered.closed_parts(sealed, first_of_parts)) if sealed else {}
    for (day, *parts), figures in remembered.open_parts(sealed.day if sealed else None).items():
        by_day[day] = by_day.get(day, Figures()) + figures
        if day >= first_of_parts:
            by_part[tuple(parts)] = by_part.get(tuple(parts), Figures()) + figures
    shown = [first + timedelta(number) for number in range(span)]
    return Board(
        today,
        by_day.get(today, Figures()),
        [Group(day, by_day.get(day, Figures())) for day in shown],
        {by: groups_of(_only(by_part, place), by) for place, by in enumerate(PARTS)},
        _owed(sealed),
    )


@dataclass(frozen=True)
class Today:
    """What was done today, and the same by method and by hour."""

    figures: Figures
    parts: Mapping[By, list[Group]]


def today_of(actor: Actor) -> Today:
    """What was done today, as far as it is within the actor's reach."""
    today = days.today()
    found = remembered.parts_of(period_for(Asked(first=today, last=today), actor=actor).which)
    parts: dict[By, list[Group]] = {
        by: groups_of(_only(found, place), by) for place, by in enumerate(PARTS) if by is not By.STORE
    }
    return Today(sum(found.values(), Figures()), parts)


def _only(found: Mapping[tuple[Any, ...], Figures], place: int) -> dict[tuple[Any, ...], Figures]:
    """The same told apart by one thing of KEYS alone."""
    told: dict[tuple[Any, ...], Figures] = {}
    for key, figures in found.items():
        told[(key[place],)] = told.get((key[place],), Figures()) + figures
    return told


def _owed(sealed: remembered.Sealed | None) -> Owed:
    """Of a house with closed days what was owed when the last of them ended: that is frozen, and costs nothing."""
    principal, bonus = remembered.owed_when_closed(sealed) if sealed else totals.raised(Which())
    return Owed(principal, bonus, totals.held_now(), sealed.day if sealed else None)
