"""What moved a customer's money, and what he had at any past moment: opening, movements, closing."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.core.actor import Actor
from app.core.db import is_postgresql
from app.extensions import db
from app.ledger.archives.models import LEAVING, Archive, ArchiveKind, WalletCheckpoint
from app.ledger.models import Account, Posting, Purse, Transfer
from app.ledger.queries import get, shown_from, shown_postings

ZERO = Decimal(0)


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

    Days that are not shown any more are left out: what moved in them is in the opening balance. It adds up while
    money moves for who has called `see_one_moment`.
    """
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
    asked = (select(each.subquery()) for purse in Purse for each in _last_of(customer_id, purse, day))
    rows = [(row.seq, row.balance, row.purse) for row in db.session.execute(union_all(*asked))]
    found = {purse: max((row for row in rows if row[2] == purse), default=(0, ZERO, purse))[1] for purse in Purse}
    return Balances(found[Purse.PRINCIPAL], found[Purse.BONUS])


def _last_of(customer_id: int, purse: Purse, day: date) -> list[Any]:
    """Ask for number and balance of the wallet's last transfer before the day, and of its last checkpoint."""
    whose = literal(purse.value).label("purse")
    wallet = (Account.customer_id == customer_id, Account.purse == purse)
    online = (
        select(Transfer.seq.label("seq"), Transfer.balance_after.label("balance"), whose)
        .join(Account, Account.id == Transfer.wallet_id)
        .join(Posting, Posting.id == Transfer.posting_id)
        .where(*wallet, Posting.business_date < day)
        .order_by(Transfer.seq.desc())
        .limit(1)
    )
    left = (
        select(WalletCheckpoint.last_seq.label("seq"), WalletCheckpoint.balance.label("balance"), whose)
        .join(Account, Account.id == WalletCheckpoint.wallet_id)
        .join(Archive, and_(Archive.first_day == WalletCheckpoint.first_day, Archive.kind == ArchiveKind.POSTINGS))
        .where(*wallet, Archive.state.in_(LEAVING), Archive.last_day < day)
        .order_by(WalletCheckpoint.last_seq.desc())
        .limit(1)
    )
    return [online, left]


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
    ask = shown_postings().where(
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


def has_more_movements(customer_id: int, first: date, last: date, *, than: int) -> bool:
    """Whether more postings than that moved the customer's wallets in those days."""
    mine = Posting.customer_id == customer_id, Posting.balance_after.is_not(None)
    ask = select(Posting.id).where(*mine, Posting.business_date.between(first, last))
    return db.session.scalar(ask.order_by(Posting.id.desc()).offset(than).limit(1)) is not None


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
