"""The seal of a day: SHA-256 over everything that was written into it, and over the seal of the day before."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Enum, Select, String, select, type_coerce

from app.audit.models import OperationRecord
from app.core.db import Money
from app.ledger.frozen import POSTING_LINE, TRANSFER_LINE, Line
from app.ledger.models import Posting, Transfer
from app.ledger.seals.canon import text_of

FORMAT = 1
BATCH = 5_000
# A seal of this form is made over these columns, in this order, whatever columns the tables get later.
POSTING = [
    "id",
    "business_date",
    "posted_at",
    "hour",
    "kind",
    "amount",
    "customer_id",
    "store_id",
    "terminal",
    "shift_id",
    "operator_kind",
    "operator_id",
    "method",
    "category",
    "location",
    "source_type",
    "source_id",
    "command_id",
    "receipt_no",
    "reverses_id",
    "reverses_kind",
    "is_forced",
    "occurred_at",
    "approval_id",
    "balance_after",
    "bonus_after",
    "note",
]
TRANSFER = ["posting_id", "line", "debit_id", "credit_id", "amount", "wallet_id", "seq", "balance_after"]
RECORD = [
    "id",
    "recorded_at",
    "business_date",
    "actor_kind",
    "actor_id",
    "actor_name",
    "address",
    "store_id",
    "operation",
    "object_type",
    "object_id",
    "command_id",
    "changes",
    "personal_hash",
]


class Sealed(NamedTuple):
    """A seal, and how many rows of each kind it is over."""

    seal: str
    postings: int
    transfers: int
    records: int


def seal_of(
    connection: Connection, day: date, previous: str | None, frozen: tuple[Sequence[Line], Sequence[Line]]
) -> Sealed:
    """Work out the seal of a day that is barred. previous: the seal of the day before; None for the first day."""
    digest = hashlib.sha256(f"{text_of(['seal', FORMAT, day, previous])}\n".encode())
    counts = {}
    for word, ask in _questions(day).items():
        counts[word] = 0
        with connection.execute(ask.execution_options(yield_per=BATCH)) as found:
            for rows in found.partitions():
                digest.update("".join(f"{text_of((word, *row))}\n" for row in rows).encode())
                counts[word] += len(rows)
    for line in _frozen_lines(frozen):
        digest.update(f"{line}\n".encode())
    return Sealed(digest.hexdigest(), counts["posting"], counts["transfer"], counts["record"])


def _questions(day: date) -> dict[str, Select[Any]]:
    postings = select(*(_as_written(Posting.__table__.c[name]) for name in POSTING))
    transfers = select(*(_as_written(Transfer.__table__.c[name]) for name in TRANSFER)).join(Posting)
    records = select(*(_as_written(OperationRecord.__table__.c[name]) for name in RECORD))
    return {
        "posting": postings.where(Posting.business_date == day).order_by(Posting.id),
        "transfer": transfers.where(Posting.business_date == day).order_by(Transfer.posting_id, Transfer.line),
        "record": records.where(OperationRecord.business_date == day).order_by(OperationRecord.id),
    }


def _as_written(column: Column[Any]) -> ColumnElement[Any]:
    """Amounts and codes as the database keeps them: turning them into ours and back took half of the time."""
    if isinstance(column.type, Money):
        return type_coerce(column, BigInteger)
    return type_coerce(column, String) if isinstance(column.type, Enum) else column


def _frozen_lines(frozen: tuple[Sequence[Line], Sequence[Line]]) -> Iterator[str]:
    for word, names, lines in zip(("postings", "transfers"), (POSTING_LINE, TRANSFER_LINE), frozen, strict=True):
        for line in lines:
            yield text_of([word, *(line[name] for name in names)])
