"""Which process a run belongs to, and whether that process still lives.

On its own machine a process holds a lock on a file for as long as it lives: the system takes it away whatever ends
the process, so its runs are free again at once. Of processes elsewhere the heartbeat alone is known.
"""

import fcntl
import os
import secrets
import socket
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.core import clock

SILENT = timedelta(seconds=60)  # without a heartbeat: the process is dead, or has lost the database


class Worker:
    """This process, from now to its end. folder: where the locks are, "" for none."""

    def __init__(self, folder: str) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._folder = Path(folder) if folder else None
        self._file: int | None = None
        if self._folder:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self._place(self.name), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def _place(self, name: str) -> Path:
        assert self._folder is not None  # noqa: S101 - asked by every caller
        return self._folder / f"{name.replace('/', '_')}.lock"

    def is_dead(self, run: Any) -> bool:
        """Whether the process of a run (its columns worker and heartbeat_at) has ended."""
        if run.worker == self.name:
            return False
        lives = self._lives(run.worker or "")
        if lives is not None:
            return not lives
        return run.heartbeat_at is None or clock.real_now() - run.heartbeat_at > SILENT

    def _lives(self, name: str) -> bool | None:
        """Whether the lock of that process is held; None when it has none here."""
        if self._folder is None or name.partition(":")[0] != self.name.partition(":")[0]:
            return None
        try:
            file = os.open(self._place(name), os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def tidy(self) -> None:
        """Remove the files of processes that have ended. To be done after their runs were taken back."""
        for path in self._folder.glob("*.lock") if self._folder else ():
            if self._lives(path.name.removesuffix(".lock")) is False:
                path.unlink(missing_ok=True)

    def end(self, *, is_idle: bool) -> None:
        """The process ends in order. is_idle: no run of its own is under way, so nobody will ask for it."""
        if self._file is not None and is_idle:
            with suppress(OSError):
                self._place(self.name).unlink()
                os.close(self._file)
