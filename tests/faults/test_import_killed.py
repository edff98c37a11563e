"""A list is being taken over when the process is killed: all of it is there or none, and the next run ends it."""

import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select, text, update

from app import create_app
from app.core import clock
from app.core.db import in_transaction
from app.customers.models import Customer, CustomerImport, ImportState
from app.customers.takeover import queries
from app.extensions import db
from app.ledger.models import Account
from app.ledger.proofs import verify
from config import TestConfig

ROWS = 300
KILLS = 3
OTHERS_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
FORKS = multiprocessing.get_context("forkserver")  # a child that begins without what this process holds
FORKS.set_forkserver_preload([__name__])  # but with the program loaded: it is the work that is killed


def take_over(url: str, room: str, path: str, *more: str) -> None:
    app = create_app(TestConfig(url))
    done = app.test_cli_runner().invoke(args=[room, "import", path, *more])
    sys.stdout.write(done.output)  # what a failure shows
    sys.exit(done.exit_code)


def run(url: str, room: str, path: Path, *more: str) -> int | None:
    """Take a list over in a process of its own; what it ends with."""
    process = FORKS.Process(target=take_over, args=(url, room, str(path), *more))
    process.start()
    process.join(90)
    return process.exitcode


def killed(url: str, room: str, path: Path) -> Iterator[None]:
    """Take a list over several times, each time killed somewhere: what is there then is to be looked at each time."""
    chance, began = random.Random(8), time.monotonic()  # noqa: S311
    assert run(url, room, path, "--dry-run") == 0
    seconds = time.monotonic() - began
    for _ in range(KILLS):
        process = FORKS.Process(target=take_over, args=(url, room, str(path)))
        process.start()
        process.join(seconds * (0.3 + chance.random()))
        process.kill()
        process.join(30)
        _until_its_session_has_ended()
        _let_time_pass()
        yield


def _until_its_session_has_ended() -> None:
    """PostgreSQL ends what a caller who is gone has begun: a COMMIT under way is still carried out."""
    while db.engine.dialect.name == "postgresql" and db.session.scalar(text(OTHERS_AT_WORK)):
        db.session.rollback()
        time.sleep(0.05)
    db.session.rollback()


def _let_time_pass() -> None:
    """Who was killed while he wrote is taken for alive for a while, and keeps others out: that while is over."""
    silent = clock.real_now() - 2 * queries.PATIENCE
    dead = update(CustomerImport).where(CustomerImport.state == ImportState.APPLYING).values(heartbeat_at=silent)
    in_transaction(lambda: db.session.execute(dead) and None)


def test_killed_anywhere_a_list_is_taken_over_whole_or_not_at_all(empty_house, tmp_path):
    path = tmp_path / "list.csv"
    rows = "".join(f"Guest {number},135{number:08},10.00\n" for number in range(ROWS))
    path.write_text(f"name,phone,balance\n{rows}")
    url = empty_house.config["SQLALCHEMY_DATABASE_URI"]
    for _ in killed(url, "customers", path):
        assert _taken() in ((0, 0), (ROWS, ROWS * 10))
        assert all(proof.holds for proof in verify())
    if _taken() == (0, 0):
        assert run(url, "customers", path) == 0
    assert _taken() == (ROWS, ROWS * 10)
    assert all(proof.holds for proof in verify())


def _taken() -> tuple[int, int]:
    """How many customers there are, and what they have."""
    db.session.rollback()
    customers = db.session.scalar(select(func.count()).select_from(Customer))
    owned = db.session.scalar(select(func.sum(Account.balance)).where(Account.customer_id.is_not(None)))
    db.session.rollback()
    return customers, int(owned or 0)
