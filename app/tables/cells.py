"""One value of a report: on the screen, in a file, in JSON."""

import enum
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import gettext

from app.core.clock import shop_clock
from app.tables.report import Kind
from app.ui import formats

SHOWN: dict[Kind, Callable[[Any], Any]] = {
    Kind.MONEY: formats.money,
    Kind.NUMBER: formats.number,
    Kind.DAY: formats.day,
    Kind.MOMENT: formats.moment,
    Kind.CHOICE: formats.choice,
    Kind.PHONE: formats.phone,
}
KEPT = 4096  # values of a column, in words
Plain = str | int | Decimal | date | datetime | None
# What a spreadsheet takes for a formula when a text begins with it.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def shown(column: Any, value: Any) -> Any:
    """A value as people read it. column: a Column, Measure or Group."""
    if value is None or value == "":
        return formats.NOTHING
    if (words := getattr(column, "show", None)) is not None:
        return words(value)
    return SHOWN.get(column.kind, formats.anything)(value)


def plain(column: Any, value: Any) -> Plain:
    """A value for a file: numbers, days and moments (by the shop's clock, without zone) as such, codes in words."""
    return None if value is None else plainly(column)(value)


def plainly(column: Any) -> Callable[[Any], Plain]:
    """What makes the values of a column plain, for many rows: words are looked up once for each value."""
    if (words := getattr(column, "show", None)) is not None:
        return lru_cache(KEPT)(lambda value: str(words(value)))
    return _known(column.kind)


def _known(kind: Kind) -> Callable[[Any], Plain]:
    if kind is Kind.MOMENT:
        zone = shop_clock().zone
        return lambda value: value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    if kind is Kind.CLAIM:
        return lru_cache(KEPT)(lambda value: gettext("Yes") if value else gettext("No"))
    if kind is Kind.CHOICE:
        return lru_cache(KEPT)(formats.choice)
    if kind is Kind.PHONE:
        return lru_cache(KEPT)(formats.phone)
    if kind in (Kind.MONEY, Kind.NUMBER, Kind.DAY):
        return lambda value: value
    return lambda value: str(value.value if isinstance(value, enum.Enum) else value)


def harmless(text: str) -> str:
    """The text with a mark before it where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
