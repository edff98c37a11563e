"""What the room does by itself every day: whoever is overdue for too long is suspended by force."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from app.broadband.reminders.suspending import suspend_overdue
from app.core.errors import N_
from app.core.jobs import EachDay, Job, Run


def _suspend(run: Run) -> Mapping[str, Any]:
    return asdict(suspend_overdue(actor=run.actor, progress=run.progress))


JOBS = (
    Job(
        "broadband.suspend",
        N_("Suspend broadband services that are overdue"),
        _suspend,
        due=EachDay(timedelta(hours=5)),
        figures={"suspended": N_("Suspended"), "left": N_("Left as they are")},
    ),
)
