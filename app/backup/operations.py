"""What is written down of backups that are made and taken away through the pages."""

from sqlalchemy import select

from app.audit.operations import record
from app.core.actor import Actor
from app.core.jobs import enqueue
from app.core.jobs.models import JobRun, RunState
from app.extensions import db

CREATE = "backup.create"
BY_SOMEBODY = {"for": "somebody"}  # the arguments of a run that somebody asked for on the page of backups


def ask_for_one(*, actor: Actor) -> None:
    """Have a backup made soon, in his name; one that he waits for already will do. Its record tells of the file."""
    waits = JobRun.state.in_((RunState.QUEUED, RunState.RUNNING)), JobRun.arguments == BY_SOMEBODY
    if db.session.scalar(select(JobRun.id).where(JobRun.name == CREATE, *waits).limit(1)) is None:
        enqueue(CREATE, BY_SOMEBODY, actor=actor)


def note_creation(name: str, rows: int, *, actor: Actor) -> None:
    """Write down that somebody has made a backup. name: of its file."""
    record("backup.create", "backup", None, actor=actor, changes={"file": (None, name), "rows": (None, rows)})


def note_download(name: str, *, actor: Actor) -> None:
    """Write down that somebody takes all data away, before he gets the first byte. name: of the file."""
    record("backup.download", "backup", None, actor=actor, changes={"file": (None, name)})
