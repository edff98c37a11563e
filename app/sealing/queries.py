"""Which columns of the house are sealed, and what stands in them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, Table, select, tuple_

from app.core.db import Model
from app.extensions import db

SEALED, MARK = "_sealed", "_mark"


class SealedColumn(NamedTuple):
    """A column of tokens, and the one of marks beside it, if it can be looked up."""

    table: Table
    sealed: Column[Any]
    mark: Column[Any] | None

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.field}"

    @property
    def field(self) -> str:
        """What is sealed there, in operation records."""
        return str(self.sealed.name).removesuffix(SEALED)

    @property
    def key(self) -> tuple[Column[Any], ...]:
        return tuple(self.table.primary_key.columns)


class Token(NamedTuple):
    """What stands in a row. key: of the row."""

    key: tuple[Any, ...]
    text: str


def sealed_columns() -> list[SealedColumn]:
    """Every sealed column of every room, open or not: it is known by its name."""
    return [
        SealedColumn(table, column, table.c.get(f"{column.name.removesuffix(SEALED)}{MARK}"))
        for table in Model.metadata.sorted_tables
        for column in table.c
        if column.name.endswith(SEALED)
    ]


def tokens(column: SealedColumn, after: tuple[Any, ...] | None, *, limit: int) -> Sequence[Token]:
    """The next rows behind that key that hold something, by key."""
    ask = select(*column.key, column.sealed).where(column.sealed.is_not(None)).order_by(*column.key).limit(limit)
    if after is not None:
        ask = ask.where(tuple_(*column.key) > after)
    return [Token(tuple(row[:-1]), row[-1]) for row in db.session.execute(ask)]
