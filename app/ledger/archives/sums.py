"""What everybody has, worked out at the end of the last closed day: the same before and after months have left."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, case, cast, func, select, type_coerce, union_all

from app.core.days import last_closed_day
from app.ledger.archives.making import frozen_house
from app.ledger.archives.models import ArchiveKind, HouseCheckpoint, WalletCheckpoint
from app.ledger.archives.queries import archived_through
from app.ledger.models import Account, DayPostings, Posting, Purse, Transfer

BATCH = 10_000


@dataclass(frozen=True)
class Sums:
    """At the end of `through`. balances: SHA-256 over every wallet and what it held; amounts in minor units.

    house: by code. frozen: what the frozen totals make of the house. all_time: by kind, how often and how much.
    """

    through: date | None
    wallets: int
    balances: str
    principal: int
    bonus: int
    house: dict[str, int]
    frozen: dict[str, int]
    all_time: dict[str, tuple[int, int]]

    @property
    def agrees(self) -> bool:
        """Whether checkpoints and rows make the same of the house as the frozen totals."""
        return self.house == self.frozen


def sums(connection: Connection, *, left: date | None = None, through: date | None = None) -> Sums:
    """Add up checkpoints and rows. left: as if every month up to that day had left; as it is when left out.

    through: the last day that counts; the last closed one when left out.
    """
    if through is None:
        through = connection.scalar(select(last_closed_day()))
    until, gone = through or date.min, left or archived_through(connection, ArchiveKind.POSTINGS) or date.min
    digest, by_purse, wallets = hashlib.sha256(), dict.fromkeys(Purse, 0), 0
    for row in connection.execute(_wallets(gone, until).execution_options(yield_per=BATCH)):
        digest.update(f"{row.wallet_id} {int(row.held)}\n".encode())
        by_purse[row.purse] += int(row.held)
        wallets += 1
    return Sums(
        through,
        wallets,
        digest.hexdigest(),
        by_purse[Purse.PRINCIPAL],
        by_purse[Purse.BONUS],
        _house(connection, gone, until),
        frozen_house(connection, date.min, until),
        _all_time(connection, until),
    )


def _rows(gone: date, until: date) -> Any:
    return (Posting.business_date > gone) & (Posting.business_date <= until)


def _wallets(gone: date, until: date) -> Any:
    amount = type_coerce(Transfer.amount, BigInteger)
    online = (
        select(
            Transfer.wallet_id, case((Transfer.credit_id == Transfer.wallet_id, amount), else_=-amount).label("part")
        )
        .join(Posting, Posting.id == Transfer.posting_id)
        .where(Transfer.wallet_id.is_not(None), _rows(gone, until))
    )
    change = type_coerce(WalletCheckpoint.change, BigInteger)
    kept = select(WalletCheckpoint.wallet_id, change).where(WalletCheckpoint.first_day <= gone)
    parts = union_all(kept, online).subquery()
    held = cast(func.sum(parts.c[1]), BigInteger).label("held")
    ask = select(parts.c.wallet_id, Account.purse, held).join(Account, Account.id == parts.c.wallet_id)
    return ask.group_by(parts.c.wallet_id, Account.purse).order_by(parts.c.wallet_id)


def _house(connection: Connection, gone: date, until: date) -> dict[str, int]:
    change = type_coerce(HouseCheckpoint.change, BigInteger)
    amount = type_coerce(Transfer.amount, BigInteger)
    sides = [
        select(side.label("account_id"), (amount * sign).label("part")).join(Posting).where(_rows(gone, until))
        for side, sign in ((Transfer.debit_id, -1), (Transfer.credit_id, 1))
    ]
    kept = select(HouseCheckpoint.account_id, change).where(HouseCheckpoint.first_day <= gone)
    parts = union_all(kept, *sides).subquery()
    ask = select(Account.code, cast(func.sum(parts.c[1]), BigInteger))
    ask = ask.join(Account, Account.id == parts.c.account_id).where(Account.code.is_not(None)).group_by(Account.code)
    return {str(code): int(held) for code, held in sorted(connection.execute(ask).all()) if held}


def _all_time(connection: Connection, until: date) -> dict[str, tuple[int, int]]:
    amount = cast(func.sum(type_coerce(DayPostings.amount, BigInteger)), BigInteger)
    ask = select(DayPostings.kind, cast(func.sum(DayPostings.postings), BigInteger), amount)
    rows = connection.execute(ask.where(DayPostings.day <= until).group_by(DayPostings.kind))
    return {kind.value: (int(count), int(total)) for kind, count, total in rows}
