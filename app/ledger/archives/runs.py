"""Checkpoints as they are worked out from the rows of a month: the same rows give the same checkpoints."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Row, cast, func, select, type_coerce

from app.ledger.archives.models import WalletCheckpoint
from app.ledger.models import Account, Posting, Transfer
from app.ledger.seals.canon import text_of

BATCH = 10_000
COLUMNS = ("wallet_id", "first_seq", "last_seq", "change", "balance", "chain_hash")


class Run(NamedTuple):
    """Transfers of one wallet that follow each other. change, balance: in minor units."""

    wallet_id: int
    first_seq: int
    last_seq: int
    change: int
    balance: int
    chain_hash: str


def runs_of(connection: Connection, first_day: date, last_day: date) -> Iterator[Run]:
    """What the transfers of these days make, by wallet and number. Streaming."""
    run: Run | None = None
    digest = hashlib.sha256()
    for row in connection.execute(_transfers(first_day, last_day).execution_options(yield_per=BATCH)):
        signed = row.amount if row.credit_id == row.wallet_id else -row.amount
        if run is None or (row.wallet_id, row.seq) != (run.wallet_id, run.last_seq + 1):
            if run is not None:
                yield run._replace(chain_hash=digest.hexdigest())
            run, digest = Run(row.wallet_id, row.seq, row.seq - 1, 0, 0, ""), hashlib.sha256()
        digest.update(f"{text_of([row.posting_id, row.line, row.seq, signed, row.balance_after])}\n".encode())
        run = run._replace(last_seq=row.seq, change=run.change + signed, balance=row.balance_after)
    if run is not None:
        yield run._replace(chain_hash=digest.hexdigest())


def _transfers(first_day: date, last_day: date) -> Any:
    amounts = [
        type_coerce(column, BigInteger).label(column.key) for column in (Transfer.amount, Transfer.balance_after)
    ]
    return (
        select(Transfer.posting_id, Transfer.line, Transfer.wallet_id, Transfer.seq, Transfer.credit_id, *amounts)
        .join(Posting, Posting.id == Transfer.posting_id)
        .where(Posting.business_date.between(first_day, last_day), Transfer.wallet_id.is_not(None))
        .order_by(Transfer.wallet_id, Transfer.seq)
    )


def house_changes(connection: Connection, first_day: date, last_day: date) -> dict[int, int]:
    """By how much each account of the house rose in these days, in minor units."""
    changes: dict[int, int] = {}
    for side, sign in ((Transfer.debit_id, -1), (Transfer.credit_id, 1)):
        amount = cast(func.sum(type_coerce(Transfer.amount, BigInteger)), BigInteger)
        ask = (
            select(side, amount)
            .join(Posting, Posting.id == Transfer.posting_id)
            .join(Account, Account.id == side)
            .where(Posting.business_date.between(first_day, last_day), Account.code.is_not(None))
            .group_by(side)
        )
        for account, moved in connection.execute(ask):
            changes[account] = changes.get(account, 0) + sign * moved
    return dict(sorted(changes.items()))


def kept_runs(connection: Connection, first_day: date) -> Iterator[Row[Any]]:
    """The checkpoints that stand for a month, in the order of `runs_of`, in minor units."""
    columns = [getattr(WalletCheckpoint, name) for name in COLUMNS]
    minor = [type_coerce(column, BigInteger).label(column.key) for column in columns[3:5]]
    ask = select(*columns[:3], *minor, columns[5]).where(WalletCheckpoint.first_day == first_day)
    ordered = ask.order_by(WalletCheckpoint.wallet_id, WalletCheckpoint.first_seq)
    return iter(connection.execute(ordered.execution_options(yield_per=BATCH)))


def digest_of_runs(runs: Iterable[Any]) -> tuple[int, str]:
    """How many they are, and SHA-256 over them."""
    digest, count = hashlib.sha256(), 0
    for run in runs:
        digest.update(f"{text_of(list(run))}\n".encode())
        count += 1
    return count, digest.hexdigest()
