"""Several processes with PostgreSQL: `gunicorn run:app` reads this by itself. docs/operations.md says when."""

import os
import shutil
import subprocess
import sys
import tempfile

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
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
    """Look at the settings and prepare the database once, before the first worker."""
    code = subprocess.call([sys.executable, "-m", "flask", "--app", "run", "prepare"])
    if code:
        sys.exit(code)


def post_worker_init(worker):
    """Tell of requests as `python run.py` does."""
    from app.core.logs import configure  # noqa: PLC0415 - the first process does not load the application

    configure(worker.app.wsgi())


def on_exit(server):
    """Leave nothing behind."""
    if _is_ours:
        shutil.rmtree(os.environ[SHARED], ignore_errors=True)
