"""A house served by processes of its own, as docs/operations.md says, that can be killed at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import make_url

from app import create_app
from app.extensions import db
from app.ledger.proofs import verify
from config import ROOT, TestConfig
from tests.staff.people import PASSWORD

LIMIT = 120  # seconds to the first answer, however slow the machine is
SEAL_KEY = "5ea1" * 16  # that of TestConfig, whose proofs read the seals
ON_SQLITE = [sys.executable, "run.py"]
ON_POSTGRESQL = [sys.executable, "-m", "gunicorn", "run:app", "--workers", "2", "--threads", "8"]
OTHERS = ("TESTING", "TEST_NOW", "ENABLED_FEATURES", "BASE_URL", "REDIS_URL", "JOBS_DIR")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class House:
    """wrapper: a command that runs the server, such as strace. more: settings of the deployment."""

    def __init__(self, url: str, folder: Path, wrapper: Sequence[str] = (), **more: str) -> None:
        self.url, self.folder = url, folder
        self.kind = make_url(url).get_backend_name()
        self.address = ("127.0.0.1", free_port())
        self._command = [*wrapper, *(ON_SQLITE if self.kind == "sqlite" else ON_POSTGRESQL)]
        kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
        self._env = kept | {
            "DATABASE_URL": url,
            "INSTANCE_DIR": str(folder / "instance"),
            "HOST": self.address[0],
            "PORT": str(self.address[1]),
            "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
            "SEAL_KEY": SEAL_KEY,
            "ADMIN_USERNAME": "owner",
            "ADMIN_PASSWORD": PASSWORD,
            **more,
        }
        self._process: subprocess.Popen | None = None

    def start(self) -> float:
        """Start it and wait until it is ready; returns how many seconds that took."""
        began = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )
        while not self.is_ready():
            assert self._process.poll() is None, self.said()
            assert time.monotonic() - began < LIMIT, self.said()
            time.sleep(0.02)
        return time.monotonic() - began

    def is_ready(self) -> bool:
        try:
            with urlopen(f"http://{self.address[0]}:{self.address[1]}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (URLError, OSError):
            return False

    def kill(self) -> None:
        """SIGKILL to all its processes at once: nobody gets to clean anything up."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        self._process = None

    def said(self) -> str:
        """The last faults that it told of, or else its last words."""
        log = (self.folder / "log").read_text()
        return "\n".join(line for line in log.splitlines() if '"level": "error"' in line)[-6000:] or log[-4000:]

    def failures(self) -> list[str]:
        """What the proofs of the ledger find wrong, in the database itself."""
        app = create_app(TestConfig(self.url))
        with app.app_context():
            try:
                return [f"{proof.name}: {each}" for proof in verify() for each in proof.found]
            finally:
                db.engine.dispose()
