"""What pages want to know before they begin: it is asked in the question of who is there, and costs none of its own."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, has_app_context
from sqlalchemy import ColumnElement, Label

from app.core.db import is_writing

_PREFIX = "alongside_"
_columns: dict[str, Callable[[], ColumnElement[Any]]] = {}
UNKNOWN = object()


def ask_along(name: str, column: Callable[[], ColumnElement[Any]]) -> None:
    """Have one value more in the question of who is there. To be said when a room is imported; small and indexed."""
    _columns[name] = column


def columns() -> list[Label[Any]]:
    """What is to be asked along."""
    return [make().label(_PREFIX + name) for name, make in _columns.items()]


def answers(row: Any) -> dict[str, Any]:
    """What such a row says, by name."""
    return {name: getattr(row, _PREFIX + name) for name in _columns}


def keep(told: Mapping[str, Any]) -> None:
    """Remember the answers for this request."""
    g.alongside = told


def told(name: str) -> Any:
    """The answer that came along; UNKNOWN away from pages, and while writing: then it must be asked for."""
    if is_writing.get() or not has_app_context():
        return UNKNOWN
    return g.get("alongside", {}).get(name, UNKNOWN)
