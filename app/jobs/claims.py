"""Taking a run out of the table and giving it back: each change is one statement that names what it expects there.

Reads come before writes and outside of them, so that a worker with nothing to do never takes SQLite's one lock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs import WorkFailed
from app.core.jobs.models import JobRun, RunState
from app.core.jobs.queue import actor_of
from app.extensions import db
from app.jobs.operations import note_failure
from app.jobs.refusals import KilledTooOften

ATTEMPTS = 3
HOUSE = Actor.system("jobs")


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that is ours: nobody else's statement will match its attempt."""

    id: int
    name: str
    arguments: Mapping[str, Any]
    actor: Actor
    attempt: int


def claim(worker: str) -> Claim | None:
    """Take the run that has waited longest; None when none waits.

    A run waits while another one of the same job with the same arguments is under way.
    """
    while (found := _next()) is not None:
        if taken := in_transaction(lambda run_id=found: take(run_id, worker)):  # type: ignore[misc]
            return taken
    return None


def _next() -> int | None:
    other = aliased(JobRun)
    under_way = exists().where(
        other.state == RunState.RUNNING, other.name == JobRun.name, other.arguments == JobRun.arguments
    )
    waiting = select(JobRun.id).where(JobRun.state == RunState.QUEUED, ~under_way)
    found = db.session.scalar(waiting.order_by(JobRun.id).limit(1))
    db.session.rollback()
    return found


def take(run_id: int, worker: str) -> Claim | None:
    """Part of a transaction: take this run if it waits still."""
    now = clock.real_now()
    taken = (
        update(JobRun)
        .where(JobRun.id == run_id, JobRun.state == RunState.QUEUED)
        .values(
            state=RunState.RUNNING, worker=worker, started_at=now, heartbeat_at=now, attempt=JobRun.attempt + 1,
            done=None, total=None,
        )
        .returning(JobRun.name, JobRun.arguments, JobRun.actor, JobRun.attempt)
    )  # fmt: skip
    row = db.session.execute(taken, execution_options={"synchronize_session": False}).one_or_none()
    return Claim(run_id, row.name, row.arguments, actor_of(row.actor), row.attempt) if row else None


def beat(claimed: Claim, done: int | None, total: int | None) -> bool:
    """Say that the run is alive, and how far it is. Whether it is still ours."""
    return in_transaction(lambda: _change(claimed, heartbeat_at=clock.real_now(), done=done, total=total))


def finish(claimed: Claim, result: Mapping[str, Any]) -> None:
    """Keep what the run has done."""
    in_transaction(
        lambda: _change(claimed, state=RunState.DONE, ended_at=clock.real_now(), result=dict(result), error=None)
    )


def fail(claimed: Claim, refusal: Exception) -> None:
    """Keep why it came to nothing. refusal: a refusal of the house."""
    in_transaction(lambda: _fail(claimed, refusal))


def _fail(claimed: Claim, refusal: Any) -> None:
    error = {"code": refusal.code, "sentence": refusal.sentence, "figures": dict(refusal.figures)}
    if _change(claimed, state=RunState.FAILED, ended_at=clock.real_now(), error=error):
        note_failure(claimed.id, claimed.name, refusal.code, actor=HOUSE)


def put_back(claimed: Claim, too_often: WorkFailed) -> None:
    """Let it wait again; after the last attempt it has failed, and this is why."""
    in_transaction(lambda: _put_back(claimed, too_often))


def _put_back(claimed: Claim, too_often: WorkFailed) -> None:
    if claimed.attempt >= ATTEMPTS:
        _fail(claimed, too_often)
    else:
        _change(claimed, state=RunState.QUEUED, worker=None, heartbeat_at=None)


def _change(claimed: Claim, **values: Any) -> bool:
    mine = JobRun.id == claimed.id, JobRun.state == RunState.RUNNING, JobRun.attempt == claimed.attempt
    changed = update(JobRun).where(*mine).values(**values).returning(JobRun.id)
    return db.session.scalar(changed, execution_options={"synchronize_session": False}) is not None


def take_back(is_dead: Callable[[Any], bool]) -> int:
    """Let the runs of dead processes wait again. is_dead: asked for each run under way. Returns how many."""
    columns = JobRun.id, JobRun.name, JobRun.arguments, JobRun.actor, JobRun.attempt
    asked = select(*columns, JobRun.worker, JobRun.heartbeat_at).where(JobRun.state == RunState.RUNNING)
    rows = db.session.execute(asked).all()
    db.session.rollback()
    dead = [row for row in rows if is_dead(row)]
    for row in dead:
        claimed = Claim(row.id, row.name, row.arguments, actor_of(row.actor), row.attempt)
        put_back(claimed, KilledTooOften(attempts=row.attempt))
    return len(dead)


def is_waiting() -> bool:
    """Whether a run waits for a worker."""
    return _next() is not None
