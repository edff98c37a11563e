"""What stands on the line of an operation record: its plain columns, and the hash of what is personal."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.core import clock, days
from app.core.actor import Actor
from app.core.db import dump_json

Changes = Mapping[str, tuple[Any, Any]]


def columns(
    operation: str,
    object_type: str,
    object_id: int | None,
    *,
    actor: Actor,
    changes: Changes,
    at: datetime | None = None,
    business_date: date | None = None,
) -> dict[str, Any]:
    """The values of a record's plain columns, for writers that insert rows without the ORM.

    at, business_date: now, and the day that a fact of that moment belongs to, unless the writer knows them.
    """
    instant = at or clock.now()
    return {
        "recorded_at": instant,
        "business_date": business_date or days.business_date(instant),
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "address": actor.address,
        "operation": operation,
        "object_type": object_type,
        "object_id": object_id,
        "changes": {name: list(pair) for name, pair in changes.items()},
    }


def hash_personal(salt: str, changes: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the salt and the sorted JSON of the personal values."""
    return hashlib.sha256(f"{salt}\n{dump_json(changes)}".encode()).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs between two readings of the same thing, as {"field": (before, after)}."""
    return {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }
