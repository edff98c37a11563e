"""The files of long exports: one for each run, in a folder that nobody else on the machine may look into."""

import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from flask import current_app

Answer = TypeVar("Answer")
KEPT = timedelta(days=7)
_WORK = ".work"


def folder() -> Path:
    """Where they lie; made when it is missing."""
    place = Path(current_app.config["EXPORT_DIR"])
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(name: str, format: str) -> Path:
    """name: the random one that the run keeps."""
    return folder() / f"{name}.{format}"


def write_whole(path: Path, write: Callable[[Path], Answer]) -> Answer:
    """Write beside, in a folder of its own, and give the name at the end; what a killed run left goes away."""
    work = path.with_name(path.name + _WORK)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        draft = work / path.name
        answer = write(draft)
        draft.chmod(0o600)
        draft.replace(path)
        return answer
    finally:
        shutil.rmtree(work, ignore_errors=True)


def forget_old() -> int:
    """Remove what has lain here longer than KEPT, whole or not. Returns how many."""
    oldest, count = time.time() - KEPT.total_seconds(), 0
    for path in folder().iterdir():
        if path.stat().st_mtime >= oldest:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        count += 1
    return count
