"""Killed for good (SIGKILL) at random moments, the proofs hold each time and the last run finishes.

RETENTION_KILLS=50 kills so often; a few times are enough for every day.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from app.extensions import db
from app.ledger.archives.models import Archive, ArchiveState
from config import ROOT
from tests.retention.conftest import RUN_DAY, SMALL_FIRST, SMALL_LAST, at, failed, open_shop, totals

KILLS = int(os.environ.get("RETENTION_KILLS", "4"))
PROGRAM = [sys.executable, "-m", "tests.retention.killing", str(RUN_DAY)]


@pytest.fixture
def runs(empty_house, tmp_path) -> Iterator[subprocess.Popen]:
    """A program that starts a run for each line; the shop has the more to archive the more often it is killed."""
    first = date(2025, 8, 1) if KILLS > 9 else SMALL_FIRST
    open_shop(empty_house, tmp_path / "archives", first, SMALL_LAST, every=1)
    env = os.environ | {
        "DATABASE_URL": empty_house.config["SQLALCHEMY_DATABASE_URI"],
        "ARCHIVE_DIR": empty_house.config["ARCHIVE_DIR"],
        "TESTING": "1",
        "TEST_NOW": at(SMALL_LAST).isoformat(),
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(PROGRAM, cwd=ROOT, env=env, bufsize=0, **pipes) as program:
        yield program
        program.stdin.close()
        program.wait(30)


def test_killed_at_random_moments_the_proofs_hold(runs):
    before, chance, killed = totals(), random.Random(7), 0  # noqa: S311
    for number in range(KILLS):
        killed += _kill(runs, chance.randrange(1, 4), chance.random() * 0.005)
        assert failed() == {}, number
        assert totals() == before, number
    assert killed == KILLS
    _start(runs)
    assert _end(runs) == "ended 0"
    db.session.rollback()
    assert set(db.session.scalars(select(Archive.state))) == {ArchiveState.PURGED}
    assert totals() == before
    assert failed() == {}


def _heard(runs: subprocess.Popen) -> str:
    return runs.stdout.readline().decode().strip()


def _start(runs: subprocess.Popen) -> int:
    """The number of the process that runs now."""
    db.session.rollback()
    runs.stdin.write(b"\n")
    return int(_heard(runs))


def _kill(runs: subprocess.Popen, steps: int, seconds: float) -> bool:
    """Whether it was still at work when it was killed, after so many steps and so long."""
    process = _start(runs)
    for _ in range(steps):
        if _heard(runs).startswith("ended"):
            return False
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    return _end(runs) == f"ended {int(signal.SIGKILL)}"


def _end(runs: subprocess.Popen) -> str:
    """What the process says last."""
    while not (step := _heard(runs)).startswith("ended"):
        assert step, "the program is gone"
    return step
