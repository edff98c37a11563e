"""Closed days follow each other, their totals are those of their rows, and their seals are true and signed."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select

from app.audit.models import OperationRecord
from app.core.days import ONE_DAY, DayClose, DayState
from app.ledger.archives.making import LINES, digest_of
from app.ledger.archives.models import ArchiveKind
from app.ledger.archives.queries import Archived, archives
from app.ledger.frozen import Line, freeze, frozen
from app.ledger.models import DayPostings, DayTransfers, Posting
from app.ledger.proofs.found import Finding
from app.ledger.seals.digest import Sealed, frozen_lines, seal_of
from app.ledger.seals.keys import is_signed, key_id


def prove_days(connection: Connection) -> Iterator[Finding | int]:
    """Walk the closed days in order and work out each one's totals and seal again."""
    days = connection.execute(select(*DayClose.__table__.c).order_by(DayClose.day)).all()
    before: Row[Any] | None = None
    left = {(one.kind, day): one for one in archives(connection) if one.has_left for day in one.days}
    for day in days:
        yield 1
        yield from _follows(day, before)
        if day.state is DayState.CLOSED:
            gone = [left[kind, day.day] for kind in ArchiveKind if (kind, day.day) in left]
            yield from _prove_left(connection, day, gone) if gone else _prove(connection, day, before)
            yield from _prove_signature(day)
        before = day
    yield from _outside(connection, days)


def _follows(day: Row[Any], before: Row[Any] | None) -> Iterator[Finding]:
    where = f"day {day.day}"
    if before is None:
        if day.previous_seal is not None:
            yield Finding(where, "follows a day that is gone")
        return
    if day.day != before.day + ONE_DAY:
        yield Finding(where, f"follows {before.day}: days between them are gone")
    if before.state is not DayState.CLOSED:
        yield Finding(where, f"is barred before {before.day} is closed")
    if day.state is DayState.CLOSED and day.previous_seal != before.seal:
        yield Finding(where, "names another seal of the day before")


def _prove(connection: Connection, day: Row[Any], before: Row[Any] | None) -> Iterator[Finding]:
    where = f"day {day.day}"
    kept = frozen(connection, day.day)
    for name, stored, rows in zip(("postings", "transfers"), kept, freeze(connection, day.day), strict=True):
        if stored != rows:
            yield Finding(where, f"has frozen totals of {name} that its rows do not make: {_first(stored, rows)}")
    sealed = seal_of(connection, day.day, before.seal if before else None, kept)
    if sealed != Sealed(day.seal, day.postings, day.transfers, day.records):
        yield Finding(where, "is not what its seal says: something in it was changed, added or taken away")


def _prove_signature(day: Row[Any]) -> Iterator[Finding]:
    if key_id(day.public_key) != day.key_id or not is_signed(day.day, day.seal, day.signature, day.public_key):
        yield Finding(f"day {day.day}", "has a seal that its key did not sign")


def _prove_left(connection: Connection, day: Row[Any], gone: Sequence[Archived]) -> Iterator[Finding]:
    """A day of which rows have left: what is still here must be what the signed manifests say."""
    where, kinds = f"day {day.day}", {archive.kind for archive in gone}
    here = {"frozen": digest_of(frozen_lines(frozen(connection, day.day)))}
    here |= {kind.value: digest_of(LINES[kind](connection, day.day)) for kind in ArchiveKind if kind not in kinds}
    for archive in gone:
        told = archive.days[day.day]
        if told["seal"] != day.seal:
            yield Finding(where, "has another seal than its archive says")
        for part, digest in here.items():
            if told[part] != digest:
                yield Finding(where, f"has {part} that are not those its archive was sealed with")


def _first(stored: Sequence[Line], rows: Sequence[Line]) -> str:
    """Where the two begin to differ."""
    for number, (kept, made) in enumerate(zip(stored, rows, strict=False), start=1):
        if kept != made:
            return f"line {number}"
    return f"{len(stored)} lines instead of {len(rows)}"


def _outside(connection: Connection, days: Sequence[Row[Any]]) -> Iterator[Finding]:
    """Rows of days before the first closed one, and totals of days that are not closed."""
    if days:
        first: date = days[0].day
        for dated in (Posting, OperationRecord):
            ask = select(func.count()).select_from(dated).where(dated.business_date < first)
            if lost := connection.scalar(ask):
                yield Finding(f"day {first}", f"is the first closed one; {lost} {dated.__tablename__} rows are older")
    closed = {day.day for day in days if day.state is DayState.CLOSED}
    for model in (DayPostings, DayTransfers):
        for (day,) in connection.execute(select(model.day).distinct()):
            if day not in closed:
                yield Finding(f"day {day}", f"has rows in {model.__tablename__} and is not closed")
