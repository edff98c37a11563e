"""How jobs ended last: asked by the pages of the owner, by a monitor, and by what must not go on after a failure."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.core.jobs.models import JobRun, RunState
from app.extensions import db

ENDED = (RunState.DONE, RunState.FAILED)


def failed_last(names: Iterable[str]) -> list[str]:
    """Which of these jobs failed when they ended last. One look into an index for each."""
    ended = select(func.max(JobRun.id)).where(JobRun.name.in_(tuple(names)), JobRun.state.in_(ENDED))
    failed = select(JobRun.name).where(JobRun.id.in_(ended.group_by(JobRun.name)), JobRun.state == RunState.FAILED)
    return sorted(db.session.scalars(failed))
