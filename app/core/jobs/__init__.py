"""Work that the house does by itself: what a room declares, and the table of runs. app/jobs runs them."""

from app.core.jobs.declared import EachDay, EachMonth, Every, Job, Run, Schedule, WorkFailed
from app.core.jobs.queue import enqueue

__all__ = ["EachDay", "EachMonth", "Every", "Job", "Run", "Schedule", "WorkFailed", "enqueue"]
