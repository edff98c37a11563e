"""Work that takes longer than a request may: done by a thread of the serving process.

The only place that starts one: a queue of jobs will take its place.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from flask import Flask

from app.core.errors import Refused

PATIENCE = 1.0  # seconds that the request waits: short work is then done when the next page opens


def start(app: Flask, work: Callable[[], object]) -> None:
    """Run `work` in an application context of its own. A refusal is on the import already, for all to see."""

    def run() -> None:
        with app.app_context(), suppress(Refused):
            work()

    thread = Thread(target=run, name="takeover", daemon=True)
    thread.start()
    thread.join(PATIENCE)
