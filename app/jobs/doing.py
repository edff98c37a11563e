"""Doing one run: its work, its heartbeat meanwhile, and what is kept of its end."""

import logging
import time
from collections.abc import Callable, Mapping
from threading import Event, Thread
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import Refused, Unavailable
from app.core.jobs import Job, Run
from app.extensions import db
from app.jobs import claims
from app.jobs.claims import Claim
from app.jobs.refusals import Busy, NoSuchJob, Unexpected

BEAT = 5.0  # seconds between two signs of life
LOOK = 0.5  # seconds between two looks whether there is progress to show
PATIENCE = 600.0  # seconds to wait for a database that is busy, to keep how a run ended
log = logging.getLogger("prepaid-desk.jobs")


class Progress:
    """How far a run is. The work tells it here, and the heart writes it down: the work may be in a transaction."""

    def __init__(self) -> None:
        self.done: int | None = None
        self.total: int | None = None

    def __call__(self, done: int, total: int | None = None) -> None:
        self.done, self.total = done, self.total if total is None else total

    @property
    def figures(self) -> tuple[int | None, int | None]:
        return self.done, self.total


class Heart:
    """Writes a sign of life of a run, and how far it is, from a thread and a connection of its own."""

    def __init__(self, app: Flask, claimed: Claim, progress: Progress) -> None:
        self._app, self._claimed, self._progress = app, claimed, progress
        self._ended = Event()
        self._thread = Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        told, at = self._progress.figures, time.monotonic()
        while not self._ended.wait(LOOK):
            figures = self._progress.figures
            if figures == told and time.monotonic() - at < BEAT:
                continue
            with self._app.app_context():
                try:
                    claims.beat(self._claimed, *figures)
                    told, at = figures, time.monotonic()
                except (Unavailable, SQLAlchemyError):
                    continue  # the next one will get through, or the run is taken back
                finally:
                    db.session.remove()


def work_off(app: Flask, worker: str, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Do the runs that wait, one after the other, until none waits. Returns how many.

    goes_on: asked before each whether to go on.
    """
    count = 0
    while goes_on():
        with app.app_context():
            claimed = claims.claim(worker)
            db.session.remove()
        if claimed is None:
            return count
        do(app, claimed)
        count += 1
    return count


def do(app: Flask, claimed: Claim) -> None:
    """Do the work of a run that was claimed, and keep how it ended."""
    progress = Progress()
    with app.app_context():
        job: Job | None = app.extensions["jobs"].get(claimed.name)
        with Heart(app, claimed, progress):
            ending = _ending(job, claimed, progress)
            db.session.remove()
            _keep(ending)
        db.session.remove()


def _ending(job: Job | None, claimed: Claim, progress: Progress) -> Callable[[], None]:
    """Do the work. How it ended, as what is to be written."""
    if job is None:
        return lambda: claims.fail(claimed, NoSuchJob())
    try:
        result: Mapping[str, Any] = job.work(Run(claimed.actor, claimed.arguments, progress))
    except Refused as refusal:
        why: Exception = refusal
    except Unavailable:
        return lambda: claims.put_back(claimed, Busy())
    except Exception as fault:
        # The one place where a fault of any kind ends: a run must not take the worker along.
        log.exception("The job %s failed in run %s.", claimed.name, claimed.id)
        why = Unexpected(fault=type(fault).__name__)
    else:
        return lambda: claims.finish(claimed, result)
    return lambda: claims.fail(claimed, why)


def _keep(ending: Callable[[], None]) -> None:
    """Write how it ended, however long others keep the database busy."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        try:
            return ending()
        except (Unavailable, SQLAlchemyError):
            if time.monotonic() >= give_up_at:
                log.exception("How a run ended could not be written down; it will be done again.")
                return None
        time.sleep(LOOK)
