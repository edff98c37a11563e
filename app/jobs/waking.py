"""Waking a worker. huey carries the word; whatever it loses, a sweep finds again in our own table."""

import logging
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core.jobs.queue import ENQUEUED

QUEUE = "prepaid-desk"
_making = Lock()
log = logging.getLogger("prepaid-desk.jobs")


def queue_of(app: Flask) -> Any:
    """The queue of wake-ups of this house: on Redis, in a file, or (for tests) in memory."""
    with _making:
        if "wake-ups" not in app.extensions:
            app.extensions["wake-ups"] = _made(app.config["REDIS_URL"], app.config["JOBS_DIR"])
        return app.extensions["wake-ups"]


def _made(redis_url: str, folder: str) -> Any:
    import huey  # noqa: PLC0415 - a process that never enqueues does without

    if redis_url:
        return huey.RedisHuey(QUEUE, url=redis_url, results=False)
    if not folder:
        return huey.MemoryHuey(QUEUE, results=False, immediate=False)
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    return huey.SqliteHuey(QUEUE, filename=str(Path(folder) / "wake-ups.db"), results=False, fsync=False)


def task_of(app: Flask) -> Any:
    """What huey runs when it is woken. Who only wakes others never runs it."""
    queue = queue_of(app)
    with _making:
        if "wake-up" not in app.extensions:
            app.extensions["wake-up"] = queue.task(name="work")(lambda: app.extensions["work"]())
        return app.extensions["wake-up"]


def wake(app: Flask) -> bool:
    """Wake a worker. Whether the word got through: a queue that is away is no reason to fail."""
    try:
        task_of(app)()
        return True
    except Exception:
        # Whatever the carrier says: the run is committed, and is found without it.
        log.warning("No worker could be woken; the run waits for the next sweep.", exc_info=True)
        return False


@event.listens_for(Session, "after_commit")
def _wake_after(session: Session) -> None:
    if session.info.pop(ENQUEUED, False) and has_app_context():
        wake(current_app._get_current_object())  # type: ignore[attr-defined]


@event.listens_for(Session, "after_rollback")
def _forget_after(session: Session) -> None:
    session.info.pop(ENQUEUED, None)
