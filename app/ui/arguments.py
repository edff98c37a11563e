"""The arguments of generated lists, read strictly: what cannot be meant is answered with 400."""

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from flask import abort, request

from app.ui.interface import LARGEST_PAGE, MOST_COUNTED

_FILTER = re.compile(r"_flt_([0-9]{1,2})_(.+)", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,6}", re.ASCII)


class Wanted(NamedTuple):
    """Which part of a list is wanted. page counts from 0; page_size None: the view's own."""

    page: int = 0
    page_size: int | None = None
    order_column: str = ""
    order_direction: str = ""


def wanted(view_name: str, order_columns: Collection[str], usual_size: int) -> Wanted:
    """What the address asks of the list of that view. 400 for what is no number, column or direction."""
    numbers = {name: _whole(value) for name, value in request.args.items() if name.startswith(("page_", "psize_"))}
    page, size = numbers.get(f"page_{view_name}", 0), numbers.get(f"psize_{view_name}")
    if size is not None and not 1 <= size <= LARGEST_PAGE:
        abort(400)
    if page * (size or usual_size) > MOST_COUNTED:
        abort(400)
    column, direction = request.args.get(f"_oc_{view_name}", ""), request.args.get(f"_od_{view_name}", "asc")
    if column and (column not in order_columns or direction not in ("asc", "desc")):
        abort(400)
    return Wanted(page, size, column, direction if column else "")


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
