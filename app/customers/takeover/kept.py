"""The files of a take-over: the uploaded list, and the mark that tells other processes that one is being applied."""

import json
import os
import secrets
import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import IO, NamedTuple

from flask import current_app

import config

STALE = 60.0  # seconds without a sign of life
_MARK = "taking-over"
_BLOCK = 1 << 20


class Mark(NamedTuple):
    """How far the applying of an import is, in rows."""

    import_id: int
    done: int
    total: int


def folder() -> Path:
    """Where uploads are kept."""
    return Path(current_app.config.get("UPLOAD_DIR") or config.INSTANCE / "uploads")


def _made() -> Path:
    """The same, there for sure; nobody else on the machine may look into it."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder()


def keep(upload: IO[bytes]) -> str:
    """Store an upload under a name of our own, and return that name."""
    name = f"{secrets.token_hex(16)}.list"
    with os.fdopen(os.open(_made() / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while block := upload.read(_BLOCK):
            file.write(block)
    return name


def path_of(name: str) -> Path:
    return folder() / name


def drop(name: str | None) -> None:
    """Remove an upload that is no longer needed."""
    if name:
        path_of(name).unlink(missing_ok=True)


def drop_old(age: timedelta, *, but: Collection[str]) -> int:
    """Remove uploads older than that, except those named. Returns how many."""
    oldest = time.time() - age.total_seconds()
    old = [path for path in folder().glob("*.list") if path.name not in but and path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def put_mark(mark: Mark) -> None:
    """Say that an import is being applied, and how far it is. To be said again before STALE seconds are over."""
    path = _made() / _MARK
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(mark))
    fresh.replace(path)


def take_mark() -> None:
    (folder() / _MARK).unlink(missing_ok=True)


def mark() -> Mark | None:
    """The import that is being applied now. A mark whose process has died is none."""
    path = folder() / _MARK
    try:
        if time.time() - path.stat().st_mtime > STALE:
            return None
        return Mark(*json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
