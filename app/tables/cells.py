"""One value of a report: on the screen, in a file, in JSON."""

import enum
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
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
# What a spreadsheet takes for a formula when a text begins with it.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def shown(column: Any, value: Any) -> Any:
    """A value as people read it. column: a Column, Measure or Group."""
    if value is None or value == "":
        return formats.NOTHING
    if (words := getattr(column, "show", None)) is not None:
        return words(value)
    return SHOWN.get(column.kind, formats.anything)(value)


def plain(column: Any, value: Any) -> str | int | Decimal | date | datetime | None:
    """A value for a file: numbers, days and moments (by the shop's clock, without zone) as such, codes in words."""
    if value is None:
        return None
    if (words := getattr(column, "show", None)) is not None:
        return str(words(value))
    if column.kind is Kind.MOMENT:
        return shop_clock().local(value).replace(tzinfo=None, microsecond=0)
    if column.kind is Kind.CLAIM:
        return gettext("Yes") if value else gettext("No")
    if column.kind is Kind.CHOICE:
        return formats.choice(value)
    if column.kind is Kind.PHONE:
        return formats.phone(value)
    if column.kind in (Kind.MONEY, Kind.NUMBER, Kind.DAY):
        return value
    return str(value.value if isinstance(value, enum.Enum) else value)


def harmless(text: str) -> str:
    """The text with a mark before it where a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
