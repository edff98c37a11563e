"""Several processes with PostgreSQL: `gunicorn run:app` reads this by itself. docs/operations.md says when."""

import multiprocessing
import os
import shutil
import sys
import tempfile

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
preload_app = True  # loaded once for all workers: two that load it at once take twice as long on two cores
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 30  # seconds for what is under way when it is told to stop
control_socket_disable = True

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the workers add up what GET /metrics tells
_is_ours = SHARED not in os.environ
if _is_ours:
    os.environ[SHARED] = tempfile.mkdtemp(prefix="prepaid-desk-counts-")


def on_starting(server):
    """Prepare the database once, before the first worker: in a child, whose connections no worker must inherit."""
    child = multiprocessing.get_context("fork").Process(target=_prepare)
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)


def _prepare():
    from app.serve.preparing import CannotStart, prepare  # noqa: PLC0415 - only where it is needed
    from run import app  # noqa: PLC0415

    try:
        prepare(app)
    except CannotStart as reason:
        sys.exit(f"Prepaid Desk cannot start: {reason}")


def post_worker_init(worker):
    """Tell of requests as `python run.py` does."""
    from app.core.logs import configure  # noqa: PLC0415 - not before the settings above are made

    configure(worker.app.wsgi())


def on_exit(server):
    """Leave nothing behind."""
    if _is_ours:
        shutil.rmtree(os.environ[SHARED], ignore_errors=True)
