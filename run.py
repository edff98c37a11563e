"""The application: `python run.py` prepares the database and serves it, `gunicorn run:app` serves it."""

import gc
import sys

gc.disable()  # a start makes no rubbish, and looking for it takes a fifth of the time

from app import create_app  # noqa: E402
from config import BadSetting  # noqa: E402

try:
    app = create_app()
except BadSetting as reason:
    sys.exit(f"Prepaid Desk cannot start: {reason}")
gc.freeze()
gc.enable()

if __name__ == "__main__":
    from app.serve import serve

    serve(app)
