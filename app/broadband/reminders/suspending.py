"""Forced suspension by rule: one service at a time, looked at again under its lock."""

from collections.abc import Callable
from dataclasses import dataclass

from app.broadband.models import Service
from app.broadband.operations.filing import locked
from app.broadband.operations.states import suspend_by_force
from app.broadband.reminders.queries import overdue
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import NotFound, Refused
from app.extensions import db

REASON = "rule"  # what the document says, instead of somebody's words


@dataclass
class Suspended:
    """What a run came to. left: services that somebody paid, muted, called or closed in the meantime."""

    suspended: int = 0
    left: int = 0


def suspend_by_rule(service_id: int, *, actor: Actor) -> bool:
    """Suspend a service by force if the rule says so at this moment (`queries.to_be_suspended`).

    False, and nothing is done, when it does not say so any more. It costs nothing and its paid days run on, as with
    every forced suspension. The lock is the one that payments, calls and muting take: whoever comes second sees what
    the first one did. Raises NotFound.
    """
    service = locked(service_id, actor=actor)
    if db.session.execute(overdue().where(Service.id == service_id)).first() is None:
        return False
    suspend_by_force(service_id, reason=REASON, store_id=service.store_id, actor=actor)
    return True


def suspend_overdue(*, actor: Actor, progress: Callable[[int, int], None] = lambda done, total: None) -> Suspended:
    """Suspend what the rule says today, each service in a transaction of its own.

    Killed anywhere, it may be run again: what is suspended is not found a second time. Raises Unavailable.
    """
    numbers = [row.id for row in db.session.execute(overdue())]
    done = Suspended()
    for count, number in enumerate(numbers, start=1):
        if _one(number, actor):
            done.suspended += 1
        else:
            done.left += 1
        progress(count, len(numbers))
    return done


def _one(service_id: int, actor: Actor) -> bool:
    try:
        return in_transaction(lambda: suspend_by_rule(service_id, actor=actor))
    except (NotFound, Refused):  # gone, or out of reach, since it was found
        return False
