"""What a request wants to know before it begins: asked in the question of who is there, it costs none of its own."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import g, has_app_context
from sqlalchemy import ColumnElement, Label, event
from sqlalchemy.orm import Session

from app.core.db import is_writing

_PREFIX = "alongside_"
UNKNOWN = object()


class _Along(NamedTuple):
    make: Callable[[], ColumnElement[Any]]
    is_for_programs: bool

    def is_wanted(self, is_page: bool) -> bool:
        return is_page or self.is_for_programs


_columns: dict[str, _Along] = {}


def ask_along(name: str, column: Callable[[], ColumnElement[Any]], *, is_for_programs: bool = False) -> None:
    """Have one value more in the question of who is there. To be said when a room is imported; small and indexed.

    is_for_programs: whether calls of programs want it, too, not pages alone.
    """
    _columns[name] = _Along(column, is_for_programs)


def columns(*, is_page: bool) -> list[Label[Any]]:
    """What is to be asked along."""
    return [along.make().label(_PREFIX + name) for name, along in _columns.items() if along.is_wanted(is_page)]


def answers(row: Any, *, is_page: bool) -> dict[str, Any]:
    """What such a row says, by name."""
    return {name: getattr(row, _PREFIX + name) for name, along in _columns.items() if along.is_wanted(is_page)}


def keep(told: Mapping[str, Any]) -> None:
    """Remember the answers for this request, until it has written something."""
    g.alongside = told


def told(name: str) -> Any:
    """The answer that came along; UNKNOWN away from requests, while writing and after it: then it must be asked for."""
    if is_writing.get() or not has_app_context():
        return UNKNOWN
    return g.get("alongside", {}).get(name, UNKNOWN)


@event.listens_for(Session, "after_commit")
def _forget(_session: Session) -> None:
    if has_app_context():
        g.pop("alongside", None)
