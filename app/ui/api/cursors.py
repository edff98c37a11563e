"""Lists by page: newest first, each page below the last id of the one before, so that inserts move nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import current_app, request
from flask_babel import lazy_gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from app.ui.api.fields import LARGEST_ID, Field

LONGEST_CURSOR = 200
Row = TypeVar("Row")


def _signer() -> URLSafeSerializer:
    """Signs for one call only: a cursor of another list is a bad one."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"cursor:{request.endpoint}")


def next_cursor(last_id: int) -> str:
    """The opaque text that stands for "below this id" in the list that is being answered."""
    return str(_signer().dumps(last_id))


class CursorText(Field):
    """Where the page before ended. Loads to an id."""

    default_error_messages = {"cursor": _("This cursor is not from this list.")}
    openapi = {"type": "string"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        try:
            last_id = _signer().loads(value) if isinstance(value, str) and len(value) <= LONGEST_CURSOR else None
        except BadSignature:
            last_id = None
        if not isinstance(last_id, int) or not 0 < last_id <= LARGEST_ID:
            raise self.make_error("cursor")
        if next_cursor(last_id) != value:  # a signature can be spelt in several ways, ours in one
            raise self.make_error("cursor")
        return last_id


def page_of(
    rows: Sequence[Row],
    limit: int,
    present: Callable[[Row], Mapping[str, Any]],
    id_of: Callable[[Row], int] = lambda row: row.id,  # type: ignore[attr-defined]
) -> dict[str, Any]:
    """One page of a list. rows: newest first, read with one more than `limit` to know whether there is more."""
    shown = rows[:limit]
    goes_on = len(rows) > limit
    return {
        "items": [present(row) for row in shown],
        "next": next_cursor(id_of(shown[-1])) if goes_on and shown else None,
    }
