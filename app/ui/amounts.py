"""Reading amounts of money as people type them. Programs write them otherwise: app.core.money.parse."""

import re
import unicodedata
from decimal import Decimal

from app.core.errors import N_
from app.core.money import CENT, LARGEST

_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+"
_AMOUNT = re.compile(rf"([-+]?)((?:{_GROUPED}|[0-9]+)?(?:\.([0-9]*))?)", re.ASCII)
_SIGNS = re.compile(r"^(?:CNY|RMB|NT\$|HK\$|¥|\$)|(?:元|圆|圓)$", re.IGNORECASE)


class NotAnAmount(ValueError):
    """What was typed is no amount. The message says why; whoever shows it translates it."""


def read(typed: str, *, signed: bool = False) -> Decimal:
    """The amount that somebody typed: 100, 1,000.50, ￥100, full-width digits. signed: a minus is allowed.

    Raises NotAnAmount for anything else: exponents, words, more than two decimals, more than 9,999,999,999.99.
    """
    text = unicodedata.normalize("NFKC", typed).replace("。", ".").replace("−", "-")
    text = _SIGNS.sub("", re.sub(r"\s+", "", text))
    found = _AMOUNT.fullmatch(text)
    if not found or not re.search("[0-9]", found[2]) or found[3] == "":
        raise NotAnAmount(N_("This is not an amount."))
    if found[1] == "-" and not signed:
        raise NotAnAmount(N_("An amount is written without a minus."))
    if len((found[3] or "").rstrip("0")) > 2:
        raise NotAnAmount(N_("An amount has at most two decimals."))
    if len(text) > 30 or abs(amount := Decimal(text.replace(",", ""))) > LARGEST:
        raise NotAnAmount(N_("This amount is too large."))
    return amount.quantize(CENT)
