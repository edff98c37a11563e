"""The tables of a database as they stand there (not as the models want them): streamed out and in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, inspect, select, text

from app.backup.cells import kind_of, plain, reader

AT_ONCE = 5_000
PER_COPY = 200_000  # PostgreSQL remembers each row of one COPY until it has looked at the foreign keys
NOT_OURS = {"alembic_version"}


def tables_of(connection: Connection) -> list[Table]:
    """Every table but the mark of the migration, those that others point at first."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name not in NOT_OURS]


def columns_of(table: Table) -> tuple[tuple[str, str], ...]:
    """The name and the neutral kind of each column."""
    return tuple((column.name, kind_of(column.type)) for column in table.columns)


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as one line of JSON, by key in the order of bytes: the same on every database."""
    ask = select(table).order_by(*(_by_bytes(connection, column) for column in table.primary_key or table.columns))
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=plain).encode
    for row in connection.execute(ask, execution_options={"yield_per": AT_ONCE}):
        yield encode(list(row)).encode() + b"\n"


def _by_bytes(connection: Connection, column: Column[Any]) -> Any:
    if connection.dialect.name == "postgresql" and kind_of(column.type) == "text":
        return column.collate("C")
    return column


def load(connection: Connection, table: Table, lines: Iterator[bytes]) -> None:
    """Insert rows as `lines_of` gave them; the table must have the same columns in the same order."""
    forms = [reader(column.type, connection.dialect) for column in table.columns]
    rows = (
        [cell if form is None else form(cell) for form, cell in zip(forms, json.loads(line), strict=True)]
        for line in lines
    )
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f'COPY "{table.name}" ({names}) FROM STDIN', rows)
    else:
        places = ", ".join("?" * len(table.columns))
        statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608 - names of our own columns
        cursor: Any = connection.connection.cursor()
        cursor.executemany(statement, rows)


def _copy(connection: Connection, statement: str, rows: Iterator[list[Any]]) -> None:
    for first in rows:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            for row in chain([first], islice(rows, PER_COPY - 1)):
                copy.write_row(row)


@contextmanager
def without_triggers(connection: Connection, tables: list[Table]) -> Iterator[None]:
    """What guards the tables against the desk must not guard them against their own past. Put back at the end."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
        yield
        for table in tables:
            connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')
        return
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, made in triggers:
        connection.exec_driver_sql(made)


def empty(connection: Connection, tables: list[Table]) -> None:
    """Take out the rows that a migration furnishes a new database with."""
    for table in reversed(tables):
        if connection.execute(select(table).limit(1)).first() is not None:
            connection.execute(table.delete())


def highest_of(connection: Connection, table: Table) -> int | None:
    """The highest number that was ever given to a row, where the database counts them."""
    if connection.dialect.name == "postgresql":
        sequence = _sequence(connection, table)
        if sequence is None:
            return None
        ask = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}"  # noqa: S608 - quoted by it
        return connection.scalar(text(ask))
    if not inspect(connection).has_table("sqlite_sequence"):
        return None
    return connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})


def count_on(connection: Connection, table: Table, highest: int | None) -> None:
    """Let new rows be numbered above every row that is or was there."""
    key = _key(table)
    if key is None:
        return
    top = max(connection.scalar(select(func.max(key))) or 0, highest or 0)
    if connection.dialect.name == "postgresql":
        if (sequence := _sequence(connection, table)) and top:
            connection.execute(select(func.setval(sequence, top)))
    elif top and inspect(connection).has_table("sqlite_sequence"):
        counted = text("UPDATE sqlite_sequence SET seq = :top WHERE name = :name")
        if not connection.execute(counted, {"top": top, "name": table.name}).rowcount and _counts(connection, table):
            made = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :top)")
            connection.execute(made, {"top": top, "name": table.name})


def _key(table: Table) -> Column[Any] | None:
    keys = list(table.primary_key)
    return keys[0] if len(keys) == 1 and kind_of(keys[0].type) == "integer" else None


def _sequence(connection: Connection, table: Table) -> str | None:
    key = _key(table)
    if key is None:
        return None
    return connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', key.name)))


def _counts(connection: Connection, table: Table) -> bool:
    made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table.name})
    return "AUTOINCREMENT" in (made or "").upper()
