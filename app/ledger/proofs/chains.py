"""Every wallet's transfers form a gapless chain that ends in its balance."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, exists, select, type_coerce

from app.audit.models import OperationRecord
from app.ledger.archives.models import LEAVING, Archive, ArchiveKind, ArchiveState, WalletCheckpoint
from app.ledger.archives.queries import archives, explained
from app.ledger.models import Account, Posting, Transfer
from app.ledger.proofs.found import Finding

BATCH = 10_000


def prove_chains(connection: Connection) -> Iterator[Finding | int]:
    """Walk all wallets and, beside them, all their transfers in order; checkpoints stand for those that have left."""
    left = explained(archives(connection))
    transfers, runs = _transfers(connection), Ahead(_runs(connection))
    transfer = next(transfers, None)
    for wallet in connection.execute(_wallets().execution_options(yield_per=BATCH)):
        chain = _Chain(list(runs.of(wallet.id)))
        while transfer is not None and transfer.wallet_id <= wallet.id:
            if transfer.wallet_id < wallet.id:
                yield Finding(f"transfer {transfer.posting_id}/{transfer.line}", "names a wallet that is not there")
            else:
                yield from chain.take(transfer)
            yield 1
            transfer = next(transfers, None)
        yield from chain.jump()
        yield from chain.unreached()
        yield from _end(connection, wallet, chain.seq, chain.balance, left)
    while transfer is not None:
        yield Finding(f"transfer {transfer.posting_id}/{transfer.line}", "names a wallet that is not there")
        transfer = next(transfers, None)


class Ahead:
    """Checkpoints of all wallets in order, given out wallet by wallet."""

    def __init__(self, runs: Iterator[Row[Any]]) -> None:
        self._runs = runs
        self._next = next(runs, None)

    def of(self, wallet_id: int) -> Iterator[Row[Any]]:
        while self._next is not None and self._next.wallet_id <= wallet_id:
            if self._next.wallet_id == wallet_id:
                yield self._next
            self._next = next(self._runs, None)


class _Chain:
    """One wallet's chain while it is walked: how far it is, and the checkpoints that are still to come."""

    def __init__(self, runs: list[Row[Any]]) -> None:
        self.seq = self.balance = 0
        self._runs, self._place = runs, 0
        self._leaving = [range(run.first_seq, run.last_seq + 1) for run in runs if run.state is ArchiveState.PURGING]

    def jump(self) -> Iterator[Finding]:
        """Take the checkpoints that follow at once."""
        while self._place < len(self._runs) and self._runs[self._place].first_seq == self.seq + 1:
            run = self._runs[self._place]
            if self.balance + run.change != run.balance:
                yield Finding(_where(run), f"says that {run.balance} is left, the chain makes it otherwise")
            self.seq, self.balance, self._place = run.last_seq, run.balance, self._place + 1

    def take(self, transfer: Row[Any]) -> Iterator[Finding]:
        """Go one transfer on. One that a checkpoint covers may be there for as long as its month is leaving."""
        yield from self.jump()
        if any(transfer.seq in numbers for numbers in self._leaving):
            return
        self.seq, self.balance = self.seq + 1, self.balance + _signed(transfer)
        yield from _step(transfer, self.seq, self.balance)
        self.seq, self.balance = transfer.seq, transfer.balance_after

    def unreached(self) -> Iterator[Finding]:
        for run in self._runs[self._place :]:
            yield Finding(_where(run), f"begins at {run.first_seq}, the chain ends at {self.seq}")


def _where(run: Row[Any]) -> str:
    return f"checkpoint {run.wallet_id}/{run.first_seq}"


def _runs(connection: Connection) -> Iterator[Row[Any]]:
    columns = (WalletCheckpoint.change, WalletCheckpoint.balance)
    minor = [type_coerce(column, BigInteger).label(column.key) for column in columns]
    ask = select(
        WalletCheckpoint.wallet_id, WalletCheckpoint.first_seq, WalletCheckpoint.last_seq, *minor, Archive.state
    )
    same = (Archive.first_day == WalletCheckpoint.first_day) & (Archive.kind == ArchiveKind.POSTINGS)
    ordered = ask.join(Archive, same).where(Archive.state.in_(LEAVING))
    ordered = ordered.order_by(WalletCheckpoint.wallet_id, WalletCheckpoint.first_seq)
    return iter(connection.execute(ordered.execution_options(yield_per=BATCH)))


def _wallets() -> Any:
    columns = (Account.balance, Account.held, Account.floor)
    minor = [type_coerce(column, BigInteger).label(column.key) for column in columns]
    ask = select(Account.id, Account.customer_id, Account.seq, *minor)
    return ask.where(Account.customer_id.is_not(None)).order_by(Account.id)


def _transfers(connection: Connection) -> Iterator[Row[Any]]:
    columns = (Transfer.amount, Transfer.balance_after)
    minor = [type_coerce(column, BigInteger).label(column.key) for column in columns]
    ask = select(
        Transfer.posting_id,
        Transfer.line,
        Transfer.wallet_id,
        Transfer.seq,
        Transfer.debit_id,
        Transfer.credit_id,
        *minor,
    )
    ordered = ask.where(Transfer.wallet_id.is_not(None)).order_by(Transfer.wallet_id, Transfer.seq)
    return iter(connection.execute(ordered.execution_options(yield_per=BATCH)))


def _signed(transfer: Row[Any]) -> int:
    return transfer.amount if transfer.credit_id == transfer.wallet_id else -transfer.amount


def _step(transfer: Row[Any], seq: int, balance: int) -> Iterator[Finding]:
    where = f"transfer {transfer.posting_id}/{transfer.line}"
    if transfer.wallet_id not in (transfer.credit_id, transfer.debit_id):
        yield Finding(where, "names a wallet that is on neither side of it")
    if transfer.seq != seq:
        yield Finding(where, f"has number {transfer.seq} in the chain of wallet {transfer.wallet_id}, {seq} is due")
    if transfer.balance_after != balance:
        yield Finding(where, f"says that {transfer.balance_after} is left, the chain makes it {balance}")


def _end(
    connection: Connection, wallet: Row[Any], seq: int, balance: int, explained_by_archives: set[int]
) -> Iterator[Finding]:
    where = f"wallet {wallet.id}"
    if (wallet.seq, wallet.balance) != (seq, balance):
        yield Finding(
            where, f"has {wallet.balance} after {wallet.seq} transfers, its chain ends at {balance} after {seq}"
        )
    is_explained = wallet.customer_id in explained_by_archives or (
        wallet.balance - wallet.held < wallet.floor and _is_explained(connection, wallet.customer_id)
    )
    if wallet.balance - wallet.held < wallet.floor and not is_explained:
        yield Finding(where, f"has {wallet.balance - wallet.held} free, below its floor of {wallet.floor}")


def _is_explained(connection: Connection, customer_id: int) -> bool:
    """A debt stands where a reversal was forced, or the credit limit was lowered."""
    forced = select(Posting.id).where(Posting.customer_id == customer_id, Posting.is_forced)
    lowered = select(OperationRecord.id).where(
        OperationRecord.object_type == "customer",
        OperationRecord.object_id == customer_id,
        OperationRecord.operation == "ledger.set-credit-limit",
    )
    return bool(connection.scalar(select(exists(forced) | exists(lowered))))
