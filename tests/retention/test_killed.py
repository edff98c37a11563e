"""Killed for good (SIGKILL) at random moments, the proofs hold each time and the last run finishes.

RETENTION_KILLS=50 kills so often; a few times are enough for every day.
"""

import os
import random
import subprocess
import sys
import time

from sqlalchemy import select

from app.extensions import db
from app.ledger.archives.models import Archive, ArchiveState
from config import ROOT
from tests.retention.conftest import RUN_DAY, SMALL_LAST, at, failed, totals

KILLS = int(os.environ.get("RETENTION_KILLS", "2"))
RUN = [sys.executable, "-m", "tests.retention.killing", str(RUN_DAY)]


def test_killed_at_random_moments_the_proofs_hold(shop):
    before, chance, ended = totals(), random.Random(7), 0  # noqa: S311
    env = os.environ | {
        "DATABASE_URL": shop.config["SQLALCHEMY_DATABASE_URI"],
        "ARCHIVE_DIR": shop.config["ARCHIVE_DIR"],
        "TEST_NOW": at(SMALL_LAST).isoformat(),
        "TESTING": "1",
    }
    for number in range(KILLS):
        process = _start(env)
        ended += _kill_after(process, chance.randrange(1, 4 if KILLS > 9 else 9), chance.random() * 0.03)
        assert failed() == {}, number
        assert totals() == before, number
    assert ended == KILLS
    process = _start(env)
    process.communicate(timeout=120)
    assert process.returncode == 0
    db.session.rollback()
    assert set(db.session.scalars(select(Archive.state))) == {ArchiveState.PURGED}
    assert totals() == before
    assert failed() == {}


def _start(env: dict[str, str]) -> subprocess.Popen:
    db.session.rollback()
    return subprocess.Popen(RUN, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _kill_after(process: subprocess.Popen, steps: int, seconds: float) -> bool:
    """Whether it was still at work when it was killed."""
    for _ in range(steps):
        process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    process.wait(30)
    process.stdout.close()
    return process.returncode < 0
