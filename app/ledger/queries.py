"""Reading postings. What an ordinary administrator may see of them is decided here, for every list and call."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.core import clock, days
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.errors import NotFound
from app.core.permissions import Action
from app.extensions import db
from app.ledger.archives.models import LEAVING, Archive, ArchiveKind, WalletCheckpoint
from app.ledger.archives.queries import archived_through
from app.ledger.models import Account, Posting, Purse, Reversal, Transfer
from app.shop.keeping import KEEP_POSTINGS, cut_off
from app.shop.models import Store
from app.staff.models import Staff

ZERO = Decimal(0)
REVERSIBLE_KINDS = frozenset({"recharge", "consumption", "refund", "adjustment", "sale"})


def shown_from() -> date | None:
    """The first day whose postings are shown: what is older has left for an archive, or is about to."""
    left = archived_through(db.session, ArchiveKind.POSTINGS)
    days_ = [day for day in (cut_off(KEEP_POSTINGS), left and left + timedelta(days=1)) if day]
    return max(days_, default=None)


def _shown() -> list[Any]:
    first = shown_from()
    return [] if first is None else [Posting.business_date >= first]


def _postings() -> Select[Any]:
    return (
        select(*Posting.__table__.c, Reversal.reversal_id, Store.code.label("store"), Staff.username.label("operator"))
        .outerjoin(Reversal, Reversal.posting_id == Posting.id)
        .outerjoin(Store, Store.id == Posting.store_id)
        .outerjoin(Staff, and_(Staff.id == Posting.operator_id, Posting.operator_kind == "staff"))
        .where(*_shown())
    )


def is_todays(row: Row[Any], actor: Actor, today: date) -> bool:
    """Whether a posting that was read is of that day, in a store of the actor's. today: as `days.today()` says."""
    return row.business_date == today and actor.reaches(row.store_id)


def within_reach(actor: Actor) -> list[Any]:
    """What an actor sees of postings: all of them, or those of today in his stores."""
    if actor.may(Action.VIEW, "old-postings"):
        return []
    seen = [Posting.business_date == days.today()]
    return seen if actor.stores is None else [*seen, Posting.store_id.in_(sorted(actor.stores))]


def get(posting_id: int, *, actor: Actor) -> Row[Any]:
    """One posting within reach, with `reversal_id`, `store` and `operator`. Raises NotFound."""
    row = db.session.execute(_postings().where(Posting.id == posting_id, *within_reach(actor))).one_or_none()
    if row is None:
        raise NotFound
    return row


def page(
    filters: Mapping[str, Any], *, actor: Actor, below: int | None, limit: int, of_customers: Any = None
) -> Sequence[Row[Any]]:
    """Account details, newest first: one more than `limit`, to know whether it goes on.

    filters: customer_id, kind, method, store_id, operator, amount_min, amount_max, first_day, last_day, receipt;
    None means any. of_customers: a subquery of customer ids. The online history of one customer, asked for by
    his id, is seen whole by everybody who may see postings: the counter needs it.
    """
    ask = _postings()
    if filters.get("customer_id") is None:
        ask = ask.where(*within_reach(actor))
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


class DaySum(NamedTuple):
    """How often and how much one kind of posting was made on a day."""

    times: int
    amount: Decimal


def sums_of(day: date) -> dict[str, DaySum]:
    """By kind: what was posted on that business day in all stores, a reversal under the kind that it undoes
    as "reversed <kind>"."""
    kind = func.coalesce(Posting.reverses_kind, Posting.kind)
    is_reversal = Posting.reverses_id.is_not(None)
    ask = (
        select(kind.label("kind"), is_reversal.label("is_reversal"), func.count(), func.sum(Posting.amount))
        .where(Posting.business_date == day)
        .group_by(kind, is_reversal)
    )
    return {
        f"reversed {row.kind}" if row.is_reversal else str(row.kind): DaySum(row[2], row[3])
        for row in db.session.execute(ask)
    }


def has_any() -> bool:
    """Whether anything was ever posted."""
    return db.session.scalar(select(Posting.id).limit(1)) is not None


def last_of(customer_id: int, limit: int = 10) -> Sequence[Row[Any]]:
    """The customer's last postings, newest first, of all stores."""
    ask = _postings().where(Posting.customer_id == customer_id)
    return db.session.execute(ask.order_by(Posting.id.desc()).limit(limit)).all()


class Movement(NamedTuple):
    """One posting of a statement. change, bonus_change: signed, of the principal and of the bonus."""

    posting: Row[Any]
    change: Decimal
    bonus_change: Decimal


def movement(posting_id: int, *, actor: Actor) -> Movement:
    """One posting within reach, with what it changed. Raises NotFound."""
    row = get(posting_id, actor=actor)
    changes = _changes([posting_id])
    return Movement(row, changes.get((row.id, Purse.PRINCIPAL), ZERO), changes.get((row.id, Purse.BONUS), ZERO))


class Balances(NamedTuple):
    """What stood on the wallets at one moment."""

    principal: Decimal
    bonus: Decimal


class Statement(NamedTuple):
    """What a customer had before some days, what moved it, newest first, and what he had after them."""

    opening: Balances
    movements: list[Movement]
    closing: Balances


def statement(customer_id: int, first: date, last: date, *, below: int | None = None, limit: int = 50) -> Statement:
    """One customer's money from the first day to the last; of the movements one more than `limit`.

    Days that are not shown any more are left out: what moved in them is in the opening balance. Read on one view of
    the database, so that it adds up while money moves.
    """
    db.session.rollback()
    if is_postgresql():
        db.session.connection().exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    first = max(first, shown_from() or first)
    return Statement(
        balances_before(customer_id, first),
        movements(customer_id, first, last, below=below, limit=limit),
        balances_before(customer_id, max(first, last + timedelta(days=1))),
    )


def balances_before(customer_id: int, day: date) -> Balances:
    """What the customer had when that business day began: after his last transfer before it, here or archived."""
    found = {purse: max(_last_of(customer_id, purse, day), default=(0, ZERO))[1] for purse in Purse}
    return Balances(found[Purse.PRINCIPAL], found[Purse.BONUS])


def _last_of(customer_id: int, purse: Purse, day: date) -> list[tuple[int, Decimal]]:
    """Number and balance of the wallet's last transfer before the day, and of its last checkpoint."""
    wallet = (Account.customer_id == customer_id, Account.purse == purse)
    online = (
        select(Transfer.seq, Transfer.balance_after)
        .join(Account, Account.id == Transfer.wallet_id)
        .join(Posting, Posting.id == Transfer.posting_id)
        .where(*wallet, Posting.business_date < day)
        .order_by(Transfer.seq.desc())
        .limit(1)
    )
    left = (
        select(WalletCheckpoint.last_seq, WalletCheckpoint.balance)
        .join(Account, Account.id == WalletCheckpoint.wallet_id)
        .join(Archive, and_(Archive.first_day == WalletCheckpoint.first_day, Archive.kind == ArchiveKind.POSTINGS))
        .where(*wallet, Archive.state.in_(LEAVING), Archive.last_day < day)
        .order_by(WalletCheckpoint.last_seq.desc())
        .limit(1)
    )
    return [(row[0], row[1]) for ask in (online, left) for row in db.session.execute(ask)]


def movements(
    customer_id: int, first: date, last: date, *, below: int | None = None, limit: int = 50
) -> list[Movement]:
    """The postings that moved the customer's wallets in those days, newest first: one more than `limit`."""
    ask = _postings().where(
        Posting.customer_id == customer_id,
        Posting.business_date.between(first, last),
        Posting.balance_after.is_not(None),
    )
    if below is not None:
        ask = ask.where(Posting.id < below)
    rows = db.session.execute(ask.order_by(Posting.id.desc()).limit(limit + 1)).all()
    changes = _changes([row.id for row in rows])
    return [
        Movement(row, changes.get((row.id, Purse.PRINCIPAL), ZERO), changes.get((row.id, Purse.BONUS), ZERO))
        for row in rows
    ]


def _changes(posting_ids: Sequence[int]) -> dict[tuple[int, Purse], Decimal]:
    """By posting and purse: how much it rose or fell."""
    wallet = aliased(Account)
    signed = func.sum(Transfer.amount).filter(Transfer.credit_id == wallet.id)
    taken = func.sum(Transfer.amount).filter(Transfer.debit_id == wallet.id)
    ask = (
        select(Transfer.posting_id, wallet.purse, signed.label("came"), taken.label("went"))
        .join(wallet, wallet.id == Transfer.wallet_id)
        .where(Transfer.posting_id.in_(posting_ids))
        .group_by(Transfer.posting_id, wallet.purse)
    )
    return {(row.posting_id, row.purse): (row.came or ZERO) - (row.went or ZERO) for row in db.session.execute(ask)}


def same_lately(customer_id: int, amount: Decimal, kind: str, seconds: int) -> Row[Any] | None:
    """The customer's last posting of this kind and amount, if it is not older than that and was not reversed."""
    since = clock.now() - timedelta(seconds=seconds)
    ask = _postings().where(
        Posting.customer_id == customer_id,
        Posting.amount == amount,
        Posting.kind == kind,
        Posting.posted_at >= since,
        Reversal.reversal_id.is_(None),
    )
    return db.session.execute(ask.order_by(Posting.id.desc()).limit(1)).one_or_none()
