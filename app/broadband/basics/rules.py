"""What may stand in a field: each rule makes the kept value of a given one, or says why it cannot.

A rule raises ValueError with a message; whoever shows it translates it.
"""

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from app.broadband.models.basics import Employee
from app.core import clock, money
from app.core.errors import N_
from app.core.sealed import HIDDEN
from app.customers.phones import NotAPhone, normalise
from app.extensions import db
from app.shop.queries import setting
from app.staff.queries import administrator

Rule = Callable[[Any], Any]
FIRST_BIRTHDAY = date(1880, 1, 1)


def line(longest: int, *, is_needed: bool = False) -> Rule:
    """One line of text, without blanks around it; None when it is empty."""
    return _text(longest, is_needed, str.isprintable)


def lines(longest: int) -> Rule:
    """A text of several lines; None when it is empty."""
    return _text(longest, False, lambda text: text.replace("\r", "").replace("\n", "").replace("\t", "").isprintable())


def number(longest: int = 32) -> Rule:
    """What a thing is known by, full-width signs as plain ones. It must be there."""
    plain = line(longest, is_needed=True)
    return lambda value: plain(_narrow(value))


def id_number(value: Any) -> str | None:
    """The number of a person's card, whole."""
    number = line(32)(_narrow(value))
    if number and HIDDEN[0] in number:
        raise ValueError(N_("Type the whole number, or leave the field as it is."))
    return number


def amount(value: Any) -> Decimal:
    """An amount of money that is not below zero."""
    if value is None:
        raise ValueError(NEEDED)
    try:
        exact = Decimal(value) if isinstance(value, str | int) else value
        if not 0 <= money.to_minor(exact) <= money.to_minor(money.LARGEST):
            raise ValueError(AMOUNT)
    except (ArithmeticError, money.NotMoney):
        raise ValueError(AMOUNT) from None
    return exact.quantize(money.CENT)


def whole(least: int, most: int, message: str, *, is_needed: bool = False) -> Rule:
    """A whole number within bounds. message: what is said of another."""

    def rule(value: Any) -> int | None:
        if value is None and not is_needed:
            return None
        if type(value) is not int or not least <= value <= most:
            raise ValueError(message)
        return value

    return rule


def claim(value: Any) -> bool:
    """Whether something holds."""
    return bool(value)


def one_of(kind: Callable[[Any], Any], *, is_needed: bool = False) -> Rule:
    """A member of an enum."""

    def rule(value: Any) -> Any:
        if value in (None, ""):
            if is_needed:
                raise ValueError(NEEDED)
            return None
        try:
            return kind(value)
        except ValueError:
            raise ValueError(N_("This is not one of the choices.")) from None

    return rule


def birthday(value: date | None) -> date | None:
    """A day on which somebody can have been born."""
    if value is not None and not FIRST_BIRTHDAY <= value <= clock.today():
        raise ValueError(N_("This day cannot be a birthday."))
    return value


def phone(value: Any) -> str | None:
    """A phone number in E.164; None when it is empty."""
    if value is None or not str(value).strip():
        return None
    try:
        return normalise(str(value), setting("phone_region"))
    except NotAPhone:
        raise ValueError(N_("This is not a phone number.")) from None


def staff_id(value: int | None) -> int | None:
    """Of an administrator who was not removed."""
    if value is not None and administrator(value) is None:
        raise ValueError(N_("There is no such administrator."))
    return value


def employee_id(value: int | None) -> int | None:
    """Of an employee."""
    if value is not None and db.session.get(Employee, value) is None:
        raise ValueError(N_("There is no such employee."))
    return value


def _text(longest: int, is_needed: bool, is_kept: Callable[[str], bool]) -> Rule:
    def rule(value: Any) -> str | None:
        text = "" if value is None else str(value).strip()
        if is_needed and not text:
            raise ValueError(NEEDED)
        if not is_kept(text):
            raise ValueError(N_("This holds signs that cannot be kept."))
        if len(text) > longest:
            raise ValueError(N_("This is too long."))
        return text or None

    return rule


def _narrow(value: Any) -> str | None:
    return None if value is None else unicodedata.normalize("NFKC", str(value))


NEEDED = N_("This is needed.")
AMOUNT = N_("Use an amount that is not below zero, with at most two decimals.")
