"""A cell of any table as JSON and back: the same text whichever database it comes from."""

import base64
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Float, Integer, LargeBinary, Numeric, String
from sqlalchemy.types import TypeEngine

from app.backup.refusals import BackupRefused

# In this order: a Float is a Numeric too.
KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Boolean, "boolean"),
    (Integer, "integer"),
    (DateTime, "moment"),
    (Date, "day"),
    (Float, "float"),
    (Numeric, "decimal"),
    (LargeBinary, "bytes"),
    (String, "text"),
)


def kind_of(column_type: TypeEngine[Any]) -> str:
    """The neutral name of a column's type."""
    for known, kind in KINDS:
        if isinstance(column_type, known):
            return kind
    raise BackupRefused(f"A column has the type {column_type}, which backups do not know.")


def plain(value: Any) -> Any:
    """What JSON has no word for, as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no plain form")


READ: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "decimal": Decimal,
    "bytes": base64.b64decode,
}


def reader(column_type: TypeEngine[Any], dialect: Any) -> Callable[[Any], Any] | None:
    """What turns a cell's JSON into the form that the driver takes; None when it is that form already."""
    read = READ.get(kind_of(column_type))
    bind = column_type.dialect_impl(dialect).bind_processor(dialect)
    if read is None or bind is None:
        return _unless_empty(read or bind)
    return _unless_empty(lambda cell: bind(read(cell)))


def _unless_empty(form: Callable[[Any], Any] | None) -> Callable[[Any], Any] | None:
    return form and (lambda cell: None if cell is None else form(cell))
