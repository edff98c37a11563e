"""What is known of jobs and their runs."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from app.core.errors import NotFound
from app.core.jobs import Job
from app.core.jobs.ended import ENDED
from app.core.jobs.models import JobRun, RunState
from app.extensions import db
from app.jobs.scheduling import next_moments

LARGEST_ID = 2**63 - 1


class Line(NamedTuple):
    """A job, its newest run, and when it is due next, both None when there is none."""

    job: Job
    last: JobRun | None
    due_at: datetime | None


def overview(jobs: Iterable[Job]) -> list[Line]:
    """Every job in the order of their declaration."""
    newest = select(func.max(JobRun.id)).group_by(JobRun.name)
    runs = {run.name: run for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))}
    moments = next_moments()
    return [Line(job, runs.get(job.name), moments.get(job.name) if job.due else None) for job in jobs]


def find(run_id: int) -> JobRun:
    """One run as it is now. Raises NotFound."""
    found = db.session.get(JobRun, run_id, populate_existing=True) if run_id <= LARGEST_ID else None
    if found is None:
        raise NotFound
    return found


def runs_of(name: str, limit: int, before: int | None = None) -> list[JobRun]:
    """The newest runs of a job, newest first. before: older than the run of that id."""
    asked = select(JobRun).where(JobRun.name == name).order_by(JobRun.id.desc()).limit(limit)
    if before is not None:
        asked = asked.where(JobRun.id < min(before, LARGEST_ID))
    return list(db.session.scalars(asked))


class Ended(NamedTuple):
    """How a job ended last, and when; when it was last done, None when never. seconds: how long that end took."""

    name: str
    is_done: bool
    ended_at: datetime
    seconds: float
    done_at: datetime | None


def ended() -> list[Ended]:
    """How each job that ever ended did so last."""
    done = select(JobRun.name, func.max(JobRun.ended_at)).where(JobRun.state == RunState.DONE).group_by(JobRun.name)
    done_at = {row[0]: row[1] for row in db.session.execute(done)}
    newest = select(func.max(JobRun.id)).where(JobRun.state.in_(ENDED)).group_by(JobRun.name)
    return [
        Ended(
            run.name,
            run.state is RunState.DONE,
            run.ended_at,
            (run.ended_at - run.started_at).total_seconds(),
            done_at.get(run.name),
        )
        for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(newest)))
        if run.ended_at and run.started_at
    ]


def count_waiting() -> int:
    """How many runs wait for a worker."""
    return db.session.scalar(select(func.count()).where(JobRun.state == RunState.QUEUED)) or 0
