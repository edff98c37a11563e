"""The seal of a day: SHA-256 over everything that was written into it, and over the seal of the day before."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, Select, bindparam, select

from app.audit.models import OperationRecord
from app.ledger.frozen import POSTING_LINE, TRANSFER_LINE, Line
from app.ledger.models import Posting, Transfer
from app.ledger.seals.canon import line_of, text_of

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
    parts = [posting_lines(connection, day), record_lines(connection, day), frozen_lines(frozen)]
    return seal_over(day, previous, chain.from_iterable(parts))


def seal_over(day: date, previous: str | None, lines: Iterable[str]) -> Sealed:
    """The seal of a day whose lines are these: postings, transfers, records, frozen totals, as written below."""
    digest = hashlib.sha256(f"{text_of(['seal', FORMAT, day, previous])}\n".encode())
    counts: Counter[str] = Counter()
    for line in lines:
        digest.update(f"{line}\n".encode())
        counts[word_of(line)] += 1
    return Sealed(digest.hexdigest(), counts["posting"], counts["transfer"], counts["record"])


def word_of(line: str) -> str:
    """What kind of row a line is: its first word."""
    return line[2 : line.index('"', 2)]


def posting_lines(connection: Connection, day: date) -> Iterator[str]:
    """The day's postings, then its transfers."""
    yield from _lines(connection, "posting", day)
    yield from _lines(connection, "transfer", day)


def record_lines(connection: Connection, day: date) -> Iterator[str]:
    """The day's operation records."""
    yield from _lines(connection, "record", day)


def frozen_lines(frozen: tuple[Sequence[Line], Sequence[Line]]) -> Iterator[str]:
    """The day's frozen totals."""
    for word, names, lines in zip(("postings", "transfers"), (POSTING_LINE, TRANSFER_LINE), frozen, strict=True):
        for line in lines:
            yield text_of([word, *(line[name] for name in names)])


def _lines(connection: Connection, word: str, day: date) -> Iterator[str]:
    with connection.execute(_questions(connection.dialect.name)[word], {"day": day}) as rows:
        yield from rows.scalars()


@cache
def _questions(dialect: str) -> Mapping[str, Select[Any]]:
    """What asks for the lines of a day, by their word. Made once: a year has many days."""

    def lines(word: str, model: Any, names: Sequence[str]) -> Select[Any]:
        columns = [model.__table__.c[name] for name in names]
        return select(line_of(word, columns, dialect)).execution_options(yield_per=BATCH)

    day = bindparam("day", type_=Date)
    of_day = Posting.business_date == day
    transfers = lines("transfer", Transfer, TRANSFER).join(Posting, Posting.id == Transfer.posting_id)
    records = lines("record", OperationRecord, RECORD)
    return {
        "posting": lines("posting", Posting, POSTING).where(of_day).order_by(Posting.id),
        "transfer": transfers.where(of_day).order_by(Transfer.posting_id, Transfer.line),
        "record": records.where(OperationRecord.business_date == day).order_by(OperationRecord.id),
    }
