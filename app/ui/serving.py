"""Which filters of a generated list an index serves: read from the indexes that the table has."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from app.ui.filters import HouseFilter
from app.ui.keyset import Order


def served_by_index(table: Table, given: Sequence[Any], order: Order) -> list[Any]:
    """Those of the given filters that one index serves in that order: the values that must be equal, then the key.

    Beside them those that bound the first column of the key, and the view's own, which say what there is at all.
    """
    key = [getattr(part, "key", None) for part in order.key]
    own = [each for each in given if not isinstance(each, HouseFilter)]
    bounds = [each for each in given if each not in own and each.bounds and each.fixes == key[0]]
    equal = {each.fixes for each in given if each not in own and each.equates}
    led = max((_lead(columns, equal, key, is_unique) for columns, is_unique in _indexes(table)), key=len, default=[])
    # Two values that one column must have are one condition and a filter.
    fixed = {each.fixes: each for each in given if each not in own and each.equates and each.fixes in led}
    return [*own, *bounds, *fixed.values()]


def _lead(columns: Sequence[str], equal: set[str], key: Sequence[Any], is_unique: bool) -> list[str]:
    """The columns at the beginning of an index that filters fix, if what follows is the key."""
    lead = list(takewhile(lambda name: name in equal, columns))
    rest = list(columns[len(lead) :])
    return lead if rest[: len(key)] == list(key) or (is_unique and not rest) else []


def _indexes(table: Table) -> Iterable[tuple[list[str], bool]]:
    for index in table.indexes:
        yield [column.key for column in index.columns], bool(index.unique)
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint | PrimaryKeyConstraint):
            yield [column.key for column in rule.columns], True
