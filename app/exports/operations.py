"""What becomes of exports that nobody needs any more."""

from datetime import datetime

from sqlalchemy import select, update

from app.core.actor import Actor
from app.core.jobs.models import JobRun
from app.extensions import db
from app.tables.later import JOB


def forget_what_was_asked(before: datetime, *, actor: Actor) -> int:
    """Take out of the runs what was looked for, which may tell of a person. No record: the asking has one."""
    runs = db.session.execute(
        select(JobRun.id, JobRun.arguments).where(JobRun.name == JOB, JobRun.enqueued_at < before)
    )
    told = [run for run in runs if run.arguments["asked"]]
    for run in told:
        db.session.execute(update(JobRun).where(JobRun.id == run.id).values(arguments={**run.arguments, "asked": {}}))
    return len(told)
