"""What is looked at twice: of postings by their day, of reprints by the day on which they were printed.

Everything is read within the chosen days, by the indexes on the business day. Manual changes of prices are not among
it: nothing that the house sells has a price yet.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Text, and_, case, false, func, literal, or_, select, type_coerce

from app.audit.models import OperationRecord
from app.core.actor import ActorKind
from app.core.db import Money
from app.extensions import db
from app.ledger.models import Kind, Posting
from app.receipts.queries import PRINT
from app.shop.models import Store
from app.shop.queries import settings
from app.staff.models import Staff

FIRST_PRINT = '{"times_printed":[0,1]}'
NEAR = 10  # just below a limit: within its tenth part


class Watched(StrEnum):
    """What is looked at twice."""

    REVERSALS = "reversals"
    REFUNDS = "refunds"
    ADJUSTMENTS = "adjustments"
    AFTER_HOURS = "after-hours"
    JUST_BELOW = "just-below-limit"
    REPRINTS = "reprints"


def conditions() -> dict[Watched, ColumnElement[bool]]:
    """Which postings are of each kind, by the limits and the opening hours that are set now."""
    known = settings(("approval_reversals_above", "approval_adjustments_above", "opens_at", "closes_at"))
    return {
        Watched.REVERSALS: Posting.kind == Kind.REVERSAL,
        Watched.REFUNDS: Posting.kind == Kind.REFUND,
        Watched.ADJUSTMENTS: Posting.kind == Kind.ADJUSTMENT,
        Watched.AFTER_HOURS: outside(known["opens_at"], known["closes_at"]),
        Watched.JUST_BELOW: or_(
            _near(Kind.REVERSAL, known["approval_reversals_above"]),
            _near(Kind.ADJUSTMENT, known["approval_adjustments_above"]),
        ),
    }


def outside(opens_at: str, closes_at: str) -> ColumnElement[bool]:
    """The postings of hours in which the shops are closed, maybe after midnight; none while none are set."""
    if not opens_at or not closes_at or opens_at == closes_at:
        return false()
    opens, closes = int(opens_at), int(closes_at)
    is_early, is_late = Posting.hour < opens, Posting.hour >= closes
    return or_(is_early, is_late) if opens < closes else and_(is_early, is_late)


def _near(kind: Kind, limit: Decimal | None) -> ColumnElement[bool]:
    if limit is None:
        return false()
    size = _size()
    return and_(Posting.kind == kind, size <= limit, size > limit - limit / NEAR)


def _size() -> ColumnElement[Any]:
    """The amount without its sign."""
    return type_coerce(func.abs(Posting.amount), Money())


def by_clerk(first: date, last: date) -> Select[Any]:
    """One row for each clerk who posted or reprinted in those days."""
    made, printed = _postings(first, last), _reprints(first, last)
    times = {name: func.coalesce(made.c[name], 0).label(name) for name in ("postings", *_plain(conditions()))}
    reversed_half_up = (times["reversals"] * 200 + made.c.postings) // (made.c.postings * 2)  # whole percent
    share = case((made.c.postings > 0, reversed_half_up), else_=0)
    return (
        select(
            Staff.id.label("clerk_id"),
            Staff.username.label("clerk"),
            *times.values(),
            share.label("share"),
            *(made.c[name] for name in ("reversed_amount", "refunded_amount", "adjusted_amount")),
            func.coalesce(printed.c.reprints, 0).label("reprints"),
            literal(first, Date).label("first_day"),
            literal(last, Date).label("last_day"),
        )
        .outerjoin(made, made.c.clerk_id == Staff.id)
        .outerjoin(printed, printed.c.clerk_id == Staff.id)
        .where(or_(made.c.clerk_id.is_not(None), printed.c.clerk_id.is_not(None)))
    )


def _plain(known: dict[Watched, Any]) -> list[str]:
    return [each.name.lower() for each in known]


def _postings(first: date, last: date) -> Any:
    known = conditions()
    counts = [func.count(case((condition, 1))).label(each.name.lower()) for each, condition in known.items()]
    sums = [
        type_coerce(func.sum(case((known[each], _size()))), Money()).label(name)
        for each, name in (
            (Watched.REVERSALS, "reversed_amount"),
            (Watched.REFUNDS, "refunded_amount"),
            (Watched.ADJUSTMENTS, "adjusted_amount"),
        )
    ]
    is_theirs = (Posting.operator_kind == ActorKind.STAFF, Posting.business_date.between(first, last))
    ask = select(Posting.operator_id.label("clerk_id"), func.count().label("postings"), *counts, *sums)
    return ask.where(*is_theirs).group_by(Posting.operator_id).subquery()


def _reprints(first: date, last: date) -> Any:
    ask = select(OperationRecord.actor_id.label("clerk_id"), func.count().label("reprints"))
    return ask.where(*_reprinted(first, last)).group_by(OperationRecord.actor_id).subquery()


def _reprinted(first: date, last: date) -> tuple[Any, ...]:
    return (
        OperationRecord.business_date.between(first, last),
        OperationRecord.operation == PRINT,
        OperationRecord.actor_kind == ActorKind.STAFF,
        type_coerce(OperationRecord.changes, Text) != FIRST_PRINT,
    )


def rows(first: date, last: date, what: Watched | None, clerk_id: int | None) -> Select[Any]:
    """The postings behind a figure. A receipt that was reprinted several times stands there once."""
    ask = (
        select(
            Posting.id,
            Posting.receipt_no,
            Posting.posted_at,
            Posting.kind,
            Posting.amount,
            Posting.note,
            Staff.username.label("clerk"),
            Store.name.label("store"),
        )
        .outerjoin(Staff, and_(Staff.id == Posting.operator_id, Posting.operator_kind == ActorKind.STAFF))
        .outerjoin(Store, Store.id == Posting.store_id)
    )
    if what is Watched.REPRINTS:
        printed = select(OperationRecord.object_id).where(*_reprinted(first, last))
        if clerk_id is not None:
            printed = printed.where(OperationRecord.actor_id == clerk_id)
        return ask.where(Posting.id.in_(printed))
    ask = ask.where(Posting.business_date.between(first, last), Posting.operator_kind == ActorKind.STAFF)
    if clerk_id is not None:
        ask = ask.where(Posting.operator_id == clerk_id)
    known = conditions()
    return ask.where(known[what] if what is not None else or_(*known.values()))


def clerks() -> list[tuple[str, str]]:
    """Everybody who ever worked here: number and user name."""
    return [
        (str(number), name)
        for number, name in db.session.execute(select(Staff.id, Staff.username).order_by(Staff.username))
    ]
