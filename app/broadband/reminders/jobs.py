"""What the room does by itself every day: customers are reminded, and who is overdue for too long is suspended."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from app.broadband.reminders.due import remind_some
from app.broadband.reminders.suspending import suspend_overdue
from app.core.db import in_transaction
from app.core.errors import N_
from app.core.jobs import EachDay, Job, Run

AT_ONCE = 50  # services in one transaction: nobody waits long for one of them


def _remind(run: Run) -> Mapping[str, Any]:
    looked_at = given = 0
    while (done := in_transaction(lambda: remind_some(most=AT_ONCE, actor=run.actor))).looked_at:
        looked_at, given = looked_at + done.looked_at, given + done.given
        run.progress(looked_at)
    return {"given": given}


def _suspend(run: Run) -> Mapping[str, Any]:
    return asdict(suspend_overdue(actor=run.actor, progress=run.progress))


JOBS = (
    Job(
        "broadband.remind",
        N_("Remind customers of broadband services that stop"),
        _remind,
        due=EachDay(timedelta(hours=8)),
        figures={"given": N_("Notices given")},
    ),
    Job(
        "broadband.suspend",
        N_("Suspend broadband services that are overdue"),
        _suspend,
        due=EachDay(timedelta(hours=5)),
        figures={"suspended": N_("Force suspended"), "left": N_("Left as they are")},
    ),
)
