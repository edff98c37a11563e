"""The customer list: filters that are combined, an order, and pages by key.

What a customer has and when he was last active stands in no index, because it changes with every posting. Such
filters look at so many customers at once and no more; whoever asked goes on from there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.actor import Actor
from app.customers.models import Customer
from app.customers.queries import begins_with, is_phone, with_wallets, within
from app.extensions import db
from app.ledger import statements
from app.ledger.activity import last_day_of
from app.ledger.models import Account, Purse

SCAN = 50_000  # customers looked at by one request
ZERO = Decimal(0)
Key = tuple[Any, ...]

# The column that each order goes by; the id decides between equals.
ORDERS: Mapping[str, Any] = {
    "id": Customer.id,
    "number": Customer.customer_no,
    "phone": Customer.phone,
    "name": Customer.name,
    "created": Customer.created_at,
}
NEWEST = "-id"


class Found(NamedTuple):
    """A page of the list. goes_on: the key to go on after, None at the end.

    is_cut: the page is not full because SCAN customers were looked at; the last of them has the key goes_on.
    """

    rows: Sequence[Customer]
    goes_on: Key | None
    is_cut: bool = False


class Sums(NamedTuple):
    """What the customers of a list have together. is_cut: the first SCAN that were looked at, not all."""

    customers: int
    principal: Decimal
    bonus: Decimal
    is_cut: bool


def find(
    filters: Mapping[str, Any], *, actor: Actor, order: str = NEWEST, after: Key | None = None, limit: int = 50
) -> Found:
    """One page of the list, of the customers whom the actor may find.

    filters: phone (whole or its last digits), phone_start, name, store_id, status, type, balance_min, balance_max,
    created_from, created_to, active_from, active_to; None means any. order: of ORDERS, with a minus from the end.
    after: the key of the last row before. Raises Invalid for a phone that can be none.
    """
    wallet = aliased(Account)
    looked = _looked_at(filters, actor, order, after)
    some = looked.limit(SCAN).subquery()
    matching = _matching(filters, some, wallet)
    ask = with_wallets(select(Customer).join(some, some.c.id == Customer.id).join(wallet, _principal_of(wallet)))
    # What each is ordered by stands in the part looked at as well: that is what comes in this order already.
    rows = db.session.scalars(ask.where(*matching).order_by(*_ordered(order, some.c)).limit(limit + 1)).all()
    if len(rows) > limit:
        return Found(rows[:limit], key_of(rows[limit - 1], order))
    end = db.session.execute(looked.offset(SCAN - 1).limit(1)).one_or_none() if matching else None
    return Found(rows, tuple(end) if end else None, is_cut=end is not None)


def sums(filters: Mapping[str, Any], *, actor: Actor, order: str = NEWEST) -> Sums:
    """How many customers the filters leave and what they have, within the first SCAN of that order."""
    wallet, bonus = aliased(Account), aliased(Account)
    some = _looked_at(filters, actor, order, None).limit(SCAN).subquery()
    is_bonus = and_(bonus.customer_id == Customer.id, bonus.purse == Purse.BONUS)
    ask = (
        select(func.count(), func.sum(wallet.balance), func.sum(bonus.balance))
        .select_from(Customer)
        .join(some, some.c.id == Customer.id)
        .join(wallet, _principal_of(wallet))
        .outerjoin(bonus, is_bonus)
        .where(*_matching(filters, some, wallet))
    )
    count, principal, given = db.session.execute(ask).one()
    end = db.session.execute(_looked_at(filters, actor, order, None).offset(SCAN).limit(1)).first()
    return Sums(count, principal or ZERO, given or ZERO, is_cut=end is not None)


def every(filters: Mapping[str, Any], *, actor: Actor, order: str = NEWEST, at_once: int = 1000) -> Iterator[Customer]:
    """The whole list as it is at one moment, however long, a page at a time; nothing read before is kept."""
    statements.see_one_moment()
    after: Key | None = None
    while True:
        found = find(filters, actor=actor, order=order, after=after, limit=at_once)
        yield from found.rows
        db.session.expunge_all()
        if found.goes_on is None:
            return
        after = found.goes_on


def key_of(row: Customer, order: str) -> Key:
    """Where a row stands in that order."""
    column = ORDERS[order.removeprefix("-")]
    return (row.id,) if column is Customer.id else (getattr(row, column.key), row.id)


def _looked_at(filters: Mapping[str, Any], actor: Actor, order: str, after: Key | None) -> Select[Any]:
    """The keys of the customers to look at, by what indexes know of them, in order."""
    columns = _key_columns(order)
    ask = select(*columns).where(Customer.deleted_at.is_(None), within(actor), *_indexed(filters))
    if after is not None:
        here = tuple_(*(literal(value, column.type) for value, column in zip(after, columns, strict=True)))
        ask = ask.where(tuple_(*columns) < here if order.startswith("-") else tuple_(*columns) > here)
    return ask.order_by(*_ordered(order, {column.key: column for column in columns}))


def _key_columns(order: str) -> list[Any]:
    column = ORDERS[order.removeprefix("-")]
    return [Customer.id] if column is Customer.id else [column, Customer.id]


def _ordered(order: str, columns: Any) -> list[Any]:
    keys = [columns[column.key] for column in _key_columns(order)]
    return [key.desc() for key in keys] if order.startswith("-") else keys


def _principal_of(wallet: Any) -> ColumnElement[bool]:
    return and_(wallet.customer_id == Customer.id, wallet.purse == Purse.PRINCIPAL)


def _indexed(filters: Mapping[str, Any]) -> list[Any]:
    """The conditions that an index answers."""
    return _made(
        filters,
        {
            "phone": is_phone,
            "phone_start": begins_with,
            "store_id": lambda store_id: Customer.store_id == store_id,
            "created_from": lambda day: Customer.created_at >= clock.start_of(day),
            "created_to": lambda day: Customer.created_at < clock.start_of(day + timedelta(days=1)),
        },
    )


def _matching(filters: Mapping[str, Any], some: Any, wallet: Any) -> list[Any]:
    """The conditions for which each customer must be looked at."""
    last = last_day_of(some.c.id)
    return _made(
        filters,
        {
            "name": lambda text: Customer.name.icontains(text, autoescape=True),
            "type": lambda kind: Customer.type == kind,
            "status": lambda status: wallet.status == status,
            "balance_min": lambda amount: wallet.balance >= amount,
            "balance_max": lambda amount: wallet.balance <= amount,
            "active_from": lambda day: last >= day,
            "active_to": lambda day: or_(last <= day, and_(last.is_(None), _taken_in_by(day))),
        },
    )


def _taken_in_by(day: Any) -> ColumnElement[bool]:
    """Who has no posting online was last active when he was taken in, or before all that is online."""
    return Customer.created_at < clock.start_of(day + timedelta(days=1))


def _made(filters: Mapping[str, Any], conditions: Mapping[str, Any]) -> list[Any]:
    return [make(filters[name]) for name, make in conditions.items() if filters.get(name) is not None]
