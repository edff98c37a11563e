"""The table of runs, which is the truth of what was asked for and what became of it, and the next due moments."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import BigId, JsonText, Model, UtcDateTime, big_id


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(Model):
    """One run of a job. Moments are those of the machine, but `due_at`, which is the shop's.

    actor: in whose name, with the grants that he had when he asked. worker: the process that runs it. attempt: how
    often it was begun. done, total: how far it is. error: {"code", "sentence", "figures"} when it failed.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("name", "due_at"),
        Index("ix_job_run_name", "name", "id"),
        Index("ix_job_run_state", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    name: Mapped[str] = mapped_column(String(64))
    arguments: Mapped[dict] = mapped_column(JsonText, default=dict)
    actor: Mapped[dict] = mapped_column(JsonText)
    state: Mapped[RunState] = mapped_column(default=RunState.QUEUED)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    enqueued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str | None] = mapped_column(String(100))
    attempt: Mapped[int] = mapped_column(default=0)
    done: Mapped[int | None] = mapped_column(BigId)
    total: Mapped[int | None] = mapped_column(BigId)
    result: Mapped[dict | None] = mapped_column(JsonText)
    error: Mapped[dict | None] = mapped_column(JsonText)


class JobDue(Model):
    """When a job is due next. Whoever moves the moment on enqueues the run: one process, once."""

    __tablename__ = "job_due"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
