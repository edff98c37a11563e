"""A run of retention as a process of its own, that says each step and can be killed. Its argument: the day."""

import os
import sys
from datetime import date

from app import create_app
from app.core.actor import Actor
from app.retention import leaving
from app.retention.run import retain
from config import TestConfig


def main() -> None:
    app = create_app(TestConfig(os.environ["DATABASE_URL"], ARCHIVE_DIR=os.environ["ARCHIVE_DIR"]))
    leaving.AT_ONCE, leaving.LONGEST_PAUSE = 4, 0.0
    with app.app_context():
        retain(
            today=date.fromisoformat(sys.argv[1]),
            actor=Actor.system("test"),
            told=lambda step: print(step, flush=True),  # noqa: T201
        )


if __name__ == "__main__":
    main()
