"""Several processes with PostgreSQL: `gunicorn run:app` reads this by itself. docs/operations.md says when."""

import os
import subprocess
import sys

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
worker_class = "gthread"
threads = 8
timeout = 120
control_socket_disable = True


def on_starting(server):
    """Look at the settings and prepare the database once, before the first worker."""
    code = subprocess.call([sys.executable, "-m", "flask", "--app", "run", "prepare"])
    if code:
        sys.exit(code)
