"""The verbs of taking over a list: begin, stage in short steps, apply in one, discard.

Only applying changes what the shop works with, so only applying leaves an operation record.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select, update

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.errors import NotFound
from app.core.numbering import take_ids
from app.core.sealed import mark, seal
from app.customers.models import Customer, CustomerImport, CustomerType, Gender, ImportRow, ImportState, Language
from app.customers.numbers import number_of
from app.customers.phones import digits_reversed
from app.customers.takeover import queries, refusals
from app.customers.takeover.rows import ReadRow
from app.customers.takeover.words import Field
from app.extensions import db
from app.ledger.opening import Opened, Opening, open_wallets

OBJECT = "customer-import"
READY = (ImportState.UPLOADED, ImportState.STAGED, ImportState.FAILED)
ZERO = Decimal(0)
SEALED = Field.ID_NUMBER.value
NOTHING_READ = {"rows_staged": 0, "rows_refused": 0, "opening_total": ZERO, "bonus_total": ZERO}


def begin(
    file_name: str, *, store_id: int, upload: str | None, layout: Mapping[str, Any], rows_total: int, actor: Actor
) -> int:
    """Make the document of a list that was received. upload: the name under which the file is kept."""
    now = clock.real_now()
    document = CustomerImport(
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


def stage(import_id: int, rows: Sequence[ReadRow], *, actor: Actor) -> None:
    """Keep some rows as they were read, and refuse those that somebody else or an earlier row already is."""
    _refuse_doubles(import_id, rows)
    good = [row for row in rows if not row.errors]
    _advance(
        import_id,
        (ImportState.STAGING,),
        ImportState.STAGING,
        actor,
        rows_staged=CustomerImport.rows_staged + len(rows),
        rows_refused=CustomerImport.rows_refused + len(rows) - len(good),
        opening_total=CustomerImport.opening_total + _sum(good, Field.BALANCE),
        bonus_total=CustomerImport.bonus_total + _sum(good, Field.BONUS),
    )
    insert_rows(ImportRow.__table__, [_line(import_id, row) for row in rows])


def _line(import_id: int, row: ReadRow) -> dict[str, Any]:
    number = row.values.get(SEALED)
    return {
        "import_id": import_id,
        "line": row.line,
        "phone": row.phone,
        "customer_no": row.customer_no,
        "values": {name: value for name, value in row.values.items() if name != SEALED},
        "id_number_sealed": seal(number),
        "id_number_mark": mark(number),
        "errors": row.errors or None,
    }


def _sum(rows: Sequence[ReadRow], name: Field) -> Decimal:
    return sum((Decimal(row.values.get(name.value, 0)) for row in rows), ZERO)


def _refuse_doubles(import_id: int, rows: Sequence[ReadRow]) -> None:
    phones = {row.phone for row in rows if row.phone}
    numbers = {row.customer_no for row in rows if row.customer_no}
    taken = queries.taken(import_id, phones, numbers)
    for row in rows:
        _refuse_double(row, Field.PHONE, row.phone, taken.phones)
        _refuse_double(row, Field.CUSTOMER_NO, row.customer_no, taken.numbers)


def _refuse_double(row: ReadRow, name: Field, value: str | None, taken: dict[str, int | None]) -> None:
    if value is None:
        return
    if value not in taken:
        taken[value] = row.line
        return
    if (line := taken[value]) is None:
        row.refuse(name, "exists", value)
    else:
        row.refuse(name, "duplicate", value, line=line)


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


def apply(import_id: int, *, actor: Actor, seen: Callable[[int], None] = lambda rows: None) -> dict[str, Any]:
    """Make customers of all rows, with their wallets and opening balances, in one go. Belongs into a command.

    seen: told how many rows are done. Returns the document's number and totals. One operation record tells of
    the whole list: a record per customer would repeat the list. Raises NotReady, or ListChanged.
    """
    document = _locked(import_id)
    if queries.clashes(import_id):
        raise refusals.ListChanged
    opened = open_wallets(
        _customers(document, actor, seen), document_id=import_id, store_id=document.store_id, actor=actor
    )
    number = _next_number()
    totals = {"rows_applied": opened.customers, "opening_total": opened.principal, "bonus_total": opened.bonus}
    ended = {"document_no": number, "ended_at": clock.now(), "upload": None}
    _advance(import_id, (ImportState.APPLYING,), ImportState.APPLIED, actor, **totals, **ended)
    _record(document, number, opened, actor)
    return {"import_id": import_id, "document_no": number, "postings": opened.postings, **totals}


def _locked(import_id: int) -> CustomerImport:
    asked = select(CustomerImport).where(CustomerImport.id == import_id).with_for_update()
    document = db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if document is None:
        raise NotFound
    if document.state is not ImportState.APPLYING:
        raise refusals.NotReady
    return document


def _customers(document: CustomerImport, actor: Actor, seen: Callable[[int], None]) -> Iterator[Opening]:
    """Insert the customers chunk by chunk; what each of them brings is handed on to the ledger."""
    done = 0
    common = {"store_id": document.store_id, "created_at": clock.now(), "created_by": actor.staff_id, "version": 1}
    for chunk in queries.good_rows(document.id):
        numbers = take_ids(Customer.__table__, len(chunk))
        lines = [_customer(number, row) | common for number, row in zip(numbers, chunk, strict=True)]
        insert_rows(Customer.__table__, lines)
        for number, row in zip(numbers, chunk, strict=True):
            balance, bonus = (Decimal(row.values.get(name.value, 0)) for name in (Field.BALANCE, Field.BONUS))
            yield Opening(number, balance, bonus)
        done += len(chunk)
        seen(done)


PLAIN = (Field.LANDLINE, Field.CONTACT_PHONE, Field.EMAIL, Field.ADDRESS, Field.NOTE)


def _customer(customer_id: int, row: ImportRow) -> dict[str, Any]:
    values = row.values
    gender, birthday = values.get(Field.GENDER.value), values.get(Field.BIRTHDAY.value)
    language = values.get(Field.LANGUAGE.value)
    return {
        "id": customer_id,
        "customer_no": row.customer_no or number_of(customer_id),
        "phone": row.phone,
        "phone_reversed": digits_reversed(row.phone or ""),
        "name": values[Field.NAME.value],
        "type": CustomerType(values.get(Field.TYPE.value, CustomerType.PERSONAL)),
        "gender": Gender(gender) if gender else None,
        "language": Language(language) if language else None,
        "birthday": date.fromisoformat(birthday) if birthday else None,
        **{name.value: values.get(name.value) for name in PLAIN},
        "id_number_sealed": row.id_number_sealed,
        "id_number_mark": row.id_number_mark,
    }


def _next_number() -> str:
    """The next document number, without gaps. Two at once: the second one is aborted by the unique column."""
    count = db.session.scalar(select(func.count()).where(CustomerImport.document_no.is_not(None))) or 0
    return f"TK-{count + 1:06d}"


def _record(document: CustomerImport, number: str, opened: Opened, actor: Actor) -> None:
    changes = {
        "document_no": (None, number),
        "customers": (None, opened.customers),
        "opening_postings": (None, opened.postings),
        "opening_total": (None, opened.principal),
        "bonus_total": (None, opened.bonus),
    }
    record("customers.take-over", OBJECT, document.id, actor=actor, changes=changes, store_id=document.store_id)


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
