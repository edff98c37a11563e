"""What stands on the paper beside the posting itself: its layout, the mark of a reprint, the amount in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import phonenumbers
from flask import current_app
from flask_babel import get_locale

from app.core import clock
from app.receipts.queries import Printed
from app.receipts.words import CURRENCIES, SCRIPTS, total_in_words
from app.shop.queries import setting
from app.shop.settings import BY_NAME

PAPERS = BY_NAME["receipt_paper"].choices  # code, and what it is called
AT_HAND = timedelta(minutes=10)  # how long the page of a recorded print stands for it
SHOWN_FIRST, SHOWN_LAST, HIDDEN = 3, 4, "****"


class Copy(NamedTuple):
    """Which print of a receipt a page is. number: 0 is the first, then the reprints; None: of none, so a mere copy."""

    number: int | None
    at: datetime | None = None


def paper_of(asked: str | None) -> str:
    """The layout that was asked for, or the one that the shop has set."""
    return asked if asked in dict(PAPERS) else str(setting("receipt_paper"))


def copy_of(prints: Sequence[Printed], asked: str | None) -> Copy:
    """Which print the page shows. asked: the id of a record that was just made."""
    for number, printed in enumerate(prints):
        if str(printed.id) == asked and clock.now() - printed.at < AT_HAND:
            return Copy(number, printed.at)
    return Copy(None)


def words_of(amount: Decimal) -> str:
    """The amount in financial capitals for those who read them; nothing in other languages and currencies."""
    script = SCRIPTS.get(str(get_locale()))
    return total_in_words(amount, script) if script and current_app.config["CURRENCY"] in CURRENCIES else ""


def masked(phone: str | None) -> str:
    """A number kept as E.164, without its middle: 138****8000."""
    try:
        known = phonenumbers.parse(phone or "")
    except phonenumbers.NumberParseException:
        return ""
    digits = phonenumbers.national_significant_number(known)
    first = digits[:SHOWN_FIRST] if len(digits) >= SHOWN_FIRST + SHOWN_LAST + 2 else ""
    return f"{first}{HIDDEN}{digits[-SHOWN_LAST:]}"
