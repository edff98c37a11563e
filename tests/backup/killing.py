"""Restores as processes of their own that can be killed: for each line, a file, one is forked.

So the program is loaded once, and a kill meets the restore itself. It says the process, and how it ended.
"""

import os
import sys

from flask import Flask

from app import create_app
from app.extensions import db
from config import TestConfig


def say(word: object) -> None:
    os.write(1, f"{word}\n".encode())


def restore(app: Flask, file: str) -> int:
    """The exit code of the command."""
    return int(app.test_cli_runner().invoke(args=["backup", "restore", file]).exit_code)


def main() -> None:
    app = create_app(TestConfig(os.environ["DATABASE_URL"]))
    with app.app_context():
        db.engine.dispose()
    while file := sys.stdin.readline().strip():
        child = os.fork()
        if not child:
            os._exit(restore(app, file))
        say(child)
        ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        say(-ended.si_status if ended.si_code == os.CLD_KILLED else ended.si_status)
        sys.stdin.readline()  # until it is asked to let go of it, nobody else has its number
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
