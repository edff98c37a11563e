"""The written form of rows that seals are made over (docs/seals.md): the same on every database."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.core import money


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
