"""Servers as a deployment runs them, in processes of their own, with a posting that takes its time."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from config import ROOT

PASSWORD = "correct horse 9"
# The posting is written when it waits, and not yet committed.
SLOW = """
import time
from app.ledger import posting
fast = posting.write
def slow(plan):
    written = fast(plan)
    if plan.posted.row["note"] == "slow":
        open({mark!r}, "w").close()
        time.sleep(2.5)
    return written
posting.write = slow
"""


class Desk:
    """A server on a port that was free, until it is told to stop. kind: run, or gunicorn with two workers."""

    def __init__(self, kind: str, folder: Path, url: str) -> None:
        self.mark = folder / "posting"
        (folder / "slow.py").write_text(SLOW.format(mark=str(self.mark)))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        env = os.environ | {
            "DATABASE_URL": url,
            "INSTANCE_DIR": str(folder / "instance"),
            "ADMIN_PASSWORD": PASSWORD,
            "PORT": str(self.port),
            "PYTHONPATH": str(folder),
        }
        env.pop("HOST", None)
        (folder / "slow_run.py").write_text("import slow\nfrom run import app\n")
        code = "import sys; sys.path.insert(0, '.'); import slow, runpy; runpy.run_path('run.py', run_name='__main__')"
        program = {"run": ["-c", code], "gunicorn": ["-m", "gunicorn", "-w", "2", "slow_run:app"]}[kind]
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, *program], cwd=ROOT, env=env, stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        give_up_at = time.monotonic() + 150
        while time.monotonic() < give_up_at and self.process.poll() is None:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Ask it, on a connection of its own. Returns the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"} | sent
        )
        answer = connection.getresponse()
        told = answer.status, answer.read().decode()
        connection.close()
        return told

    def sign_in(self) -> str:
        """The header of the owner."""
        answer = self.ask("POST", "/api/v1/session", {"username": "owner", "password": PASSWORD})[1]
        return f"Bearer {json.loads(answer)['access_token']}"

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)


def in_background(work) -> "Later":
    """Do it in a thread; `answer()` waits for what it returned."""
    return Later(work)


class Later:
    def __init__(self, work) -> None:
        self._found: list[object] = []
        self._thread = threading.Thread(target=lambda: self._found.append(work()))
        self._thread.start()

    def answer(self) -> object:
        self._thread.join(40)
        return self._found[0]
