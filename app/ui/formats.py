"""How amounts, moments, days, choices and refusals are shown to people, in their language."""

import enum
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import phonenumbers
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from flask import current_app
from flask_babel import format_date, get_locale, gettext
from markupsafe import Markup

from app.core.clock import shop_clock
from app.core.errors import Refused

NOTHING = Markup('<span class="none">—</span>')
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}", re.ASCII)
# Inside the shop its own money needs no country before the sign.
_SHORT_SIGNS = {"CNY": "¥", "JPY": "¥", "TWD": "NT$", "HKD": "HK$"}


def currency_sign() -> str:
    """The sign of the deployment's currency."""
    currency = current_app.config["CURRENCY"]
    return _SHORT_SIGNS.get(currency) or get_currency_symbol(currency, locale=get_locale())


def money(value: Decimal | None) -> str:
    """An amount in the deployment's currency, as the reader's language writes it."""
    if value is None:
        return ""
    currency, locale = current_app.config["CURRENCY"], get_locale()
    return format_currency(value, currency, locale=locale).replace(
        get_currency_symbol(currency, locale=locale), currency_sign()
    )


def number(value: Decimal | int | None) -> str:
    """A count or factor with the reader's separators."""
    return "" if value is None else format_decimal(value, locale=get_locale())


def day(value: date | None) -> str:
    """A day of the calendar."""
    return "" if value is None else format_date(value, "medium", rebase=False)


def moment(value: datetime | None) -> str:
    """An instant as the shop's clock shows it, to the minute."""
    if value is None:
        return ""
    local = shop_clock().local(value)
    return f"{day(local.date())} {local:%H:%M}"


def phone(value: str | None) -> str:
    """A number kept as E.164, in groups: 138 0013 8000; with the country's code when it is not a Chinese one."""
    try:
        known = phonenumbers.parse(value or "")
    except phonenumbers.NumberParseException:
        return value or ""
    is_ours = known.country_code == 86
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(known, form.NATIONAL if is_ours else form.INTERNATIONAL)


def choice(value: enum.Enum | str | None) -> str:
    """A member of an enum in words: `bank-card` is the message "Bank card", which the room marks for translation.

    A member whose words are others has them as its attribute `words`.
    """
    if value is None:
        return ""
    written = str(value.value if isinstance(value, enum.Enum) else value)
    return gettext(getattr(value, "words", None) or written.replace("-", " ").replace("_", " ").capitalize())


def listed(values: Iterable[Any]) -> str:
    """Several things in one line."""
    return gettext(", ").join(str(each) for each in values)


def pair(name: Any, value: Any) -> str:
    """What something is called, and what it is."""
    return gettext("%(name)s: %(value)s", name=name, value=value)


def anything(value: Any) -> Any:
    """A value of a generated list or record, by its type."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    for kind, shown in _BY_TYPE.items():
        if isinstance(value, kind):
            return shown(value)
    return listed(value) or NOTHING if isinstance(value, list | tuple | set) else str(value)


def refusal_text(refused: Refused) -> str:
    """The sentence of a refusal in the reader's language, with its figures. Amounts are shown as money."""
    return gettext(refused.sentence) % {name: _figure(value) for name, value in refused.figures.items()}


def _figure(value: Any) -> Any:
    """A refusal that was kept under its key comes back with its amounts as text."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return money(Decimal(value))
    if isinstance(value, Decimal):
        return money(value)
    return _BY_TYPE[type(value)](value) if type(value) in (date, datetime) else value


_BY_TYPE: dict[type, Callable[[Any], str]] = {
    datetime: moment,
    date: day,
    enum.Enum: choice,
    Decimal: number,
}
FILTERS: dict[str, Callable[[Any], Any]] = {
    "anything": anything,
    "choice": choice,
    "day": day,
    "listed": listed,
    "moment": moment,
    "money": money,
    "number": number,
    "phone": phone,
}
