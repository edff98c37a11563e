"""Killed at any point, a restore has happened wholly or not at all. RESTORE_KILLS=50 kills so often."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.backup.making import create
from app.extensions import db
from app.ledger.proofs import verify
from config import ROOT
from tests.backup.conftest import counts, post

PROGRAM = [sys.executable, "-m", "tests.backup.killing"]
KILLS = int(os.environ.get("RESTORE_KILLS", "6"))


@pytest.fixture
def restores(traded) -> Iterator[subprocess.Popen]:
    """A program that starts a restore for each line."""
    env = os.environ | {"DATABASE_URL": traded.config["SQLALCHEMY_DATABASE_URI"], "TESTING": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(PROGRAM, cwd=ROOT, env=env, bufsize=0, **pipes) as program:
        yield program
        program.stdin.close()
        program.wait(30)


def test_killed_anywhere_the_data_are_the_old_or_the_new_ones(traded, restores, tmp_path):
    create(tmp_path / "new.zip")
    new = counts()
    post(traded)
    create(tmp_path / "old.zip")
    old, killed = counts(), 0
    _restore(restores, tmp_path / "old.zip")
    began = time.monotonic()
    _restore(restores, tmp_path / "old.zip")
    seconds = time.monotonic() - began
    for part in range(KILLS):
        process = _start(restores, tmp_path / "new.zip")
        time.sleep(seconds * part / KILLS)
        killed += _kill(restores, process)
        found = counts()
        assert found in (old, new)
        assert all(proof.holds for proof in verify())
        if found == new:
            _restore(restores, tmp_path / "old.zip")
    assert killed > KILLS / 3
    _restore(restores, tmp_path / "new.zip")
    assert counts() == new


def _restore(restores: subprocess.Popen, file: Path) -> None:
    _start(restores, file)
    assert _end(restores) == 0


def _start(restores: subprocess.Popen, file: Path) -> int:
    """The number of the process that restores it now."""
    db.session.remove()
    db.engine.dispose()
    restores.stdin.write(f"{file}\n".encode())
    return _heard(restores)


def _kill(restores: subprocess.Popen, process: int) -> bool:
    """Whether it was still at work."""
    os.kill(process, signal.SIGKILL)
    return _end(restores) == -signal.SIGKILL


def _end(restores: subprocess.Popen) -> int:
    """Its exit code, less than nothing when it was killed."""
    code = _heard(restores)
    restores.stdin.write(b"\n")
    return code


def _heard(restores: subprocess.Popen) -> int:
    return int(restores.stdout.readline())
