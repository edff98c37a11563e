"""What the shop took in and gave, over all time or some days: closed days as they were frozen, the others from rows.

Amounts are Decimals. `gross` is what was posted, `reversed` what was undone, `net` the rest: on the day of each. The
bonus that came with recharges is told beside them. Refunds and adjustments are net of their reversals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, or_, select, type_coerce, union_all

from app.core import clock
from app.core.actor import ActorKind
from app.core.days import DayClose, last_closed_day
from app.core.db import Money
from app.extensions import db
from app.ledger.frozen import total, transfer_lines
from app.ledger.models import DayPostings, DayTransfers, Hold, HoldStatus, Kind, Posting
from app.shop.models import Method

ZERO = Decimal(0)


class By(StrEnum):
    """What a period can be told by. A reversal counts with the kind that it undoes."""

    DAY = "day"
    STORE = "store"
    OPERATOR = "operator"
    METHOD = "method"
    KIND = "kind"
    CATEGORY = "category"
    HOUR = "hour"


_COLUMNS: Mapping[By, tuple[str, ...]] = {
    By.DAY: ("day",),
    By.STORE: ("store_id",),
    By.OPERATOR: ("operator_kind", "operator_id"),
    By.METHOD: ("method",),
    By.KIND: (),
    By.CATEGORY: ("category",),
    By.HOUR: ("hour",),
}
_AMOUNTS = ("amount", "principal", "bonus")
_FROZEN = (DayPostings.amount, DayPostings.principal, DayPostings.bonus)
_ONLINE = (Posting.amount, Posting.principal_change, Posting.bonus_change)


@dataclass(frozen=True, slots=True)
class Line:
    """Postings of one kind, and what was undone of them."""

    count: int = 0
    gross: Decimal = ZERO
    bonus: Decimal = ZERO
    reversed: Decimal = ZERO
    signed: Decimal = ZERO  # by how much all of it raised the principal

    @property
    def net(self) -> Decimal:
        return self.gross - self.reversed

    def __add__(self, other: "Line") -> "Line":
        return Line(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done, by kind. Kinds that did not occur are empty lines."""

    lines: Mapping[Kind, Line] = field(default_factory=dict)

    def of(self, kind: Kind) -> Line:
        return self.lines.get(kind, Line())

    def __add__(self, other: "Figures") -> "Figures":
        kinds = [*self.lines, *(kind for kind in other.lines if kind not in self.lines)]
        return Figures({kind: self.of(kind) + other.of(kind) for kind in kinds})

    @property
    def takings(self) -> Decimal:
        """Money that came in, less what was given back: recharges without their bonus, and sales, less refunds."""
        return self.of(Kind.RECHARGE).net + self.of(Kind.SALE).net - self.of(Kind.REFUND).net

    @property
    def consumed(self) -> Decimal:
        """What the shop gave for money: out of balances, and against payment at once. No recharge counts here."""
        return self.of(Kind.CONSUMPTION).net + self.of(Kind.SALE).net

    def as_json(self) -> dict[str, Any]:
        """The figures as programs get them."""
        recharge, consumption, sale = (self.of(kind) for kind in (Kind.RECHARGE, Kind.CONSUMPTION, Kind.SALE))
        refund, adjustment = self.of(Kind.REFUND), self.of(Kind.ADJUSTMENT)
        return {
            "recharge": _parts(recharge, "count", "gross", "bonus", "reversed", "net"),
            "consumption": _parts(consumption, "count", "gross", "reversed", "net"),
            "sale": _parts(sale, "count", "gross", "reversed", "net"),
            "refund": {"count": refund.count, "amount": refund.net},
            "adjustment": {"count": adjustment.count, "amount": adjustment.signed},
        }


@dataclass(frozen=True, slots=True)
class Which:
    """Which postings to add up; None: no limit. first, last: both days whole, but for what the hours say.

    first_hours, last_hours: which hours of the first and of the last day count. operator_id: of an administrator.
    """

    first: date | None = None
    last: date | None = None
    stores: frozenset[int] | None = None
    operator_id: int | None = None
    method: Method | None = None
    first_hours: frozenset[int] | None = None
    last_hours: frozenset[int] | None = None

    def conditions(self, model: Any, day: Any) -> list[Any]:
        """The same as conditions on a table of postings whose day stands in that column."""
        asked = [
            (self.first, lambda: day >= self.first),
            (self.last, lambda: day <= self.last),
            (self.stores, lambda: model.store_id.in_(sorted(self.stores or ()))),
            (self.operator_id, lambda: model.operator_kind == ActorKind.STAFF),
            (self.operator_id, lambda: model.operator_id == self.operator_id),
            (self.method, lambda: model.method == self.method),
            (self.first_hours, lambda: or_(day > self.first, model.hour.in_(sorted(self.first_hours or ())))),
            (self.last_hours, lambda: or_(day < self.last, model.hour.in_(sorted(self.last_hours or ())))),
        ]
        return [condition() for limit, condition in asked if limit is not None]


class Raised(NamedTuple):
    """By how much the customers' wallets rose together."""

    principal: Decimal
    bonus: Decimal


@dataclass(frozen=True, slots=True)
class AllTime:
    """Everything since the first day, and what is owed to customers now."""

    as_of: datetime
    figures: Figures
    principal: Decimal
    bonus: Decimal
    held: Decimal


def all_time() -> AllTime:
    """The totals of the whole house, exact at this moment."""
    lines = _lines(Which()).subquery()
    as_of = clock.now()
    rows = db.session.execute(select(*lines.c, type_coerce(_held(), Money).label("held"))).all()
    return AllTime(
        as_of,
        _figures(rows),
        principal=sum((row.principal for row in rows), ZERO),
        bonus=sum((row.bonus for row in rows), ZERO),
        held=rows[0].held if rows else ZERO,
    )


def _held() -> Any:
    return select(total(Hold.principal + Hold.bonus)).where(Hold.status == HoldStatus.OPEN).scalar_subquery()


def held_now() -> Decimal:
    """What is set aside in all wallets together."""
    return db.session.scalar(select(type_coerce(_held(), Money))) or ZERO


def raised(which: Which) -> Raised:
    """By how much these postings raised the customers' wallets, principal and bonus apart."""
    lines = _lines(which).subquery()
    row = db.session.execute(select(*(total(lines.c[name]) for name in Raised._fields))).one()
    return Raised(*row)


def period(first: date, last: date, **limits: Any) -> Figures:
    """What was done from the first to the last day, both whole. limits: as `Which` takes them."""
    return added_up(Which(first, last, **limits))


def added_up(which: Which) -> Figures:
    """The figures of these postings."""
    return told_apart(which, None).get((), Figures())


def by_group(first: date, last: date, by: By | None, **limits: Any) -> dict[tuple[Any, ...], Figures]:
    """The figures of a period, told apart by something: see `told_apart`. limits: as `Which` takes them."""
    return told_apart(Which(first, last, **limits), by)


def told_apart(which: Which, by: By | None) -> dict[tuple[Any, ...], Figures]:
    """The figures of these postings, told apart by something: the values of its columns are the key.

    By.KIND has the kind as its key, By.OPERATOR the kind of actor and his number.
    """
    names = _COLUMNS[by] if by else ()
    groups: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in db.session.execute(_lines(which, *names)):
        key = (row.reverses_kind or row.kind,) if by is By.KIND else tuple(row[: len(names)])
        groups.setdefault(key, []).append(row)
    return {key: _figures(rows) for key, rows in groups.items()}


def house_balances() -> dict[str, Decimal]:
    """What stands on each account of the house, by its code; all wallets of a purse count as one account."""
    closed = last_closed()
    frozen = select(DayTransfers.debit, DayTransfers.credit, DayTransfers.amount)
    rows = transfer_lines(*_after(closed)).subquery()
    both = union_all(
        frozen.where(DayTransfers.day <= (closed or date.min)), select(rows.c.debit, rows.c.credit, rows.c.amount)
    ).subquery()
    ask = select(both.c.debit, both.c.credit, total(both.c.amount).label("amount")).group_by(
        both.c.debit, both.c.credit
    )
    balances: dict[str, Decimal] = {}
    for debit, credit, amount in db.session.execute(ask):
        balances[debit] = balances.get(debit, ZERO) - amount
        balances[credit] = balances.get(credit, ZERO) + amount
    return balances


def first_day() -> date | None:
    """The first day that the books know of; None when nothing was ever posted and no day closed."""
    firsts = select(func.min(DayClose.day)).union_all(select(func.min(Posting.business_date)))
    return min((day for day in db.session.scalars(firsts) if day is not None), default=None)


def last_closed() -> date | None:
    """The last day whose totals are frozen.

    Asked before the totals themselves, so that the planner knows it. If a day closes in between, its rows are read
    instead of its frozen lines: the totals are the same.
    """
    return db.session.scalar(select(last_closed_day()))


def _lines(which: Which, *by: str) -> Any:
    """Sums of closed days as they were frozen, and of the rows of the others, told apart by kind and these columns."""
    closed = last_closed()
    names = (*by, "kind", "reverses_kind")
    frozen = _sums(DayPostings, DayPostings.day, names, func.sum(DayPostings.postings), *_FROZEN)
    online = _sums(Posting, Posting.business_date, names, func.count(), *_ONLINE)
    return union_all(
        frozen.where(DayPostings.day <= (closed or date.min), *which.conditions(DayPostings, DayPostings.day)),
        online.where(*_after(closed), *which.conditions(Posting, Posting.business_date)),
    )


def _after(closed: date | None) -> list[Any]:
    return [] if closed is None else [Posting.business_date > closed]


def _sums(model: Any, day: Any, names: Sequence[str], postings: Any, *amounts: Any) -> Select[Any]:
    """amounts: as in _AMOUNTS."""
    columns = [(day if name == "day" else getattr(model, name)).label(name) for name in names]
    sums = (total(amount).label(name) for name, amount in zip(_AMOUNTS, amounts, strict=True))
    return select(*columns, postings.label("postings"), *sums).group_by(*columns)


def _figures(rows: Sequence[Row[Any]]) -> Figures:
    lines: dict[Kind, Line] = {}
    for row in rows:
        is_reversal = row.kind is Kind.REVERSAL
        kind = row.reverses_kind if is_reversal else row.kind
        line = lines.get(kind, Line())
        lines[kind] = Line(
            count=line.count + (0 if is_reversal else int(row.postings)),
            gross=line.gross + (ZERO if is_reversal else row.amount),
            bonus=line.bonus + (ZERO if is_reversal else row.bonus),
            reversed=line.reversed + (row.amount if is_reversal else ZERO),
            signed=line.signed + row.principal,
        )
    return Figures(lines)


def _parts(line: Line, *names: str) -> dict[str, Any]:
    return {name: getattr(line, name) for name in names}
