"""Writing operation records, in the transaction of the change that they tell of."""

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, null, select, update

from app.audit.lines import Changes, columns, hash_personal
from app.audit.models import OperationRecord, PersonalValues
from app.core.actor import Actor
from app.extensions import db


def record(
    operation: str,
    object_type: str,
    object_id: int | None,
    *,
    actor: Actor,
    changes: Changes | None = None,
    personal: Changes | None = None,
    store_id: int | None = None,
    command_id: int | None = None,
) -> OperationRecord:
    """Write down one change.

    operation: "room.verb". changes, personal: {"field": (before, after)}; what tells of a person goes into
    `personal`. Secrets (passwords, tokens, keys) must never be handed over; write that they changed instead.
    """
    line = OperationRecord(
        **columns(operation, object_type, object_id, actor=actor, changes=changes or {}),
        store_id=store_id,
        command_id=command_id,
    )
    db.session.add(line)
    if personal:
        salt = secrets.token_hex(16)
        plain = {name: list(pair) for name, pair in personal.items()}
        line.personal_hash = hash_personal(salt, plain)
        db.session.flush()
        whose = {"object_type": object_type, "object_id": object_id}
        db.session.add(PersonalValues(record_id=line.id, salt=salt, changes=plain, **whose))
    return line


def erase_customer_records(customer_id: int, *, actor: Actor) -> int:
    """Empty what records say of a customer, archived ones too; how many did. The caller writes the record."""
    return erase_records("customer", [customer_id], actor=actor)


def erase_records(object_type: str, object_ids: Sequence[int], *, actor: Actor) -> int:
    """Empty what records say of the persons behind such objects, archived ones too; how many did."""
    told = (PersonalValues.object_type == object_type, PersonalValues.object_id.in_(object_ids))
    emptied = update(PersonalValues).where(*told, PersonalValues.changes.is_not(None)).values(changes=null())
    return db.session.execute(emptied.execution_options(synchronize_session=False)).rowcount


def purge_records(day: date, *, most: int, actor: Actor) -> int:
    """Delete some records of a day that has left for an archive; how many. What they say of persons stays apart."""
    ask = select(OperationRecord.id).where(OperationRecord.business_date == day).order_by(OperationRecord.id)
    numbers = list(db.session.scalars(ask.limit(most)))
    if numbers:
        db.session.execute(delete(OperationRecord).where(OperationRecord.id.in_(numbers)))
    return len(numbers)
