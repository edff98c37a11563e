"""Runs of retention as processes of their own that say each step and can be killed. Its argument: the day.

For each line that it reads it forks one, so that the program is loaded once; it says the process and each step.
"""

import os
import sys
from datetime import date

from flask import Flask

from app import create_app
from app.core.actor import Actor
from app.extensions import db
from app.retention import leaving
from app.retention.run import retain
from config import TestConfig


def say(word: object) -> None:
    os.write(1, f"{word}\n".encode())


def run(app: Flask) -> None:
    with app.app_context():
        retain(today=date.fromisoformat(sys.argv[1]), actor=Actor.system("test"), told=say)


def main() -> None:
    app = create_app(TestConfig(os.environ["DATABASE_URL"], ARCHIVE_DIR=os.environ["ARCHIVE_DIR"]))
    with app.app_context():
        db.engine.dispose()
    leaving.AT_ONCE, leaving.LONGEST_PAUSE = 2, 0.0
    while sys.stdin.readline():
        child = os.fork()
        if not child:
            run(app)
            os._exit(0)
        say(child)
        say(f"ended {os.waitpid(child, 0)[1]}")


if __name__ == "__main__":
    main()
