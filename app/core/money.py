"""Money: a Decimal of at most two decimals outside, a whole number of minor units in the database."""

import re
from decimal import Decimal, InvalidOperation

CENT = Decimal("0.01")
LARGEST = Decimal("9999999999.99")
_PLAIN = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,2})?", re.ASCII)


class NotMoney(ValueError):
    """The text or number is not an amount of money."""


def parse(text: object) -> Decimal:
    """Read an amount as programs write it: ASCII digits, at most two decimals, no sign but a minus.

    Raises NotMoney for anything else: floats, booleans, exponents, separators, NaN, full-width digits.
    """
    if not isinstance(text, str) or not _PLAIN.fullmatch(text):
        raise NotMoney(text)
    return Decimal(text).quantize(CENT)


def to_minor(amount: Decimal) -> int:
    """The amount in minor units (fen, cents). Raises NotMoney when it has more than two decimals."""
    try:
        minor = amount.scaleb(2)
    except (InvalidOperation, AttributeError):
        raise NotMoney(amount) from None
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise NotMoney(amount)
    return int(minor)


def from_minor(minor: int) -> Decimal:
    """The amount that so many minor units are."""
    return Decimal(minor).scaleb(-2).quantize(CENT)


def to_text(amount: Decimal) -> str:
    """The amount as JSON carries it: a string with two decimals."""
    return f"{amount:.2f}"
