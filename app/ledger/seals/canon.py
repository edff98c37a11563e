"""The written form of rows that seals are made over (docs/seals.md): the same on every database."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Integer, Text, case, cast, func, literal_column, type_coerce

from app.core import money
from app.core.db import JsonText, Money, UtcDateTime


def text_of(values: Iterable[Any]) -> str:
    """One line: a JSON list without spaces, amounts in minor units, moments in UTC to the microsecond."""
    return _ENCODE(list(values))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return money.to_minor(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no written form")


# Made once: a seal is over many rows. Members of a StrEnum are texts to it.
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode


def line_of(word: str, columns: Sequence[Column[Any]], dialect: str) -> ColumnElement[str]:
    """The line `text_of([word, *columns])` of a row, put together by the database: fetching the values costs more.

    dialect: the name of the database's. JSON is taken as it is kept: with sorted keys and without spaces.
    """
    return _LINES[dialect](word, columns)


def _in_sqlite(word: str, columns: Sequence[Column[Any]]) -> ColumnElement[str]:
    """Each value as the kind that it was stored with: a text where a number belongs is written as a text."""
    return func.json_array(literal_column(f"'{word}'"), *map(_sqlite_value, columns), type_=Text)


def _sqlite_value(column: Column[Any]) -> ColumnElement[Any]:
    kept = type_coerce(column, Text)
    if isinstance(column.type, UtcDateTime):
        return func.replace(kept, " ", "T", type_=Text) + _UTC
    if isinstance(column.type, Boolean):
        return func.json(case({0: "false", 1: "true"}, value=type_coerce(column, Integer)))
    if isinstance(column.type, JsonText):  # what is no JSON was not written by us; `json` would end the proof
        return func.json(case((func.json_valid(kept) == 1, kept), else_=func.json_quote(kept)))
    return kept


def _in_postgresql(word: str, columns: Sequence[Column[Any]]) -> ColumnElement[str]:
    start, end = (literal_column(f"'{text}'", Text) for text in (f'["{word}",', "]"))
    return start + func.concat_ws(",", *map(_postgresql_text, columns), type_=Text) + end


def _postgresql_text(column: Column[Any]) -> ColumnElement[str]:
    kept: ColumnElement[Any] = type_coerce(column, Text)
    if isinstance(column.type, JsonText):  # a line feed in it would make two lines of one
        written: ColumnElement[Any] = func.replace(kept, "\n", "", type_=Text)
    elif isinstance(column.type, Integer | Boolean | Money):
        written = cast(kept, Text)
    elif isinstance(column.type, UtcDateTime):
        written = cast(func.to_json(func.to_char(kept, _MICROSECONDS, type_=Text) + _UTC), Text)
    else:
        written = cast(func.to_json(kept), Text)
    return func.coalesce(written, "null") if column.nullable else written


_UTC = "+00:00"
_MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US'
_LINES: Mapping[str, Callable[[str, Sequence[Column[Any]]], ColumnElement[str]]] = {
    "sqlite": _in_sqlite,
    "postgresql": _in_postgresql,
}
