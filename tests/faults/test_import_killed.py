"""A list is being taken over when the process is killed: all of it is there or none, and the next run ends it."""

import multiprocessing
import random
import sys
import time

from sqlalchemy import func, select

from app import create_app
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account
from app.ledger.proofs import verify
from config import TestConfig

ROWS = 300
KILLS = 3
FORKS = multiprocessing.get_context("forkserver")  # a child that begins without what this process holds
FORKS.set_forkserver_preload([__name__])  # but with the program loaded: it is the work that is killed


def take_over(url: str, path: str, *more: str) -> None:
    app = create_app(TestConfig(url))
    sys.exit(app.test_cli_runner().invoke(args=["customers", "import", path, *more]).exit_code)


def test_killed_anywhere_a_list_is_taken_over_whole_or_not_at_all(empty_house, tmp_path):
    path = tmp_path / "list.csv"
    rows = "".join(f"Guest {number},135{number:08},10.00\n" for number in range(ROWS))
    path.write_text(f"name,phone,balance\n{rows}")
    url, chance = empty_house.config["SQLALCHEMY_DATABASE_URI"], random.Random(8)  # noqa: S311
    began = time.monotonic()
    assert _run(url, path, "--dry-run") == 0
    seconds = time.monotonic() - began
    for _ in range(KILLS):
        process = FORKS.Process(target=take_over, args=(url, str(path)))
        process.start()
        process.join(seconds * (0.3 + chance.random()))
        process.kill()
        process.join(30)
        assert _taken() in ((0, 0), (ROWS, ROWS * 10))
        assert all(proof.holds for proof in verify())
    if _taken() == (0, 0):
        assert _run(url, path) == 0
    assert _taken() == (ROWS, ROWS * 10)
    assert all(proof.holds for proof in verify())


def _run(url: str, path: object, *more: str) -> int | None:
    process = FORKS.Process(target=take_over, args=(url, str(path), *more))
    process.start()
    process.join(90)
    return process.exitcode


def _taken() -> tuple[int, int]:
    """How many customers there are, and what they have."""
    db.session.rollback()
    customers = db.session.scalar(select(func.count()).select_from(Customer))
    owned = db.session.scalar(select(func.sum(Account.balance)).where(Account.customer_id.is_not(None)))
    db.session.rollback()
    return customers, int(owned or 0)
