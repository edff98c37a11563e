"""Every wallet's transfers form a gapless chain that ends in its balance."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, exists, select, type_coerce

from app.audit.models import OperationRecord
from app.ledger.models import Account, Posting, Transfer
from app.ledger.proofs.found import Finding

BATCH = 10_000


def prove_chains(connection: Connection) -> Iterator[Finding | int]:
    """Walk all wallets and, beside them, all their transfers in order."""
    transfers = _transfers(connection)
    transfer = next(transfers, None)
    for wallet in connection.execute(_wallets().execution_options(yield_per=BATCH)):
        seq = balance = 0
        while transfer is not None and transfer.wallet_id <= wallet.id:
            if transfer.wallet_id < wallet.id:
                yield Finding(f"transfer {transfer.posting_id}/{transfer.line}", "names a wallet that is not there")
            else:
                seq, balance = seq + 1, balance + _signed(transfer)
                yield from _step(transfer, seq, balance)
                seq, balance = transfer.seq, transfer.balance_after
            yield 1
            transfer = next(transfers, None)
        yield from _end(connection, wallet, seq, balance)
    if transfer is not None:
        yield Finding(f"transfer {transfer.posting_id}/{transfer.line}", "names a wallet that is not there")


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


def _end(connection: Connection, wallet: Row[Any], seq: int, balance: int) -> Iterator[Finding]:
    where = f"wallet {wallet.id}"
    if (wallet.seq, wallet.balance) != (seq, balance):
        yield Finding(
            where, f"has {wallet.balance} after {wallet.seq} transfers, its chain ends at {balance} after {seq}"
        )
    if wallet.balance - wallet.held < wallet.floor and not _is_explained(connection, wallet.customer_id):
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
