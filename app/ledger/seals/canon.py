"""The written form of rows that seals are made over (docs/seals.md): the same on every database."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from app.core import money


def text_of(values: Iterable[Any]) -> str:
    """One line: a JSON list without spaces, amounts in minor units, moments in UTC to the microsecond."""
    return json.dumps([_plain(value) for value in values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return money.to_minor(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value
