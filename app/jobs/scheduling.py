"""Enqueueing what is due: once, whichever process finds it first, and once for however many days off."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.db import in_transaction
from app.core.jobs import Job
from app.core.jobs.models import JobDue, JobRun, RunState
from app.core.jobs.queue import enqueue_due
from app.extensions import db
from app.jobs.claims import HOUSE

LEEWAY = timedelta(minutes=1)  # by which the clocks of two machines may differ


def enqueue_what_is_due(jobs: Iterable[Job]) -> list[str]:
    """Enqueue a run of every job whose moment has come, and name the next moment. The names of these jobs."""
    moments = next_moments()
    db.session.rollback()
    now = clock.now()
    return [job.name for job in jobs if _look_at(job, moments.get(job.name), now)]


def next_moments() -> dict[str, datetime]:
    """When each job is due next, as far as it is known."""
    return {row.name: row.due_at for row in db.session.execute(select(JobDue.name, JobDue.due_at))}


def _look_at(job: Job, due_at: datetime | None, now: datetime) -> bool:
    if job.due is None:
        return False
    following = job.due.after(now)
    if due_at is None:
        _plan(job.name, following)
    elif due_at <= now:
        return in_transaction(lambda: _enqueue(job.name, due_at, following))
    elif due_at > following + LEEWAY:  # the schedule was changed, or the clock was set back
        in_transaction(lambda: _move(job.name, due_at, following))
    return False


def _plan(name: str, following: datetime) -> None:
    try:
        in_transaction(lambda: db.session.execute(insert(JobDue).values(name=name, due_at=following)))
    except IntegrityError:
        return  # another process was faster


def _enqueue(name: str, due_at: datetime, following: datetime) -> bool:
    """Part of one transaction. Whether a run was enqueued: not when one of before has not ended yet."""
    if not _move(name, due_at, following):
        return False
    at_it = exists().where(
        JobRun.name == name, JobRun.due_at.is_not(None), JobRun.state.in_((RunState.QUEUED, RunState.RUNNING))
    )
    return not db.session.scalar(select(at_it)) and enqueue_due(name, due_at, actor=HOUSE)


def _move(name: str, due_at: datetime, following: datetime) -> bool:
    moved = update(JobDue).where(JobDue.name == name, JobDue.due_at == due_at).values(due_at=following)
    return db.session.scalar(moved.returning(JobDue.name), execution_options={"synchronize_session": False}) is not None
