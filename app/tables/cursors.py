"""Where a page ended, as an opaque text for the next one: the key of its last row."""

import enum
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.core.db import Money, UtcDateTime
from app.tables.report import Asked, Report

LONGEST = 400


class BadCursor(ValueError):
    """The text is no place in this report's rows."""


def _signer(report: Report, asked: Asked) -> URLSafeSerializer:
    """Signs for one report in one order: a place in another list is a bad one."""
    salt = f"report:{report.name}:{report.order_of(asked).name}"
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)


def written(report: Report, asked: Asked, key: Sequence[Any] | None) -> str | None:
    """The text for a place; None for none."""
    if key is None:
        return None
    return str(_signer(report, asked).dumps([_plain(value) for value in key]))


def understood(report: Report, asked: Asked, text: str) -> tuple[Any, ...]:
    """The key that a text stands for. Raises BadCursor."""
    parts = report.order_of(asked).key
    try:
        values = _signer(report, asked).loads(text) if len(text) <= LONGEST else None
        if not isinstance(values, list) or len(values) != len(parts):
            raise BadCursor(text)
        key = tuple(_typed(part.type, value) for part, value in zip(parts, values, strict=True))
    except (BadSignature, ValueError, TypeError, InvalidOperation):
        raise BadCursor(text) from None
    if written(report, asked, key) != text:  # a signature can be spelt in several ways, ours in one
        raise BadCursor(text)
    return key


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
