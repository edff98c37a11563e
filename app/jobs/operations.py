"""What people do with jobs, and what is written down of them."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.jobs import enqueue
from app.core.jobs.models import JobRun, RunState
from app.extensions import db

KEPT = {RunState.DONE: timedelta(days=30), RunState.FAILED: timedelta(days=365)}
AT_ONCE = 1000


def run_now(name: str, *, actor: Actor) -> int:
    """Enqueue a run that somebody asks for; one that waits already will do. Returns the run's id."""
    waiting = select(JobRun.id).where(JobRun.name == name, JobRun.state == RunState.QUEUED)
    if (found := db.session.scalar(waiting.limit(1))) is not None:
        return found
    run_id = enqueue(name, actor=actor)
    record("jobs.run", "job-run", run_id, actor=actor, changes={"job": (None, name)})
    return run_id


def note_failure(run_id: int, name: str, code: str, *, actor: Actor) -> None:
    """Write down that a run came to nothing."""
    record("jobs.failed", "job-run", run_id, actor=actor, changes={"job": (None, name), "code": (None, code)})


def forget_runs(*, actor: Actor) -> int:
    """Remove some runs that ended long ago (see KEPT). Returns how many; call it until there are none."""
    now = clock.real_now()
    gone = [run_id for state, kept in KEPT.items() for run_id in _ended_before(state, now - kept)]
    if gone:
        db.session.execute(delete(JobRun).where(JobRun.id.in_(gone)), execution_options={"synchronize_session": False})
        record("jobs.forget-runs", "job-run", None, actor=actor, changes={"runs": (len(gone), 0)})
    return len(gone)


def _ended_before(state: RunState, moment: datetime) -> list[int]:
    ended = select(JobRun.id).where(JobRun.state == state, JobRun.ended_at < moment).order_by(JobRun.id)
    return list(db.session.scalars(ended.limit(AT_ONCE)))
