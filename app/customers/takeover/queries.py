"""What is known of imports and of their staged rows."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.jobs.models import JobRun, RunState
from app.customers.models import CustomerImport, ImportRow, ImportState
from app.extensions import db

CHUNK = 5000
LARGEST_ID = 2**63 - 1
PATIENCE = timedelta(seconds=60)
ABANDONED = timedelta(days=7)
AT_WORK = (ImportState.STAGING, ImportState.APPLYING)


def find(import_id: int, *, actor: Actor, kind: str | None = None) -> CustomerImport:
    """One import. kind: of which it must be. Raises NotFound, also for one of a store beyond the actor's reach."""
    found = db.session.get(CustomerImport, import_id) if import_id <= LARGEST_ID else None
    if found is None or not actor.reaches(found.store_id) or kind not in (None, found.kind):
        raise NotFound
    return found


def latest(kind: str, *, actor: Actor, limit: int = 20) -> list[CustomerImport]:
    """The newest imports of a kind within reach, newest first."""
    asked = select(CustomerImport).where(CustomerImport.kind == kind).order_by(CustomerImport.id.desc()).limit(limit)
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
    return found.state in AT_WORK and silent and not is_marked and run_of(found) is None


def check_job(kind: str) -> str:
    """The name of the job that checks lists of that kind."""
    return f"{kind}.check-import"


def apply_job(kind: str) -> str:
    """The name of the job that applies lists of that kind."""
    return f"{kind}.apply-import"


def run_of(found: CustomerImport) -> JobRun | None:
    """The run that works on an import, or waits to; None when there is none."""
    names = (check_job(found.kind), apply_job(found.kind))
    mine = JobRun.name.in_(names), JobRun.arguments == {"import_id": found.id}
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
    sealed = (ImportRow.id_number_sealed, ImportRow.id_number_mark, ImportRow.secret_sealed)
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
