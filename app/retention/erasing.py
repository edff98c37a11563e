"""Deleted customers become nameless when both limits have passed since."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.customers.queries import deleted_before
from app.extensions import db
from app.ledger.archives.models import ArchiveKind
from app.retention.operations import erase_person

AT_ONCE = 500
REASON = "retention"


def erase_deleted(
    limits: Mapping[ArchiveKind, date | None], *, actor: Actor, told: Callable[[str], None] = lambda step: None
) -> int:
    """Erase every customer who was deleted before both cut-offs; how many. With a limit of never: nobody."""
    until = min((day or date.min for day in limits.values()), default=date.min)
    if until == date.min:
        return 0
    erased = 0
    while numbers := _next(until):
        for number in numbers:
            in_transaction(partial(erase_person, number, reason=REASON, actor=actor))
            told("erased")
        erased += len(numbers)
    return erased


def _next(until: date) -> list[int]:
    db.session.rollback()
    return list(deleted_before(clock.start_of(until), limit=AT_ONCE))
