"""Jobs of the tests' own, and a house to run them in."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs import Job, Schedule, WorkFailed, enqueue
from app.core.jobs.models import JobRun
from app.extensions import db
from app.jobs import queries
from app.jobs.doing import work_off
from config import ROOT

ACTOR = Actor.system("test")
WORKER = "tests:1:here"


class NoPaper(WorkFailed):
    code = "test-no-paper"
    sentence = "There is no paper in tray %(tray)s."


@pytest.fixture
def declare(own_house, monkeypatch):
    """Call it with the work of a job, to have it declared under the name `test.work` in a house without others."""

    def add(work: Callable[..., Any], due: Schedule | None = None, name: str = "test.work", **more: Any) -> str:
        jobs = {key: job for key, job in own_house.extensions["jobs"].items() if key.startswith("test.")}
        monkeypatch.setitem(own_house.extensions, "jobs", jobs | {name: Job(name, name, work, due, **more)})
        return name

    yield add
    in_transaction(lambda: db.session.query(JobRun).filter(JobRun.name.like("test.%")).delete())


def ask(name: str, arguments: dict[str, Any] | None = None, actor: Actor = ACTOR) -> int:
    return in_transaction(lambda: enqueue(name, arguments, actor=actor))


def run_of(run_id: int) -> JobRun:
    db.session.rollback()
    return queries.find(run_id)


def do_all(app: Flask) -> int:
    """Do what waits, as a worker would."""
    return work_off(app, WORKER)


@pytest.fixture
def time_goes_by(monkeypatch):
    """Call it with a timedelta to set business time forward, or back."""
    before = clock._shop
    yield lambda much: setattr(clock, "_shop", clock._shop._replace(shift=clock._shop.shift + much))
    clock._shop = before


def start_worker(app: Flask, folder: Any, code: str) -> subprocess.Popen:
    """A process of its own that does jobs in this house as `flask jobs work` does. code: declares them, into `JOBS`."""
    program = (
        "import sys; from run import app; from app.core.jobs import Job\n"
        f"{code}\n"
        "app.extensions['jobs'] = JOBS\n"
        "sys.exit(app.test_cli_runner().app.cli.main(['jobs', 'work'], obj=__import__('flask').cli.ScriptInfo("
        "create_app=lambda: app)))"
    )
    env = os.environ | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "INSTANCE_DIR": str(folder),
        "SECRET_KEY": app.config["SECRET_KEY"],
    }
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env=env)


def wait_until(what: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until it is true; fails when it never is."""
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if found := what():
            return found
        time.sleep(0.05)
    pytest.fail("it never became true")
