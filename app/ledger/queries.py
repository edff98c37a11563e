"""Reading postings. What an ordinary administrator may see of them is decided here, for every list and call."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, select

from app.core import clock, days
from app.core.actor import Actor, ActorKind
from app.core.alongside import UNKNOWN, ask_along, told
from app.core.errors import NotFound
from app.core.permissions import Action
from app.core.recall import recalled
from app.extensions import db
from app.ledger.archives.models import ArchiveKind
from app.ledger.archives.queries import archived_through, last_left
from app.ledger.models import Account, Hold, HoldStatus, Posting, Reversal
from app.shop.keeping import KEEP_POSTINGS, cut_off
from app.shop.models import Store
from app.shop.queries import setting
from app.staff.models import Staff

ZERO = Decimal(0)
LEFT = "postings_left"
ask_along(LEFT, lambda: last_left(ArchiveKind.POSTINGS))


@recalled
def shown_from() -> date | None:
    """The first day whose postings are shown: what is older has left for an archive, or is about to."""
    came = told(LEFT)
    left = archived_through(db.session, ArchiveKind.POSTINGS) if came is UNKNOWN else came
    days_ = [day for day in (cut_off(KEEP_POSTINGS), left and left + timedelta(days=1)) if day]
    return max(days_, default=None)


def _shown() -> list[Any]:
    first = shown_from()
    return [] if first is None else [Posting.business_date >= first]


def shown_postings() -> Select[Any]:
    return (
        select(*Posting.__table__.c, Reversal.reversal_id, Store.code.label("store"), Staff.username.label("operator"))
        .outerjoin(Reversal, Reversal.posting_id == Posting.id)
        .outerjoin(Store, Store.id == Posting.store_id)
        .outerjoin(Staff, and_(Staff.id == Posting.operator_id, Posting.operator_kind == "staff"))
        .where(*_shown())
    )


class Reach(NamedTuple):
    """What an actor sees of postings: those of today in his stores, or all of them.

    stores: None means every store. operator_id: his own number, when he sees nothing but what he did himself.
    """

    today: date
    is_whole: bool = True
    stores: frozenset[int] | None = None
    operator_id: int | None = None

    def sees(self, row: Any) -> bool:
        """Whether a posting that was read lies within it."""
        return self.is_whole or self.has_today(row)

    def has_today(self, row: Any) -> bool:
        """Whether it is a posting of today, in a store within reach, by an operator within reach."""
        is_here = row.business_date == self.today and (self.stores is None or row.store_id in self.stores)
        return is_here and (self.operator_id is None or _is_by(row, self.operator_id))


def _is_by(row: Any, staff_id: int) -> bool:
    return row.operator_kind is ActorKind.STAFF and row.operator_id == staff_id


def reach_of(actor: Actor) -> Reach:
    """What an actor sees of postings, in every list, total, chart, export and call."""
    is_whole = actor.may(Action.VIEW, "old-postings")
    return Reach(days.today(), is_whole, actor.stores, actor.id if _has_own_alone(actor) else None)


def may_know_of(row: Any, actor: Actor) -> bool:
    """Whether a posting is not hidden from an actor who sees nothing but what he did himself."""
    return not _has_own_alone(actor) or (row.operator_kind is ActorKind.STAFF and row.operator_id == actor.id)


def _has_own_alone(actor: Actor) -> bool:
    is_clerk = actor.kind is ActorKind.STAFF and not actor.may(Action.VIEW, "old-postings")
    return is_clerk and bool(setting("clerks_see_own_only"))


def within_reach(actor: Actor) -> list[Any]:
    """The same as conditions on Posting."""
    reach = reach_of(actor)
    if reach.is_whole:
        return []
    seen = [Posting.business_date == reach.today]
    if reach.stores is not None:
        seen.append(Posting.store_id.in_(sorted(reach.stores)))
    if reach.operator_id is not None:
        seen += [Posting.operator_kind == ActorKind.STAFF, Posting.operator_id == reach.operator_id]
    return seen


def seen_by(actor: Actor, *, customer_id: int | None = None) -> Select[Any]:
    """The postings within an actor's reach, each with `reversal_id`, `store` (its code) and `operator`.

    customer_id: the online history of one customer, asked for by his id, is seen whole by everybody who may see
    postings: the counter needs it.
    """
    ask = shown_postings()
    return ask.where(*within_reach(actor)) if customer_id is None else ask.where(Posting.customer_id == customer_id)


def get(posting_id: int, *, actor: Actor) -> Row[Any]:
    """One posting within reach, with `reversal_id`, `store` and `operator`. Raises NotFound."""
    row = db.session.execute(shown_postings().where(Posting.id == posting_id, *within_reach(actor))).one_or_none()
    if row is None:
        raise NotFound
    return row


def page(
    filters: Mapping[str, Any], *, actor: Actor, below: int | None, limit: int, of_customers: Any = None
) -> Sequence[Row[Any]]:
    """Account details, newest first: one more than `limit`, to know whether it goes on.

    filters: customer_id, kind, method, store_id, operator, amount_min, amount_max, first_day, last_day, receipt;
    None means any. of_customers: a subquery of customer ids.
    """
    ask = seen_by(actor, customer_id=filters.get("customer_id"))
    if of_customers is not None:
        ask = ask.where(Posting.customer_id.in_(of_customers))
    for name, condition in CONDITIONS.items():
        if filters.get(name) is not None:
            ask = ask.where(condition(filters[name]))
    if below is not None:
        ask = ask.where(Posting.id < below)
    return db.session.execute(ask.order_by(Posting.id.desc()).limit(limit + 1)).all()


CONDITIONS: Mapping[str, Any] = {
    "customer_id": lambda value: Posting.customer_id == value,
    "kind": lambda value: Posting.kind == value,
    "method": lambda value: Posting.method == value,
    "store_id": lambda value: Posting.store_id == value,
    "operator": lambda value: Staff.username == value,
    "amount_min": lambda value: Posting.amount >= value,
    "amount_max": lambda value: Posting.amount <= value,
    "first_day": lambda value: Posting.business_date >= value,
    "last_day": lambda value: Posting.business_date <= value,
    "receipt": lambda value: Posting.receipt_no == value,
}


def categories() -> list[str]:
    """The categories that revenue was ever booked under, the general one first."""
    house = Account.customer_id.is_(None)  # an index finds these few among a million wallets
    ask = select(Account.code).where(house, Account.code.startswith("revenue:"))
    codes = db.session.scalars(ask.order_by(Account.id))
    return [str(code).removeprefix("revenue:") for code in codes]


def has_any() -> bool:
    """Whether anything was ever posted."""
    return db.session.scalar(select(Posting.id).limit(1)) is not None


def last_of(customer_id: int, limit: int = 10) -> Sequence[Row[Any]]:
    """The customer's last postings, newest first, of all stores."""
    ask = shown_postings().where(Posting.customer_id == customer_id)
    return db.session.execute(ask.order_by(Posting.id.desc()).limit(limit)).all()


def same_lately(customer_id: int, amount: Decimal, kind: str, seconds: int) -> Row[Any] | None:
    """The customer's last posting of this kind and amount, if it is not older than that and was not reversed."""
    since = clock.now() - timedelta(seconds=seconds)
    ask = shown_postings().where(
        Posting.customer_id == customer_id,
        Posting.amount == amount,
        Posting.kind == kind,
        Posting.posted_at >= since,
        Reversal.reversal_id.is_(None),
    )
    return db.session.execute(ask.order_by(Posting.id.desc()).limit(1)).one_or_none()


def count_open_holds() -> int:
    """How many amounts are set aside now."""
    return db.session.scalar(select(func.count()).where(Hold.status == HoldStatus.OPEN)) or 0
