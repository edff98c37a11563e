"""Reading postings. What an ordinary administrator may see of them is decided here, for every list and call."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from app.core import clock, days
from app.core.actor import Actor, ActorKind
from app.core.db import is_postgresql
from app.core.errors import NotFound
from app.core.permissions import Action
from app.extensions import db
from app.ledger.archives.models import LEAVING, Archive, ArchiveKind, WalletCheckpoint
from app.ledger.archives.queries import archived_through
from app.ledger.models import Account, Drawer, Hold, HoldStatus, Kind, Posting, Purse, Reversal, Transfer
from app.shop.keeping import KEEP_POSTINGS, cut_off
from app.shop.models import Store
from app.shop.queries import setting
from app.staff.models import Staff

ZERO = Decimal(0)
CASH_KINDS = (Kind.CASH_IN, Kind.CASH_OUT, Kind.DIFFERENCE)
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
    ask = _postings()
    return ask.where(*within_reach(actor)) if customer_id is None else ask.where(Posting.customer_id == customer_id)


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
    see_one_moment()
    first = max(first, shown_from() or first)
    return Statement(
        balances_before(customer_id, first),
        movements(customer_id, first, last, below=below, limit=limit),
        balances_before(customer_id, max(first, last + timedelta(days=1))),
    )


def see_one_moment() -> None:
    """Let the session's next questions all see the same moment, until its transaction ends. It cannot write."""
    db.session.rollback()
    if is_postgresql():
        db.session.connection().exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


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


class Turnover(NamedTuple):
    """What came into one wallet and what went out of it in some days, both not negative."""

    came: Decimal = ZERO
    went: Decimal = ZERO


def turnover(customer_id: int, first: date, last: date) -> dict[Purse, Turnover]:
    """What the postings online in those days brought each of the customer's wallets, and took from it."""
    wallet = aliased(Account)
    came = func.sum(Transfer.amount).filter(Transfer.credit_id == wallet.id)
    went = func.sum(Transfer.amount).filter(Transfer.debit_id == wallet.id)
    ask = (
        select(wallet.purse, came.label("came"), went.label("went"))
        .select_from(Posting)
        .join(Transfer, Transfer.posting_id == Posting.id)
        .join(wallet, wallet.id == Transfer.wallet_id)
        .where(Posting.customer_id == customer_id, Posting.business_date.between(first, last))
        .group_by(wallet.purse)
    )
    found = {row.purse: Turnover(row.came or ZERO, row.went or ZERO) for row in db.session.execute(ask)}
    return {purse: found.get(purse, Turnover()) for purse in Purse}


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


def cash_on(account_id: int) -> Decimal:
    """What lies on a house account of cash: what came, less what went. For the drawer of a shift, not of a store."""
    amounts = select(func.coalesce(func.sum(Transfer.amount), ZERO))
    came = db.session.scalar(amounts.where(Transfer.debit_id == account_id)) or ZERO
    went = db.session.scalar(amounts.where(Transfer.credit_id == account_id)) or ZERO
    return came - went


def open_drawers(*, store_id: int | None = None, clerk_id: int | None = None) -> Sequence[Row[Any]]:
    """The shifts that are open now: `shift_id`, `store_id`, `clerk_id`, oldest first."""
    ask = select(Drawer.shift_id, Drawer.store_id, Drawer.clerk_id).order_by(Drawer.shift_id)
    if store_id is not None:
        ask = ask.where(Drawer.store_id == store_id)
    if clerk_id is not None:
        ask = ask.where(Drawer.clerk_id == clerk_id)
    return db.session.execute(ask).all()


class ShiftLine(NamedTuple):
    """Postings of one kind and method in a shift. is_of_shift: the float, the difference and what was handed over."""

    kind: str
    reverses_kind: str | None
    method: str | None
    is_of_shift: bool
    times: int
    amount: Decimal


def lines_of_shift(shift_id: int) -> list[ShiftLine]:
    """What was posted in a shift, added up."""
    is_of_shift = Posting.source_type.is_not(None) & Posting.kind.in_(CASH_KINDS)
    keys = (Posting.kind, Posting.reverses_kind, Posting.method, is_of_shift.label("is_of_shift"))
    ask = select(*keys, func.count(), func.sum(Posting.amount)).where(Posting.shift_id == shift_id).group_by(*keys)
    lines = [
        ShiftLine(row[0].value, row[1] and row[1].value, row[2] and row[2].value, bool(row[3]), row[4], row[5])
        for row in db.session.execute(ask)
    ]
    return sorted(lines, key=lambda line: tuple(map(str, line)))


def count_open_holds() -> int:
    """How many amounts are set aside now."""
    return db.session.scalar(select(func.count()).where(Hold.status == HoldStatus.OPEN)) or 0
