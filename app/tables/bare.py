"""The rows of a select by their key alone, so that an index tells them where it can."""

from typing import Any

from sqlalchemy import ColumnElement, Join, Select, select
from sqlalchemy.sql import visitors
from sqlalchemy.sql.expression import ColumnClause


def bare(found: Select[Any], key: ColumnElement[Any]) -> Select[Any]:
    """The same rows as `found`, by their key, without the tables that are joined for nothing but their columns.

    The key is of one row, so no outer join makes two of it. PostgreSQL leaves such tables out as well, but reads the
    rows themselves for the columns that it would have joined by.
    """
    named = {each for each in (key, found.whereclause) if each is not None}
    needed = {table for each in named for table in _tables(each)}
    (whole,) = found.get_final_froms()
    keys = select(key).select_from(_without(whole, needed))
    return keys if found.whereclause is None else keys.where(found.whereclause)


def _without(joined: Any, needed: set[Any]) -> Any:
    """The joined tables without those that nobody needs, from the last one on."""
    if not isinstance(joined, Join):
        return joined
    if joined.isouter and not joined.full and joined.right not in needed and not isinstance(joined.right, Join):
        return _without(joined.left, needed)
    needed |= _tables(joined.onclause)
    return Join(_without(joined.left, needed), joined.right, joined.onclause, joined.isouter, joined.full)


def _tables(clause: Any) -> set[Any]:
    """The tables whose columns stand in a clause, in the subqueries of it too."""
    return {
        each.table for each in visitors.iterate(clause) if isinstance(each, ColumnClause) and each.table is not None
    }
