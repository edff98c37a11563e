"""Where a page ended, as an opaque text for the next one: the key of its last row, signed so that none is made up."""

import enum
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.core.db import Money, UtcDateTime

LONGEST = 400


class BadPlace(ValueError):
    """The text is no place in this list."""


def written(name: str, key: Sequence[Any] | None) -> str | None:
    """The text for a place; None for none. name: of the list and its order, for a place in one is none in another."""
    if key is None:
        return None
    return str(_signer(name).dumps([_plain(value) for value in key]))


def understood(name: str, types: Sequence[Any], text: str) -> tuple[Any, ...]:
    """The key that a text stands for. types: of its columns. Raises BadPlace."""
    try:
        values = _signer(name).loads(text) if len(text) <= LONGEST else None
        if not isinstance(values, list) or len(values) != len(types):
            raise BadPlace(text)
        key = tuple(_typed(kind, value) for kind, value in zip(types, values, strict=True))
    except (BadSignature, ValueError, TypeError, InvalidOperation):
        raise BadPlace(text) from None
    if written(name, key) != text:  # a signature can be spelt in several ways, ours in one
        raise BadPlace(text)
    return key


def _signer(name: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"place:{name}")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    return str(value) if isinstance(value, Decimal) else value


def _typed(kind: Any, value: Any) -> Any:
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Money):
        return Decimal(value)
    python = kind.python_type
    return date.fromisoformat(value) if python is date else python(value)
