"""How amounts, moments, days and refusals are shown to people."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from flask import current_app
from flask_babel import format_date, get_locale, gettext

from app.core.clock import shop_clock
from app.core.errors import Refused


def money(value: Decimal | None) -> str:
    """An amount in the deployment's currency, as the reader's language writes it."""
    if value is None:
        return ""
    return format_currency(value, current_app.config["CURRENCY"], locale=get_locale())


def moment(value: datetime | None) -> str:
    """An instant as the shop's clock shows it."""
    return "" if value is None else f"{day(shop_clock().local(value).date())} {shop_clock().local(value):%H:%M}"


def day(value: date | None) -> str:
    return "" if value is None else format_date(value, "medium", rebase=False)


def refusal_text(refused: Refused) -> str:
    """The sentence of a refusal in the reader's language, with its figures."""
    return gettext(refused.sentence) % refused.figures


FILTERS: dict[str, Callable[[Any], str]] = {"money": money, "moment": moment, "day": day}
