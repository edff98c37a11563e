"""The drawer of every closed shift is at exactly zero, and only its shift has ever moved it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, Text, cast, func, select, type_coerce, union_all

from app.core.days import last_closed_day
from app.ledger.models import Account, DayTransfers, Drawer, Posting, Transfer, WalletStatus
from app.ledger.proofs.found import Finding

DRAWERS = "drawer:%"


def prove_drawers(connection: Connection) -> Iterator[Finding | int]:
    """Add up every drawer: closed days as they were frozen, the others from their rows."""
    left = _left(connection)
    held = set(connection.scalars(select(Drawer.account_id)))
    ask = select(Account.id, Account.code, Account.status).where(Account.code.like(DRAWERS)).order_by(Account.id)
    for account in connection.execute(ask):
        yield 1
        is_open = account.status is WalletStatus.OPEN
        if is_open != (account.id in held):
            yield Finding(f"account {account.code}", "is open without a clerk, or closed with one")
        if not is_open and left.get(account.code, 0):
            yield Finding(f"account {account.code}", f"is closed with {left[account.code]} in it")
    for number, code in connection.execute(_strangers()):
        yield Finding(f"posting {number}", f"moves {code} and is of another shift")


def _left(connection: Connection) -> dict[str, int]:
    closed = connection.scalar(select(last_closed_day())) or date.min
    both = union_all(*(_moved(side, closed) for side in ("debit", "credit"))).subquery()
    ask = select(both.c.code, func.sum(both.c.amount)).group_by(both.c.code)
    return {code: int(amount) for code, amount in connection.execute(ask)}


def _moved(side: str, closed: date) -> Any:
    """What one side of the transfers brought each drawer: a debit fills it, a credit empties it."""
    sign = 1 if side == "debit" else -1
    code = getattr(DayTransfers, side)
    frozen = select(code.label("code"), (sign * type_coerce(DayTransfers.amount, BigInteger)).label("amount"))
    rows = (
        select(Account.code, (sign * type_coerce(Transfer.amount, BigInteger)).label("amount"))
        .join(Transfer, getattr(Transfer, f"{side}_id") == Account.id)
        .join(Posting, Posting.id == Transfer.posting_id)
        .where(Account.code.like(DRAWERS), Posting.business_date > closed)
    )
    both = union_all(frozen.where(code.like(DRAWERS), DayTransfers.day <= closed), rows).subquery()
    return select(both.c.code, both.c.amount)


def _strangers() -> Any:
    """Postings that move the drawer of a shift which is not theirs."""
    own = "drawer:" + cast(Posting.store_id, Text) + ":" + cast(func.coalesce(Posting.shift_id, 0), Text)
    sides = (Transfer.debit_id, Transfer.credit_id)
    return union_all(
        *(
            select(Posting.id, Account.code)
            .join(Transfer, Transfer.posting_id == Posting.id)
            .join(Account, Account.id == side)
            .where(Account.code.like(DRAWERS), Account.code != own)
            for side in sides
        )
    )
