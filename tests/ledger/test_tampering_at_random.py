"""Whatever single thing somebody changes in a closed day behind the ledger's back, a proof fails.

TAMPERINGS says how many changes are tried on each database, TAMPERING_SEED which ones.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, delete, select, text
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.actor import Actor
from app.core.db import consistent_view, in_transaction, is_postgresql
from app.extensions import db
from app.ledger.closing import close_days
from app.ledger.operations import consume, open_wallet, recharge, refund, reverse
from app.ledger.proofs import prove_all
from app.ledger.proofs.seals import prove_seals
from app.ledger.seals.export import export, read_file, write_file
from app.shop.models import Method

SOMEBODY = Actor.system("test")
ONE_DAY = timedelta(days=1)
TRIED = int(os.environ.get("TAMPERINGS", "60"))
SEED = int(os.environ.get("TAMPERING_SEED", "7"))
DAYS = 3
SEALED = ("posting", "transfer", "operation_record", "day_postings", "day_transfers", "receipt", "reversal")
# When a day was closed is told, and not sealed: the day itself is.
UNSEALED = {("day_close", "barred_at"), ("day_close", "closed_at")}


@pytest.fixture
def closed(empty_house, shop_time) -> Iterator[Any]:
    """A house with some closed days of trade."""
    first, draw = clock.today(), random.Random(SEED)  # noqa: S311
    for number in range(DAYS):
        shop_time(first + number * ONE_DAY)
        for customer in (91, 92, 93):
            _trade(customer, draw, is_new=number == 0)
    shop_time(first + DAYS * ONE_DAY)
    assert len(close_days(actor=SOMEBODY)) == DAYS
    return empty_house


def _trade(customer: int, draw: random.Random, *, is_new: bool) -> None:
    if is_new:
        in_transaction(lambda: open_wallet(customer, actor=SOMEBODY).id)
    amount, here = Decimal(draw.randrange(500, 2000)) / 25, {"store_id": 1, "actor": SOMEBODY}
    in_transaction(lambda: recharge(customer, amount, method=Method.CASH, note="some note", **here).id)
    spent = in_transaction(lambda: consume(customer, amount / 4, **here).id)
    in_transaction(lambda: reverse(spent, reason="mistaken", actor=SOMEBODY).id)
    in_transaction(lambda: refund(customer, Decimal(5), method=Method.CASH, reason="asked", **here).id)


@contextmanager
def unguarded() -> Iterator[Connection]:
    """A connection of somebody who can switch the triggers off; what he did is undone afterwards."""
    with db.engine.connect() as connection:
        if is_postgresql():
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            guards = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in guards:
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        connection.rollback()


def _tables() -> dict[str, Table]:
    metadata = MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection, only=[*SEALED, "day_close"])
    return dict(metadata.tables)


def test_every_random_change_in_closed_days_is_found(closed):
    tables, draw = _tables(), random.Random(SEED)  # noqa: S311
    hows = (change_a_cell, change_a_cell, delete_a_row, swap_two_rows)
    missed, done = [], 0
    while done < TRIED:
        with unguarded() as connection:
            what = None
            with suppress(DBAPIError):  # the database refused it: that is no change
                what = draw.choice(hows)(connection, draw, tables)
            if what is None:
                continue
            done += 1
            if all(proof.holds for proof in prove_all(connection) if proof.name != "guards"):
                missed.append(what)
    assert missed == []


def change_a_cell(connection: Connection, draw: random.Random, tables: dict[str, Table]) -> str | None:
    table = tables[draw.choice((*SEALED, "day_close"))]
    column = draw.choice([column for column in table.columns if (table.name, column.name) not in UNSEALED])
    row = _some_row(connection, draw, table)
    fresh = _another(row[column.name], column, draw)
    if fresh is None:
        return None
    connection.execute(table.update().where(_is(table, row)).values({column.name: fresh}))
    return f"{table.name}.{column.name} of {_name(table, row)}: {row[column.name]!r} became {fresh!r}"


def delete_a_row(connection: Connection, draw: random.Random, tables: dict[str, Table]) -> str:
    table = tables[draw.choice((*SEALED, "day_close"))]
    row = _some_row(connection, draw, table)
    connection.execute(table.delete().where(_is(table, row)))
    return f"{table.name} {_name(table, row)} was deleted"


def swap_two_rows(connection: Connection, draw: random.Random, tables: dict[str, Table]) -> str | None:
    """All that two rows say, but for their keys, changes places."""
    table = tables[draw.choice(SEALED)]
    one, other = _some_row(connection, draw, table), _some_row(connection, draw, table)
    keys = {column.name for column in table.primary_key}
    unique = {"receipt_no"} if table.name == "receipt" else set()
    said = [name for name in table.columns.keys() if name not in keys | unique]  # noqa: SIM118
    if all(one[name] == other[name] for name in said) or _name(table, one) == _name(table, other):
        return None
    parked = {name: -7 for name in said if table.name in ("reversal", "receipt") and name.endswith("_id")}
    if parked:
        connection.execute(table.update().where(_is(table, one)).values(parked))
    elif table.name == "transfer":
        connection.execute(table.update().where(_is(table, one)).values(seq=-7))
    for row, values in ((other, one), (one, other)):
        connection.execute(table.update().where(_is(table, row)).values({name: values[name] for name in said}))
    return f"{table.name} {_name(table, one)} and {_name(table, other)} changed places"


def _some_row(connection: Connection, draw: random.Random, table: Table) -> Any:
    ask = select(table).order_by(*table.primary_key)
    if "business_date" in table.c:  # the records of the closing itself stand in a day that is still open
        ask = ask.where(table.c.business_date <= text("(SELECT max(day) FROM day_close)"))
    return draw.choice(connection.execute(ask).mappings().all())


def _is(table: Table, row: Any) -> Any:
    return text(" AND ".join(f"{column.name} = :key_{column.name}" for column in table.primary_key)).bindparams(
        **{f"key_{column.name}": row[column.name] for column in table.primary_key}
    )


def _name(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _another(value: Any, column: Column[Any], draw: random.Random) -> Any:
    """Another value that the column can have."""
    if column.primary_key:
        return None  # a row under another key is a deleted one and a new one
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + draw.choice((-1, 1, 100))
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1") if draw.random() < 0.5 else f"{value}."
    if value is None:
        return {"int": 1, "str": "x"}.get(_python_type(column))
    return value + ONE_DAY  # a day or a moment


def _python_type(column: Column[Any]) -> str:
    try:
        return column.type.python_type.__name__
    except NotImplementedError:
        return ""


def test_a_cut_tail_is_seen_against_exported_seals(closed, tmp_path):
    file = tmp_path / "seals.json"
    with consistent_view() as connection:
        write_file(file, export(connection))
    tables, days = _tables(), _closed_days()
    for cut in range(1, DAYS + 1):
        with unguarded() as connection:
            for day in days[-cut:]:
                _cut(connection, tables, day)
            proof = list(prove_seals(read_file(file), connection))
        assert any("cut off" in str(found) for found in proof), f"the last {cut} days"


def _closed_days() -> list[Any]:
    with consistent_view() as connection:
        return list(connection.scalars(select(_tables()["day_close"].c.day).order_by(text("day"))))


def _cut(connection: Connection, tables: dict[str, Table], day: date) -> None:
    transfer, posting = tables["transfer"], tables["posting"]
    of_day = select(posting.c.id).where(posting.c.business_date == day)
    connection.execute(delete(transfer).where(transfer.c.posting_id.in_(of_day)))
    for name in ("posting", "operation_record", "receipt"):
        connection.execute(delete(tables[name]).where(tables[name].c.business_date == day))
    for name in ("day_postings", "day_transfers", "day_close"):
        connection.execute(delete(tables[name]).where(tables[name].c.day == day))
