"""What is known of imports and of their staged rows."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.jobs.models import JobRun, RunState
from app.customers.models import Customer, CustomerImport, ImportRow, ImportState
from app.extensions import db

CHUNK = 5000
LARGEST_ID = 2**63 - 1
PATIENCE = timedelta(seconds=60)
ABANDONED = timedelta(days=7)
AT_WORK = (ImportState.STAGING, ImportState.APPLYING)
CHECK, APPLY = "customers.check-import", "customers.apply-import"  # the jobs that do it


class Taken(NamedTuple):
    """Phone numbers and customer numbers that belong to somebody already. lines: of this list, else None."""

    phones: dict[str, int | None]
    numbers: dict[str, int | None]


def find(import_id: int, *, actor: Actor) -> CustomerImport:
    """One import. Raises NotFound, also for one of a store beyond the actor's reach."""
    found = db.session.get(CustomerImport, import_id) if import_id <= LARGEST_ID else None
    if found is None or not actor.reaches(found.store_id):
        raise NotFound
    return found


def latest(*, actor: Actor, limit: int = 20) -> list[CustomerImport]:
    """The newest imports within reach, newest first."""
    asked = select(CustomerImport).order_by(CustomerImport.id.desc()).limit(limit)
    if actor.stores is not None:
        asked = asked.where(CustomerImport.store_id.in_(actor.stores))
    return list(db.session.scalars(asked))


def abandoned(*, actor: Actor) -> list[int]:
    """Lists within reach that nobody has gone on with for days: they hold personal data for nothing."""
    asked = select(CustomerImport.id).where(
        CustomerImport.state != ImportState.APPLIED, CustomerImport.heartbeat_at < clock.real_now() - ABANDONED
    )
    if actor.stores is not None:
        asked = asked.where(CustomerImport.store_id.in_(actor.stores))
    return list(db.session.scalars(asked))


def is_stalled(found: CustomerImport, *, is_marked: bool) -> bool:
    """Whether the work on it has died, and nobody will take it up. is_marked: its mark is fresh."""
    silent = clock.real_now() - found.heartbeat_at > PATIENCE
    return found.state in AT_WORK and silent and not is_marked and run_of(found.id) is None


def run_of(import_id: int) -> JobRun | None:
    """The run that works on an import, or waits to; None when there is none."""
    mine = JobRun.name.in_((CHECK, APPLY)), JobRun.arguments == {"import_id": import_id}
    under_way = JobRun.state.in_((RunState.QUEUED, RunState.RUNNING))
    asked = select(JobRun).where(*mine, under_way).order_by(JobRun.id.desc()).limit(1)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def uploads() -> set[str]:
    """The names of the files that belong to an import."""
    return {name for name in db.session.scalars(select(CustomerImport.upload)) if name}


def refused_rows(import_id: int, limit: int | None = None) -> Iterator[ImportRow]:
    """The rows that cannot be taken over, in the order of the file; read in portions."""
    return (row for row in _rows(import_id, limit, is_refused=True))


def good_rows(import_id: int) -> Iterator[list[ImportRow]]:
    """The rows to take over, in the order of the file, in chunks."""
    chunk: list[ImportRow] = []
    for row in _rows(import_id, None, is_refused=False):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _rows(import_id: int, limit: int | None, *, is_refused: bool) -> Iterator[ImportRow]:
    last, given = -1, 0
    sealed = (ImportRow.id_number_sealed, ImportRow.id_number_mark)
    columns = (ImportRow.line, ImportRow.phone, ImportRow.customer_no, ImportRow.values, ImportRow.errors, *sealed)
    wanted = ImportRow.errors.is_not(None) if is_refused else ImportRow.errors.is_(None)
    while limit is None or given < limit:
        portion = CHUNK if limit is None else min(CHUNK, limit - given)
        asked = select(*columns).where(ImportRow.import_id == import_id, ImportRow.line > last, wanted)
        rows = db.session.execute(asked.order_by(ImportRow.line).limit(portion)).all()
        yield from rows
        if len(rows) < portion:
            return
        last, given = rows[-1].line, given + len(rows)


def taken(import_id: int, phones: Collection[str], numbers: Collection[str]) -> Taken:
    """Which of these belong to a customer, or to an earlier row of the same list."""
    own_phones = select(ImportRow.phone, func.min(ImportRow.line)).where(
        ImportRow.import_id == import_id, ImportRow.phone.in_(phones)
    )
    own_numbers = select(ImportRow.customer_no, func.min(ImportRow.line)).where(
        ImportRow.import_id == import_id, ImportRow.customer_no.in_(numbers)
    )
    theirs = select(Customer.phone).where(Customer.phone.in_(phones), Customer.deleted_at.is_(None))
    their_numbers = select(Customer.customer_no).where(Customer.customer_no.in_(numbers))
    return Taken(
        dict(db.session.execute(own_phones.group_by(ImportRow.phone)).all())
        | dict.fromkeys(db.session.scalars(theirs)),
        dict(db.session.execute(own_numbers.group_by(ImportRow.customer_no)).all())
        | dict.fromkeys(db.session.scalars(their_numbers)),
    )


def clashes(import_id: int) -> int:
    """How many rows have become customers, by phone or number, since the list was checked."""
    by_phone = select(func.count()).select_from(ImportRow).join(Customer, Customer.phone == ImportRow.phone)
    by_number = (
        select(func.count()).select_from(ImportRow).join(Customer, Customer.customer_no == ImportRow.customer_no)
    )
    mine = ImportRow.import_id == import_id
    found = db.session.scalar(by_phone.where(mine, Customer.deleted_at.is_(None))) or 0
    return found or db.session.scalar(by_number.where(mine)) or 0
