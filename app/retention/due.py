"""Which months are due to leave, and where each one is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from app.audit.models import OperationRecord
from app.core.days import DayClose, DayState
from app.core.months import first_of, last_of, month_after
from app.ledger.archives.models import ArchiveKind, ArchiveState
from app.ledger.archives.queries import archives
from app.ledger.models import Posting, Transfer
from app.shop.keeping import KEEP_POSTINGS, KEEP_RECORDS, cut_off

SETTINGS = {ArchiveKind.POSTINGS: KEEP_POSTINGS, ArchiveKind.RECORDS: KEEP_RECORDS}


@dataclass(frozen=True)
class Month:
    """One month of one kind that is to leave. state: None when nobody has planned it."""

    kind: ArchiveKind
    first_day: date
    last_day: date
    state: ArchiveState | None = None


def cut_offs(today: date) -> dict[ArchiveKind, date | None]:
    """The first day of each kind that is kept; None: all of it is."""
    return {kind: cut_off(name, today) for kind, name in SETTINGS.items()}


def due(connection: Connection, limits: dict[ArchiveKind, date | None], *, closed: date | None = None) -> list[Month]:
    """Months that leave now, oldest first: begun ones, and those before the cut-off whose days are all closed.

    closed: as if every day up to this one were closed.
    """
    first, last = _closed_days(connection)
    first = first or _first_day(connection)
    last = max(filter(None, (last, closed)), default=None)
    known = {(one.kind, one.first_day): one.state for one in archives(connection)}
    return [
        Month(kind, month, last_of(month), known.get((kind, month)))
        for month in _months(first, last)
        for kind in ArchiveKind
        if known.get((kind, month)) is not ArchiveState.PURGED
        and (_is_old(last_of(month), limits[kind]) or known.get((kind, month)) is ArchiveState.PURGING)
    ]


def _is_old(last_day: date, limit: date | None) -> bool:
    return limit is not None and last_day < limit


def _months(first: date | None, last: date | None) -> Iterator[date]:
    """The first days of the months that are closed to their end."""
    if first is None or last is None:
        return
    month = first_of(first)
    while last_of(month) <= last:
        yield month
        month = month_after(month)


def _closed_days(connection: Connection) -> tuple[date | None, date | None]:
    ask = select(func.min(DayClose.day), func.max(DayClose.day)).where(DayClose.state == DayState.CLOSED)
    row = connection.execute(ask).one()
    return row[0], row[1]


def _first_day(connection: Connection) -> date | None:
    firsts = [connection.scalar(select(func.min(dated.business_date))) for dated in (Posting, OperationRecord)]
    return min((day for day in firsts if day), default=None)


def counts(connection: Connection, month: Month) -> dict[str, int]:
    """How many rows of the month are here."""
    days = (month.first_day, month.last_day)
    if month.kind is ArchiveKind.RECORDS:
        ask = select(func.count()).select_from(OperationRecord).where(OperationRecord.business_date.between(*days))
        return {"records": connection.scalar(ask) or 0}
    postings = select(func.count()).select_from(Posting).where(Posting.business_date.between(*days))
    transfers = select(func.count()).select_from(Transfer).join(Posting).where(Posting.business_date.between(*days))
    return {"postings": connection.scalar(postings) or 0, "transfers": connection.scalar(transfers) or 0}
