"""Figures of days, where closed ones are added up once: they never change, so that they are kept under their seal.

The seal of the last closed day covers all days before it. Another database, or one that was restored, has another
seal, and nothing that is kept here is ever told of it.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.core.days import DayClose, DayState
from app.extensions import db
from app.ledger.frozen import total
from app.ledger.models import DayPostings, Kind, Posting
from app.ledger.totals import Figures, Line, Raised, Which

MOST = 64
# What the overview tells days apart by.
KEYS = ("store_id", "method", "hour")


class Sealed(NamedTuple):
    """The last closed day."""

    day: date
    seal: str


def last_sealed() -> Sealed | None:
    """The last closed day, with the seal that covers it and all days before it."""
    ask = select(DayClose.day, DayClose.seal).where(DayClose.state == DayState.CLOSED)
    row = db.session.execute(ask.order_by(DayClose.day.desc()).limit(1)).one_or_none()
    return Sealed(row.day, row.seal or "") if row else None


@lru_cache(MOST)
def closed_by_day(sealed: Sealed, first: date) -> Mapping[date, Figures]:
    """The figures of every closed day from that one on."""
    return {key[0]: figures for key, figures in _frozen(sealed, first, ("day",)).items()}


@lru_cache(MOST)
def closed_parts(sealed: Sealed, first: date) -> Mapping[tuple[Any, ...], Figures]:
    """The figures of the closed days from that one on together, told apart by KEYS."""
    return _frozen(sealed, first, KEYS)


@lru_cache(MOST)
def owed_when_closed(sealed: Sealed) -> Raised:
    """What the customers had together when the last closed day ended."""
    sums = (total(DayPostings.principal), total(DayPostings.bonus))
    return Raised(*db.session.execute(select(*sums).where(DayPostings.day <= sealed.day)).one())


def open_parts(after: date | None) -> Mapping[tuple[Any, ...], Figures]:
    """The figures of the days after that one, told apart by day and KEYS. None: of all days."""
    names = ("business_date", *KEYS)
    conditions = [] if after is None else [Posting.business_date > after]
    return _added_up(Posting, names, func.count(), *conditions)


def parts_of(which: Which) -> Mapping[tuple[Any, ...], Figures]:
    """The figures of these postings, of days that are open, told apart by KEYS."""
    return _added_up(Posting, KEYS, func.count(), *which.conditions(Posting, Posting.business_date))


def _frozen(sealed: Sealed, first: date, keys: tuple[str, ...]) -> dict[tuple[Any, ...], Figures]:
    between = (DayPostings.day >= first, DayPostings.day <= sealed.day)
    return _added_up(DayPostings, keys, func.sum(DayPostings.postings), *between)


def _added_up(model: Any, keys: tuple[str, ...], count: Any, *conditions: Any) -> dict[tuple[Any, ...], Figures]:
    """How many postings, and their amounts. What they did to wallets is not asked: it would cost most of all."""
    columns = [getattr(model, name) for name in keys]
    kinds = (model.kind, model.reverses_kind)
    ask = select(*columns, *kinds, count, total(model.amount)).where(*conditions)
    found: dict[tuple[Any, ...], Figures] = {}
    for *key, kind, reverses_kind, postings, amount in db.session.execute(ask.group_by(*columns, *kinds)):
        found[tuple(key)] = found.get(tuple(key), Figures()) + figures_of(kind, reverses_kind, postings, amount)
    return found


def figures_of(kind: Kind, reverses_kind: Kind | None, postings: int, amount: Any) -> Figures:
    """The figures of postings of one kind, or of reversals of one kind."""
    if kind is not Kind.REVERSAL:
        return Figures({kind: Line(count=int(postings), gross=amount)})
    return Figures({reverses_kind or kind: Line(reversed=amount)})
