"""Postings, receipts, reversals, commands and operation records belong together, one to one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.audit.models import OperationRecord
from app.core.commands import Command, Outcome
from app.ledger.archives.models import LEAVING, Archive, ArchiveKind
from app.ledger.models import Kind, Posting, Receipt, Reversal
from app.ledger.proofs.found import Finding

BATCH = 10_000
original = aliased(Posting)


def prove_links(connection: Connection) -> Iterator[Finding | int]:
    """Ask for whatever stands alone; a healthy ledger answers with nothing."""
    yield connection.scalar(select(func.count()).select_from(Posting)) or 0
    for table, ask, what in QUESTIONS:
        for (number,) in connection.execute(ask.execution_options(yield_per=BATCH)):
            yield Finding(f"{table} {number}", what)


def _without(row: Any, *belongs: Any) -> Select[Any]:
    return select(row).where(~exists().where(and_(*belongs)))


_same_receipt = (
    Receipt.posting_id == Posting.id,
    Receipt.receipt_no == Posting.receipt_no,
    Receipt.business_date == Posting.business_date,
)


def _not_left(day: Any, kind: ArchiveKind) -> Any:
    """Whether rows of that day are all online: no archive has begun to take them."""
    left = select(func.max(Archive.last_day)).where(Archive.kind == kind, Archive.state.in_(LEAVING)).scalar_subquery()
    return or_(left.is_(None), day > left)


_is_reversed = and_(Reversal.reversal_id == Posting.id, Reversal.posting_id == Posting.reverses_id)
_is_online = _not_left(Receipt.business_date, ArchiveKind.POSTINGS)
_left_for_archive = exists().where(Receipt.posting_id == Reversal.reversal_id, ~_is_online)

QUESTIONS: tuple[tuple[str, Select[Any], str], ...] = (
    ("posting", _without(Posting.id, *_same_receipt), "has no receipt, or another one's"),
    ("receipt", _without(Receipt.posting_id, Posting.id == Receipt.posting_id).where(_is_online), "has no posting"),
    (
        "posting",
        _without(Posting.id, _is_reversed).where(Posting.kind == Kind.REVERSAL),
        "is a reversal that is not registered",
    ),
    (
        "reversal",
        _without(Reversal.posting_id, Posting.id == Reversal.reversal_id).where(~_left_for_archive),
        "names a reversal that is gone",
    ),
    (
        "reversal",
        _without(Reversal.posting_id, Receipt.posting_id == Reversal.posting_id),
        "undoes a posting that never had a receipt",
    ),
    (
        "posting",
        select(Posting.id)
        .join(original, original.id == Posting.reverses_id)
        .where(or_(original.kind != Posting.reverses_kind, func.abs(original.amount) != Posting.amount)),
        "reverses a posting of another kind or amount",
    ),
    (
        "posting",
        _without(Posting.id, Command.id == Posting.command_id, Command.outcome == Outcome.APPLIED),
        "has no command",
    ),
    (
        "posting",
        _without(Posting.id, OperationRecord.object_type == "posting", OperationRecord.object_id == Posting.id).where(
            Posting.source_type.is_(None), _not_left(Posting.business_date, ArchiveKind.RECORDS)
        ),
        "has no operation record",
    ),
)
