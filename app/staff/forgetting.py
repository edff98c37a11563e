"""Forgetting sessions that ended long ago, and failures that lock nobody any more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import EachDay, Job, Run
from app.staff.operations import forget_ended_sessions, forget_old_failures


def _forget(run: Run) -> Mapping[str, Any]:
    sessions = failures = 0
    while found := in_transaction(lambda: forget_ended_sessions(actor=run.actor)):
        sessions += found
    while found := in_transaction(lambda: forget_old_failures(actor=run.actor)):
        failures += found
    return {"sessions": sessions, "failures": failures}


JOBS = (
    Job(
        "staff.forget-sessions",
        N_("Forget old sign-ins"),
        _forget,
        due=EachDay(timedelta(hours=4)),
        figures={"sessions": N_("Sessions"), "failures": N_("Failed sign-ins")},
    ),
)
