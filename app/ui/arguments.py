"""The arguments of generated lists, read strictly: what cannot be meant is answered with 400."""

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from flask import abort, request
from sqlalchemy import Integer

from app.ui import places
from app.ui.interface import LARGEST_PAGE
from app.ui.keyset import Key, Order

_FILTER = re.compile(r"_flt_([0-9]{1,2})_(.+)", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)


class Wanted(NamedTuple):
    """Which part of a list is wanted. page: the key after which it begins; page_size None: the view's own."""

    page: Key | None = None
    page_size: int | None = None
    order_column: str = ""
    order_direction: str = ""


def size(view_name: str) -> int | None:
    """How many rows the address wants of the list of that view. 400 for what is no such number."""
    if any(name.startswith("page_") for name in request.args):  # pages go by key, and have no numbers
        abort(400)
    sizes = {name: _whole(value) for name, value in request.args.items() if name.startswith("psize_")}
    found = sizes.get(f"psize_{view_name}")
    return found if found is None or 1 <= found <= LARGEST_PAGE else abort(400)


def order(view_name: str, order_columns: Collection[str]) -> tuple[str, str]:
    """The column and the direction that the address wants; empty for none. 400 for what is neither."""
    column, direction = request.args.get(f"_oc_{view_name}", ""), request.args.get(f"_od_{view_name}", "asc")
    if column and (column not in order_columns or direction not in ("asc", "desc")):
        abort(400)
    return (column, direction) if column else ("", "")


def place(name: str, list_name: str, of: Order) -> tuple[Key | None, int]:
    """Where the argument says that the page begins, and how many rows were looked at before. 400 for no place."""
    if not (typed := request.args.get(name)):
        return None, 0
    try:
        looked, *key = places.understood(f"{list_name}:{of.name}", [Integer(), *(part.type for part in of.key)], typed)
    except places.BadPlace:
        abort(400)
    return tuple(key), looked


def written(list_name: str, of: Order, key: Key | None, looked: int) -> str | None:
    """The same as the argument has it; None for no place."""
    return None if key is None else places.written(f"{list_name}:{of.name}", (looked, *key))


def _whole(value: str) -> int:
    return int(value) if _WHOLE.fullmatch(value) else abort(400)


def fill(filters: Any) -> None:
    """Set the filters that the address names. 400 for a column that is not searched or a filter that it lacks."""
    filters.clear_filters()
    offered = filters.get_search_filters()
    for name in request.args:
        if not name.startswith("_flt_"):
            continue
        found = _FILTER.fullmatch(name)
        if not found or found[2] not in offered or int(found[1]) >= len(offered[found[2]]):
            abort(400)
        values = [value for value in request.args.getlist(name) if value.strip()]
        if values:
            filters.add_filter_index(found[2], int(found[1]), values)
