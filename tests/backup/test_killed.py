"""Killed at any point, a restore has happened wholly or not at all."""

import os
import subprocess
import sys
import time

import pytest

from app.backup.making import create
from app.extensions import db
from app.ledger.proofs import verify
from config import ROOT
from tests.backup.conftest import counts, post

RESTORE = [sys.executable, "-m", "flask", "--app", "run", "backup", "restore"]


@pytest.fixture
def start(traded, tmp_path):
    """Call it with a file for a process that restores it."""
    env = os.environ | {
        "DATABASE_URL": traded.config["SQLALCHEMY_DATABASE_URI"],
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "SECRET_KEY": traded.config["SECRET_KEY"],
    }
    return lambda file: subprocess.Popen([*RESTORE, str(file)], cwd=ROOT, env=env, stdout=-3, stderr=-3)


def test_killed_anywhere_the_data_are_the_old_or_the_new_ones(traded, start, tmp_path):
    create(tmp_path / "new.zip")
    new = counts()
    post(traded)
    create(tmp_path / "old.zip")
    old = counts()
    _let_go()
    began = time.monotonic()
    assert start(tmp_path / "old.zip").wait(60) == 0
    seconds = time.monotonic() - began
    for part in range(10):
        process = start(tmp_path / "new.zip")
        time.sleep(seconds * (0.5 + part / 18))
        process.kill()
        process.wait(30)
        found = counts()
        assert found in (old, new)
        assert all(proof.holds for proof in verify())
        if found == new:
            _let_go()
            assert start(tmp_path / "old.zip").wait(60) == 0
    _let_go()
    assert start(tmp_path / "new.zip").wait(60) == 0
    assert counts() == new


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()
