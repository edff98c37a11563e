"""The office where jobs are done: huey's workers, and a sweep that enqueues what is due and finds what was lost."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import Unavailable
from app.extensions import db
from app.jobs import claims
from app.jobs.doing import work_off
from app.jobs.scheduling import enqueue_what_is_due
from app.jobs.waking import queue_of, task_of, wake
from app.jobs.workers import Worker

HANDS = 2  # runs at a time
TICK = 1.0  # seconds between two looks at what is due
SWEEP = 5.0  # seconds between two looks for the runs of dead processes
PATIENCE = 8.0  # seconds that work under way gets to end when the process is told to stop
log = logging.getLogger("prepaid-desk.jobs")


class Office:
    """Opens in the background, so that the start of a house does not wait for it."""

    def __init__(self, app: Flask, hands: int = HANDS) -> None:
        self._app, self._hands = app, hands
        self._worker = Worker(app.config["JOBS_DIR"])
        self._stopped = Event()
        self._sweeper = Thread(target=self._sweep, name="jobs", daemon=True)
        self._consumer: Any = None
        self._spare: Thread | None = None

    def open(self) -> None:
        self._sweeper.start()

    def close(self, patience: float = PATIENCE) -> bool:
        """Begin nothing new, and let what is under way end. Whether it has; what has not is taken up by others."""
        self._stopped.set()
        give_up_at = time.monotonic() + patience
        self._sweeper.join(patience)
        threads = [thread for _, thread in self._consumer.worker_threads] if self._consumer else []
        threads += [self._spare] if self._spare else []
        for thread in threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))
        is_idle = not any(thread.is_alive() for thread in [*threads, self._sweeper])
        self._worker.end(is_idle=is_idle)
        return is_idle

    def _sweep(self) -> None:
        self._consumer = self._hire()
        swept_at = float("-inf")
        while not self._stopped.is_set():
            try:
                with self._app.app_context():
                    is_time = time.monotonic() - swept_at >= SWEEP
                    self._look(is_time)
                    swept_at = time.monotonic() if is_time else swept_at
            except (Unavailable, SQLAlchemyError) as failure:
                log.warning("The sweep of jobs could not read or write (%s).", type(failure).__name__)
            self._stopped.wait(TICK)
        self._consumer.stop_flag.set()

    def _look(self, is_time: bool) -> None:
        try:
            enqueue_what_is_due(self._app.extensions["jobs"].values())
            if is_time:
                claims.take_back(self._worker.is_dead)
                self._worker.tidy()
            if claims.is_waiting() and not _is_woken(self._app) and not wake(self._app):
                self._work_unwoken()
        finally:
            db.session.remove()

    def _work_unwoken(self) -> None:
        """The queue of wake-ups is away: what waits is done all the same, one run at a time."""
        if self._spare is None or not self._spare.is_alive():
            self._spare = Thread(target=self._work, name="jobs-spare", daemon=True)
            self._spare.start()

    def _hire(self) -> Any:
        from huey.consumer import Consumer  # noqa: PLC0415 - not in the way of the start

        class Hands(Consumer):
            def _set_signal_handlers(self) -> None:
                """The process has handlers of its own."""

        logging.getLogger("huey").setLevel(logging.ERROR)
        self._app.extensions["work"] = self._work
        task_of(self._app)
        consumer = Hands(queue_of(self._app), workers=self._hands, periodic=False, max_delay=1.0, backoff=1.3)
        consumer.start()
        return consumer

    def _work(self) -> None:
        try:
            work_off(self._app, self._worker.name, lambda: not self._stopped.is_set())
        except (Unavailable, SQLAlchemyError) as failure:
            log.warning("A worker could not read or write (%s).", type(failure).__name__)


def _is_woken(app: Flask) -> bool:
    """Whether a wake-up waits already. A queue that is away holds none."""
    try:
        return bool(queue_of(app).pending_count())
    except Exception:
        # Whatever the carrier says; `wake` will warn.
        return False


@contextmanager
def open_office(app: Flask, hands: int = HANDS) -> Iterator[Office]:
    """An office for as long as the block runs."""
    office = Office(app, hands)
    office.open()
    try:
        yield office
    finally:
        office.close()
