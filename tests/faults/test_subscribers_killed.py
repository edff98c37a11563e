"""A subscriber list is being taken over when the process is killed: all of it is there or none."""

import random
import sys
import time

from sqlalchemy import func, select

from app import create_app
from app.broadband.models import Document, Service
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account
from app.ledger.proofs import verify
from config import TestConfig
from tests.broadband.listed import Provider, written
from tests.faults.test_import_killed import FORKS, KILLS, ROWS


def take_over(url: str, path: str, *more: str) -> None:
    app = create_app(TestConfig(url))
    sys.exit(app.test_cli_runner().invoke(args=["broadband", "import", path, *more]).exit_code)


def test_killed_anywhere_a_subscriber_list_is_taken_over_whole_or_not_at_all(empty_house, tmp_path):
    provider = Provider()
    path = written(tmp_path / "list.csv", *[provider.row(f"135{number:08}") for number in range(ROWS)])
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
        assert _taken() in ({0}, {ROWS})
        assert all(proof.holds for proof in verify())
    if _taken() == {0}:
        assert _run(url, path, "--apply") == 0
    else:
        assert _run(url, path, "--apply") == 1  # every row is a service already
    assert _taken() == {ROWS}


def _run(url: str, path: object, *more: str) -> int | None:
    process = FORKS.Process(target=take_over, args=(url, str(path), *more))
    process.start()
    process.join(90)
    return process.exitcode


def _taken() -> set[int | None]:
    """How many services, papers, customers and wallets there are."""
    db.session.rollback()
    wallets = select(func.count()).where(Account.customer_id.is_not(None))
    counts = [select(func.count()).select_from(table) for table in (Service, Document, Customer)]
    found = {db.session.scalar(ask) for ask in (*counts, wallets)}
    db.session.rollback()
    return found
