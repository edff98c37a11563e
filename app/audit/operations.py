"""Writing operation records, in the transaction of the change that they tell of."""

import secrets

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
        db.session.add(PersonalValues(record_id=line.id, salt=salt, changes=plain))
    return line
