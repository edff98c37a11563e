"""Values of a service's columns, as its documents keep them and give them back."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from app.broadband.models import Service
from app.core import money


def plain(value: Any) -> Any:
    """A value of a column as documents keep it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return money.to_text(value) if isinstance(value, Decimal) else value


def typed(name: str, value: Any) -> Any:
    """A value that a document kept, as its column takes it."""
    if value is None:
        return None
    kind = Service.__table__.c[name].type.python_type
    if kind in (date, Decimal):
        return date.fromisoformat(value) if kind is date else Decimal(value)
    return kind(value)
