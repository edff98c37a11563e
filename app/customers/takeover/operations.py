"""The verbs of taking over a list: begin, stage in short steps, apply in one, discard.

Only applying changes what the shop works with, so only applying leaves an operation record.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select, update

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.errors import NotFound
from app.core.sealed import mark, seal
from app.customers.models import CustomerImport, ImportRow, ImportState
from app.customers.takeover import queries, refusals
from app.customers.takeover.kinds import ListKind, ReadRow, Seen
from app.extensions import db

READY = (ImportState.UPLOADED, ImportState.STAGED, ImportState.FAILED)
ZERO = Decimal(0)
ID_NUMBER = "id_number"  # what every kind calls its field of these
NOTHING_READ = {"rows_staged": 0, "rows_refused": 0, "opening_total": ZERO, "bonus_total": ZERO}


def begin(
    kind: ListKind,
    file_name: str,
    *,
    store_id: int,
    upload: str | None,
    layout: Mapping[str, Any],
    rows_total: int,
    actor: Actor,
) -> int:
    """Make the document of a list that was received. upload: the name under which the file is kept."""
    now = clock.real_now()
    document = CustomerImport(
        kind=kind.name,
        file_name=file_name[-250:],
        store_id=store_id,
        upload=upload,
        layout=dict(layout),
        notes={},
        state=ImportState.UPLOADED,
        rows_total=rows_total,
        started_at=clock.now(),
        heartbeat_at=now,
        started_by=actor.staff_id,
    )
    db.session.add(document)
    db.session.flush()
    return document.id


def start_staging(import_id: int, layout: Mapping[str, Any], *, actor: Actor) -> None:
    """Begin to read the file anew. Raises NotReady while it is worked on or when it was applied."""
    _advance(import_id, READY, ImportState.STAGING, actor, layout=dict(layout), error=None, notes={}, **NOTHING_READ)


def restart_staging(import_id: int, *, actor: Actor) -> None:
    """Begin again after a reading that was killed. Raises NotReady when it is not being read."""
    _advance(import_id, (ImportState.STAGING,), ImportState.STAGING, actor, **NOTHING_READ)


def stage(kind: ListKind, import_id: int, rows: Sequence[ReadRow], *, actor: Actor) -> None:
    """Keep some rows as they were read, and refuse those that somebody else or an earlier row already is."""
    kind.refuse_doubles(import_id, rows)
    good = [row for row in rows if not row.errors]
    _advance(
        import_id,
        (ImportState.STAGING,),
        ImportState.STAGING,
        actor,
        rows_staged=CustomerImport.rows_staged + len(rows),
        rows_refused=CustomerImport.rows_refused + len(rows) - len(good),
        **{name: getattr(CustomerImport, name) + amount for name, amount in kind.sums(good).items()},
    )
    insert_rows(ImportRow.__table__, [_line(kind, import_id, row) for row in rows])


def _line(kind: ListKind, import_id: int, row: ReadRow) -> dict[str, Any]:
    number = row.values.get(ID_NUMBER)
    return {
        "import_id": import_id,
        "line": row.line,
        "phone": row.phone,
        "customer_no": row.customer_no,
        "other_key": row.other_key,
        "values": {name: value for name, value in row.values.items() if name not in kind.sealed},
        "id_number_sealed": seal(number),
        "id_number_mark": mark(number),
        "secret_sealed": seal(row.values.get(kind.secret)),
        "errors": row.errors or None,
    }


def finish_staging(import_id: int, *, notes: Mapping[str, Any], actor: Actor) -> None:
    """Say that the whole file was read. notes: what was passed over in it."""
    _advance(import_id, (ImportState.STAGING,), ImportState.STAGED, actor, notes=dict(notes))


def fail(import_id: int, *, error: Mapping[str, Any], actor: Actor) -> None:
    """Say that the work on it came to nothing, and why. An import that was applied stays so."""
    _advance(import_id, (*READY, *queries.AT_WORK), ImportState.FAILED, actor, error=dict(error))


def start_applying(import_id: int, *, actor: Actor) -> None:
    """Set the import aside for applying. Raises RowsRefused, or NotReady when another one is being applied."""
    document = queries.find(import_id, actor=actor)
    if document.rows_refused:
        raise refusals.RowsRefused(rows=document.rows_refused)
    others = select(CustomerImport.heartbeat_at).where(CustomerImport.state == ImportState.APPLYING)
    if any(clock.real_now() - beat < queries.PATIENCE for beat in db.session.scalars(others)):
        raise refusals.NotReady
    _advance(import_id, (ImportState.STAGED,), ImportState.APPLYING, actor)


def apply(kind: ListKind, import_id: int, *, actor: Actor, seen: Seen = lambda rows: None) -> dict[str, Any]:
    """Make of all rows what they are, in one go. Belongs into a command.

    seen: told how many rows are done. Returns the document's number and totals. One operation record tells of
    the whole list: a record per row would repeat the list. Raises NotReady, or ListChanged.
    """
    document = _locked(import_id)
    if kind.clashes(import_id):
        raise refusals.ListChanged
    number = _next_number(kind)
    applied = kind.apply(document, number, actor=actor, seen=seen)
    ended = {"document_no": number, "ended_at": clock.now(), "upload": None}
    _advance(import_id, (ImportState.APPLYING,), ImportState.APPLIED, actor, **applied.totals, **ended)
    told = {"document_no": number, **applied.told}
    changes = {name: (None, value) for name, value in told.items()}
    record(kind.operation, kind.object_type, import_id, actor=actor, changes=changes, store_id=document.store_id)
    return {"import_id": import_id, "document_no": number, **applied.answer, **applied.totals}


def _locked(import_id: int) -> CustomerImport:
    asked = select(CustomerImport).where(CustomerImport.id == import_id).with_for_update()
    document = db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if document is None:
        raise NotFound
    if document.state is not ImportState.APPLYING:
        raise refusals.NotReady
    return document


def _next_number(kind: ListKind) -> str:
    """The next document number, without gaps. Two at once: the second one is aborted by the unique column."""
    numbered = CustomerImport.kind == kind.name, CustomerImport.document_no.is_not(None)
    count = db.session.scalar(select(func.count()).where(*numbered)) or 0
    return f"{kind.letters}-{count + 1:06d}"


def discard(import_id: int, *, actor: Actor) -> str | None:
    """Forget a list that was not applied. Returns the name of its upload. Its rows must be gone already."""
    document = queries.find(import_id, actor=actor)
    if document.state not in READY:
        raise refusals.NotReady
    upload = document.upload
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    db.session.execute(delete(CustomerImport).where(CustomerImport.id == import_id))
    return upload


def clear_rows(import_id: int, *, actor: Actor, limit: int = queries.CHUNK) -> bool:
    """Remove some staged rows, which hold personal data; True while there may be more."""
    mine = ImportRow.import_id == import_id
    last = db.session.scalar(select(ImportRow.line).where(mine).order_by(ImportRow.line).offset(limit - 1).limit(1))
    some = delete(ImportRow).where(mine) if last is None else delete(ImportRow).where(mine, ImportRow.line <= last)
    db.session.execute(some, execution_options={"synchronize_session": False})
    return last is not None


def _advance(import_id: int, states: Sequence[ImportState], to: ImportState, actor: Actor, **values: Any) -> None:
    """Change the document only if it is in one of these states: two workers cannot both go on."""
    mine = update(CustomerImport).where(CustomerImport.id == import_id, CustomerImport.state.in_(states))
    if actor.stores is not None:
        mine = mine.where(CustomerImport.store_id.in_(actor.stores))
    changed = db.session.execute(
        mine.values(state=to, heartbeat_at=clock.real_now(), **values),
        execution_options={"synchronize_session": False},
    )
    if not changed.rowcount:
        raise refusals.NotReady
