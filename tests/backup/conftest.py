"""A house with customers and postings whose database is one test's alone, and what became of it."""

import itertools
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, inspect, select, table, text

from app.backup.manifest import Manifest
from app.backup.reading import opened
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.ledger.operations import consume, open_wallet, recharge
from app.shifts.operations import close_shift, open_shift, take_over
from app.shop.models import Method
from tests.conftest import actor_of, yuan

_numbers = itertools.count(70_000_000)


def post(house: Any, customers: int = 3) -> None:
    """Real postings of new customers."""
    owner = actor_of(house, SUPER_ADMIN)

    def one(number: int) -> None:
        open_wallet(number, actor=owner)
        recharge(number, Decimal("50.00"), method=Method.CASH, store_id=1, actor=owner)
        consume(number, Decimal("12.34"), store_id=1, actor=owner)

    for _ in range(customers):
        number = next(_numbers)
        in_transaction(lambda number=number: one(number))


def counts() -> dict[str, int]:
    """How many rows each table has."""
    db.session.remove()
    with db.engine.connect() as connection:
        names = inspect(connection).get_table_names()
        return {name: connection.scalar(select(func.count()).select_from(table(name))) for name in names}


def contents(path: Path) -> Manifest:
    with opened(path) as backup:
        return backup.manifest


def work_a_shift(app) -> None:
    """One shift that is closed and taken over, and one that is open."""
    clerk = replace(actor_of(app, ORDINARY_ADMIN), id=1_000_001)
    first = in_transaction(lambda: open_shift(1, yuan("10.00"), actor=clerk))
    in_transaction(lambda: close_shift(first, yuan("9.00"), counts={"1": 9}, actor=clerk))
    in_transaction(lambda: take_over(first, yuan("9.00"), actor=clerk))


def trade(house: Any, folder: Path) -> Any:
    """Some postings, a setting in every alphabet, and a folder for backups."""
    house.config["BACKUP_DIR"] = str(folder / "backups")
    post(house)
    work_a_shift(house)
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO setting (name, value) VALUES ('note', :value)"), {"value": "店\n\\N\t\"'"})
    return house


@pytest.fixture
def traded(empty_house, tmp_path):
    """A house in which something has happened, and a folder for its backups."""
    return trade(empty_house, tmp_path)


@pytest.fixture
def run(traded):
    """Call it with words of the command line for what the command answers."""

    def command(*words: str) -> Any:
        return traded.test_cli_runner().invoke(args=["backup", *map(str, words)])

    return command
