"""Pages by key: the one way in which every list and report of the house goes through its rows.

A page begins after the key of the last row before it, so the deepest costs what the first does, and none changes
when rows come in. What no index serves is *scanning*: one request looks at no more than MOST_LOOKED_AT rows, says
how far it came, and whoever asked goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, tuple_

from app.extensions import db

MOST_LOOKED_AT = 50_000  # rows, by one request with a scanning filter
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    """One order of rows. key: columns that are never null, the last of them unique.

    An index should begin with them, or with those that the usual filters fix.
    """

    name: str
    label: Any
    key: tuple[Any, ...]
    is_descending: bool = True

    def sorted(self) -> list[Any]:
        """What to order by."""
        return [part.desc() if self.is_descending else part.asc() for part in self.key]

    def beyond(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """The condition of rows that come after the one with these values."""
        return self._own() < self._there(values) if self.is_descending else self._own() > self._there(values)

    def until(self, values: Sequence[Any]) -> ColumnElement[bool]:
        """The condition of rows that come not after the one with these values."""
        return self._own() >= self._there(values) if self.is_descending else self._own() <= self._there(values)

    # Rows of values are compared whole: an index begins right there, however many rows share the first value.

    def _own(self) -> Any:
        return tuple_(*self.key)

    def _there(self, values: Sequence[Any]) -> Any:
        return tuple_(*(literal(value, part.type) for part, value in zip(self.key, values, strict=True)))


@dataclass(frozen=True)
class Page:
    """Some rows. after: the key to go on after, None at the end.

    looked_to: the key of the last row that was looked at when more rows may match beyond it.
    """

    rows: Sequence[Any] = ()
    after: Key | None = None
    looked_to: Key | None = None


def page(
    found: Select[Any],
    order: Order,
    *,
    after: Sequence[Any] | None = None,
    limit: int,
    looked: Select[Any] | None = None,
) -> Page:
    """The rows after that key, at most `limit` of them; each ends with the values of its key.

    looked: all rows that have to be looked at for those that are found, when no index finds them alone.
    """
    edge = None if looked is None else _edge(looked, order, after)
    if after is not None:
        found = found.where(order.beyond(after))
    if edge is not None:
        found = found.where(order.until(edge))
    keys = [part.label(f"key_{at}") for at, part in enumerate(order.key)]
    rows = db.session.execute(found.add_columns(*keys).order_by(*order.sorted()).limit(limit + 1)).all()
    if len(rows) > limit:
        return Page(rows[:limit], tuple(rows[limit - 1][-len(keys) :]))
    return Page(rows, edge, edge)


def _edge(looked: Select[Any], order: Order, after: Sequence[Any] | None) -> Key | None:
    """The key of the last row that one request may look at; None when all that is left may be."""
    ask = looked.with_only_columns(*order.key, maintain_column_froms=True)
    if after is not None:
        ask = ask.where(order.beyond(after))
    row = db.session.execute(ask.order_by(*order.sorted()).offset(MOST_LOOKED_AT - 1).limit(1)).one_or_none()
    return tuple(row) if row else None
