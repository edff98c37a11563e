"""The application: `python run.py` prepares the database and serves it, `gunicorn run:app` serves it."""

import sys

from app import create_app
from config import BadSetting

try:
    app = create_app()
except BadSetting as reason:
    sys.exit(f"Prepaid Desk cannot start: {reason}")

if __name__ == "__main__":
    from app.serve import serve

    serve(app)
