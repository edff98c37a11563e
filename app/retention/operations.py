"""The verbs of retention: erasing a person, and writing down what was done and looked at."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.audit.operations import record
from app.core.actor import Actor
from app.core.rooms import open_rooms


def erase_person(customer_id: int, *, reason: str, actor: Actor) -> bool:
    """Take out of every room what tells who a deleted customer was; False when nothing was left of it.

    His money's history stays, under his number; every seal holds. Raises NotFound, NotDeleted.
    """
    done = [erase(customer_id, actor=actor) for room in open_rooms() for erase in room.erasers]
    if not any(done):
        return False
    changes = {"is_erased": (False, True), "reason": (None, reason)}
    record("retention.erase-person", "customer", customer_id, actor=actor, changes=changes)
    return True


def note_run(report: Mapping[str, Any], *, actor: Actor) -> None:
    """Write down what a run has done: the months, how many rows, and whether the proof held."""
    changes = {
        "today": (None, report["today"]),
        "months": (None, [f"{month['kind']} {month['month']}" for month in report["months"]]),
        "erased": (None, report["erased"]),
        "proof_holds": (None, report["proof"]["holds"]),
    } | {name: (None, count) for name, count in report["deleted"].items()}
    record("retention.run", "archive", None, actor=actor, changes=changes)


def note_look(customer_id: int, first_day: date, *, actor: Actor) -> None:
    """Write down that somebody is looking at what a customer did in an archived month."""
    changes = {"month": (None, f"{first_day:%Y-%m}")}
    record("retention.look", "customer", customer_id, actor=actor, changes=changes)
