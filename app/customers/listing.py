"""The customer list: filters that are combined, an order, and pages by key (app/ui/keyset.py).

What a customer has and when he was last active stands in no index, because it changes with every posting. Such
filters look at so many customers at once and no more; whoever asked goes on from there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.actor import Actor
from app.core.errors import Forbidden
from app.core.permissions import Action
from app.customers.models import Customer
from app.customers.queries import begins_with, has_id_number, is_phone, named_from, present, with_wallets, within
from app.extensions import db
from app.ledger import statements
from app.ledger.activity import last_day_of
from app.ledger.models import Account, Purse
from app.ui import keyset
from app.ui.keyset import Key, Order, Page

MOST_SUMMED = 10_000  # customers, by one request
ZERO = Decimal(0)

# The column that each order goes by, and the filters that an index serves in it; the id decides between equals.
ORDERS: Mapping[str, Any] = {
    "id": Customer.id,
    "number": Customer.customer_no,
    "phone": Customer.phone,
    "name": Customer.name,
    "created": Customer.created_at,
}
SERVED: Mapping[str, tuple[str, ...]] = {
    "name": ("name_start",),
    "phone": ("phone_start",),
    "created": ("created_from", "created_to"),
    "id": ("store_id",),
}
# An index finds those who have it, in whatever order they are wanted.
NARROW = frozenset({"phone", "id_number", "custom"})
NEWEST = "-id"


class Sums(NamedTuple):
    """What the customers of a list have together. is_cut: there are more than the first MOST_SUMMED.

    Of these the ones are counted that filters without an index leave; if an index finds them all, nothing is added up.
    """

    customers: int
    principal: Decimal | None
    bonus: Decimal | None
    is_cut: bool


def order_of(name: str) -> Order:
    """The order of that name, of ORDERS, with a minus from the end."""
    column = ORDERS[name.removeprefix("-")]
    key = (Customer.id,) if column is Customer.id else (column, Customer.id)
    return Order(name, name, key, name.startswith("-"))


def usual_order(filters: Mapping[str, Any]) -> str:
    """The order in which an index serves what is looked for: the newest first, unless it is something else."""
    wanted = [name for name, served in SERVED.items() if not {*served}.isdisjoint(filters)]
    if not wanted or not NARROW.isdisjoint(filters):
        return NEWEST
    return {"created": "-created", "id": NEWEST}.get(wanted[0], wanted[0])


def find(
    filters: Mapping[str, Any], *, actor: Actor, order: str = NEWEST, after: Key | None = None, limit: int = 50
) -> Page:
    """One page of the list, of the customers whom the actor may find.

    filters: phone (whole or its last digits), phone_start, name, name_start, store_id, status, type, balance_min,
    balance_max, created_from, created_to, active_from, active_to, id_number (sealed, whole), custom (what is looked
    for in the owner's own fields, of app/fields/queries.py); None means any. after: the key of the last row before.
    Raises Invalid for a phone that can be none, Forbidden for the ID number of an actor to whom none is revealed.
    """
    found, looked = selects(filters, order_of(order), actor=actor)
    shown = keyset.page(with_wallets(found), order_of(order), after=after, limit=limit, looked=looked)
    return replace(shown, rows=[row[0] for row in shown.rows])


def selects(
    filters: Mapping[str, Any], order: Order, *, actor: Actor
) -> tuple[Select[tuple[Customer]], Select[tuple[Customer]] | None]:
    """Those whom the filters leave; and, when no index serves them in that order, those to look at for that."""
    seen, given = present().where(within(actor)), conditions(filters)
    if "id_number" in given and not actor.may(Action.VIEW, "id-numbers"):
        raise Forbidden
    served = NARROW & {*given} or {*SERVED.get(order.name.removeprefix("-"), ())} & {*given}
    looked = seen.where(*(given[name] for name in served))
    return seen.where(*given.values()), None if len(served) == len(given) else looked


def sums(filters: Mapping[str, Any], *, actor: Actor, order: str = NEWEST) -> Sums:
    """How many customers the filters leave and what they have, within the first MOST_SUMMED of that order."""
    wallet, bonus, sorted_by = aliased(Account), aliased(Account), order_of(order)
    found, looked = selects(filters, sorted_by, actor=actor)
    some = (found if looked is None else looked).with_only_columns(Customer.id).order_by(*sorted_by.sorted())
    is_cut = db.session.execute(some.offset(MOST_SUMMED).limit(1)).first() is not None
    if is_cut and looked is None:
        return Sums(MOST_SUMMED, None, None, is_cut)
    first = some.limit(MOST_SUMMED).subquery()
    is_bonus = and_(bonus.customer_id == Customer.id, bonus.purse == Purse.BONUS)
    counted = select(Customer) if looked is None else found  # those of `first` are asked nothing twice
    ask = (
        counted.with_only_columns(func.count(), func.sum(wallet.balance), func.sum(bonus.balance))
        .select_from(Customer)
        .join(first, first.c.id == Customer.id)
        .join(wallet, and_(wallet.customer_id == Customer.id, wallet.purse == Purse.PRINCIPAL))
        .outerjoin(bonus, is_bonus)
    )
    count, principal, given = db.session.execute(ask).one()
    return Sums(count, principal or ZERO, given or ZERO, is_cut)


def looked_at(filters: Mapping[str, Any], *, actor: Actor, most: int | None = None) -> int:
    """How many customers must be looked at for the whole list, counted up to `most`."""
    found, looked = selects(filters, order_of(NEWEST), actor=actor)
    some = (found if looked is None else looked).with_only_columns(Customer.id).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def every(filters: Mapping[str, Any], *, actor: Actor, order: str = NEWEST, at_once: int = 1000) -> Iterator[Customer]:
    """The whole list as it is at one moment, however long, a page at a time; nothing read before is kept."""
    statements.see_one_moment()
    after: Key | None = None
    while True:
        found = find(filters, actor=actor, order=order, after=after, limit=at_once)
        yield from found.rows
        db.session.expunge_all()
        if found.after is None:
            return
        after = found.after


def conditions(filters: Mapping[str, Any]) -> dict[str, ColumnElement[bool]]:
    """The conditions of the filters that are given, by name. Raises Invalid for a phone that can be none."""
    return {name: make(filters[name]) for name, make in _MAKERS.items() if filters.get(name) is not None}


def _of_wallet(column: Any) -> Any:
    """Something of the customer's wallet, looked up for each who is looked at."""
    return select(column).where(Account.customer_id == Customer.id, Account.purse == Purse.PRINCIPAL).scalar_subquery()


def _taken_in_by(day: Any) -> ColumnElement[bool]:
    """Who has no posting online was last active when he was taken in, or before all that is online."""
    return Customer.created_at < clock.start_of(day + timedelta(days=1))


_BALANCE, _STATUS, _LAST = _of_wallet(Account.balance), _of_wallet(Account.status), last_day_of(Customer.id)
_MAKERS: Mapping[str, Any] = {
    "phone": is_phone,
    "custom": lambda wanted: and_(*(Customer.id.in_(each.ids()) for each in wanted)),
    "phone_start": begins_with,
    "id_number": has_id_number,
    "name_start": named_from,
    "store_id": lambda store_id: Customer.store_id == store_id,
    "created_from": lambda day: Customer.created_at >= clock.start_of(day),
    "created_to": lambda day: Customer.created_at < clock.start_of(day + timedelta(days=1)),
    "name": lambda text: Customer.name.icontains(text, autoescape=True),
    "type": lambda kind: Customer.type == kind,
    "status": lambda status: status == _STATUS,
    "balance_min": lambda amount: amount <= _BALANCE,
    "balance_max": lambda amount: amount >= _BALANCE,
    "active_from": lambda day: day <= _LAST,
    "active_to": lambda day: or_(day >= _LAST, and_(_LAST.is_(None), _taken_in_by(day))),
}
