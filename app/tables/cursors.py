"""A place in the rows of a report, in one order, as an opaque text."""

from collections.abc import Sequence
from typing import Any

from app.tables.report import Asked, Report
from app.ui import places
from app.ui.places import BadPlace

__all__ = ["BadPlace", "understood", "written"]


def written(report: Report, asked: Asked, key: Sequence[Any] | None) -> str | None:
    """The text for a place; None for none."""
    return places.written(_name(report, asked), key)


def understood(report: Report, asked: Asked, text: str) -> tuple[Any, ...]:
    """The key that a text stands for. Raises BadPlace."""
    return places.understood(_name(report, asked), [part.type for part in report.order_of(asked).key], text)


def _name(report: Report, asked: Asked) -> str:
    return f"{report.name}:{report.order_of(asked).name}"
