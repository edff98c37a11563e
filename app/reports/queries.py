"""What of the totals an actor gets: "today only" is kept here, for pages, programs and charts alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import N_, Invalid
from app.extensions import db
from app.ledger import totals
from app.ledger.models import Kind
from app.ledger.queries import Reach, reach_of
from app.ledger.totals import By, Figures, Which
from app.shop.models import Method
from app.shop.queries import all_stores, store_to_look_at
from app.staff.models import Staff
from app.staff.queries import NOBODY, number_of

HOURS = range(24)


@dataclass(frozen=True)
class Asked:
    """What somebody asks for. from_hour, to_hour: the first hour of the first day and the last one of the last day.

    store: its code. operator: a user name. None: no limit.
    """

    first: date | None = None
    last: date | None = None
    from_hour: int | None = None
    to_hour: int | None = None
    store: str | None = None
    operator: str | None = None
    method: Method | None = None


class Period(NamedTuple):
    """What he gets. is_clamped: he sees nothing but today, whatever he asked for."""

    first: date
    last: date
    is_clamped: bool
    which: Which


class Group(NamedTuple):
    """One group of a period. key: what programs call it; None for what nobody of the staff did, or has none."""

    key: Any
    figures: Figures


@dataclass
class Report:
    """A period, its figures, and the same told apart. by: by what; None when it is not told apart."""

    period: Period
    figures: Figures
    by: By | None = None
    groups: list[Group] = field(default_factory=list)


def period_for(asked: Asked, *, actor: Actor) -> Period:
    """The period that the actor gets for what he asks. Raises Invalid(store=...) for a store that he has not."""
    reach = reach_of(actor)
    first, last = _days(asked, reach)
    first_hours, last_hours = _hours(asked.from_hour, is_from=True), _hours(asked.to_hour, is_from=False)
    if first == last and first_hours and last_hours and not first_hours & last_hours:
        raise Invalid(from_hour=N_("This lies after the end of the range."))
    which = Which(
        first,
        last,
        stores=_stores(asked, reach, actor),
        operator_id=_operator(asked, reach),
        method=asked.method,
        first_hours=first_hours,
        last_hours=last_hours,
    )
    return Period(first, last, not reach.is_whole, which)


def report(asked: Asked, by: By | None, *, actor: Actor) -> Report:
    """What was done in the period that the actor gets. Raises Invalid(store=...)."""
    period = period_for(asked, actor=actor)
    if by is None:
        return Report(period, totals.added_up(period.which))
    groups = groups_of(totals.told_apart(period.which, by), by)
    return Report(period, sum((group.figures for group in groups), Figures()), by, groups)


def operators_in(period: Period) -> list[str]:
    """Who did anything in these days and stores: the user names to choose from."""
    found = totals.told_apart(replace(period.which, operator_id=None), By.OPERATOR)
    return [group.key for group in groups_of(found, By.OPERATOR) if group.key is not None]


def groups_of(found: Mapping[tuple[Any, ...], Figures], by: By) -> list[Group]:
    """Groups under the names that programs know, in their order; those of one name are one."""
    named: dict[Any, Figures] = {}
    name_of = _NAMES.get(by, _plain)(found)
    for key, figures in found.items():
        named[name_of[key]] = named.get(name_of[key], Figures()) + figures
    order = _ORDERS.get(by, str)
    return [Group(key, named[key]) for key in sorted(named, key=lambda key: (key is None, order(key)))]


def _days(asked: Asked, reach: Reach) -> tuple[date, date]:
    if not reach.is_whole:
        return reach.today, reach.today
    last = asked.last or max(asked.first or reach.today, reach.today)
    return asked.first or min(totals.first_day() or last, last), last


def _stores(asked: Asked, reach: Reach, actor: Actor) -> frozenset[int] | None:
    within = None if reach.is_whole else reach.stores
    if asked.store is None:
        return within
    # Who sees everything may ask about every store, as in the list of postings.
    found = store_to_look_at(asked.store, actor=replace(actor, stores=within))
    return frozenset({found.id})


def _operator(asked: Asked, reach: Reach) -> int | None:
    own = None if reach.is_whole else reach.operator_id
    if asked.operator is None:
        return own
    found = number_of(asked.operator)
    return found if own in (None, found) else NOBODY


def _hours(hour: int | None, *, is_from: bool) -> frozenset[int] | None:
    """The hours of a business day from or up to that one; its first hour is the one in which the day starts."""
    if hour is None:
        return None
    ranked = sorted(HOURS, key=_hour_rank)
    place = ranked.index(hour)
    return frozenset(ranked[place:] if is_from else ranked[: place + 1])


def _plain(keys: Any) -> dict[Any, Any]:
    return {key: key[0] for key in keys}


def _store_codes(keys: Any) -> dict[Any, str]:
    codes = {store.id: store.code for store in all_stores()}
    return {key: codes[key[0]] for key in keys}


def _usernames(keys: Any) -> dict[Any, str | None]:
    ids = {number for kind, number in keys if kind is ActorKind.STAFF}
    rows = db.session.execute(select(Staff.id, Staff.username).where(Staff.id.in_(ids)))
    names = {row.id: row.username for row in rows}
    return {key: names.get(key[1]) if key[0] is ActorKind.STAFF else None for key in keys}


_NAMES: Mapping[By, Any] = {By.STORE: _store_codes, By.OPERATOR: _usernames}
_METHODS, _KINDS = list(Method), list(Kind)


def _hour_rank(hour: int) -> int:
    return (hour - int(clock.shop_clock().day_start.total_seconds() // 3600)) % 24


_ORDERS: Mapping[By, Any] = {
    By.METHOD: lambda key: _METHODS.index(key) if key else -1,
    By.KIND: lambda key: _KINDS.index(key) if key else -1,
    By.HOUR: _hour_rank,
}
