"""What a setting may hold, and how what is stored or typed is read."""

import enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import phonenumbers

from app.core import money, months
from app.core.errors import N_, Invalid

LONGEST_LINE = 60
MOST_MONTHS = 600
NEVER = "never"  # instead of a number of months


class SettingKind(enum.Enum):
    """What a setting holds.

    MONEY: an amount above zero, or nothing. REGION: two letters of a country. CHOICE: the code of one of its choices.
    LINE: a short text, or nothing. YES_NO: true or false. WHOLE: a whole number from `least` to `most`, or nothing
    where that is the default. SEVERAL: the codes of some of its choices, in the order of these. MONTHS: a whole number
    of months, or NEVER.
    """

    MONEY = "money"
    REGION = "region"
    CHOICE = "choice"
    LINE = "line"
    YES_NO = "yes-no"
    WHOLE = "whole"
    SEVERAL = "several"
    MONTHS = "months"


@dataclass(frozen=True)
class Declared:
    """One setting. Its name is stored: never rename it. default: as `read` answers it.

    choices: of a CHOICE or SEVERAL, each with its code and what it is called. heading: under which it is shown.
    floor: the name of another setting, below which this whole number makes no sense. begins: the name of the CHOICE
    at which the range begins that this one ends; both are set or neither, and they differ.
    """

    name: str
    kind: SettingKind
    default: Any
    label: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 1_000_000
    heading: str = ""
    floor: str = ""
    begins: str = ""

    def read(self, stored: Any) -> Any:
        """The value that a stored or typed text means: a Decimal, a text, a number, or None for nothing.

        Raises Invalid with a sentence for anything else.
        """
        return _READERS[self.kind](self, stored)


def _money(declared: Declared, stored: Any) -> Decimal | None:
    if stored in (None, ""):
        return None
    try:
        amount = stored if isinstance(stored, Decimal) else money.parse(stored)
    except money.NotMoney:
        raise Invalid(**{declared.name: N_("This must be an amount with at most two decimals.")}) from None
    if not 0 < amount <= money.LARGEST:
        raise Invalid(**{declared.name: N_("The amount must be above zero.")})
    return amount


def _region(declared: Declared, stored: Any) -> str:
    region = str(stored or "").strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(**{declared.name: N_("This must be the two letters of a country, such as CN.")})
    return region


def _choice(declared: Declared, stored: Any) -> str:
    if stored not in dict(declared.choices):
        raise Invalid(**{declared.name: N_("Choose one of those that are offered.")})
    return str(stored)


def _line(declared: Declared, stored: Any) -> str:
    line = " ".join(str(stored or "").split())
    if len(line) > LONGEST_LINE:
        raise Invalid(**{declared.name: N_("This may have at most 60 characters.")})
    return line


def _yes_no(declared: Declared, stored: Any) -> bool:
    if stored not in (True, False, None):
        raise Invalid(**{declared.name: N_("Choose yes or no.")})
    return bool(stored)


def _whole(declared: Declared, stored: Any) -> int | None:
    if stored in (None, "") and declared.default is None:
        return None
    text = str(stored).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and declared.least <= int(text) <= declared.most):
        raise Invalid(**{declared.name: N_("This must be a whole number within the bounds.")})
    return int(text)


def _several(declared: Declared, stored: Any) -> list[str]:
    chosen = set(stored or ())
    if chosen - dict(declared.choices).keys():
        raise Invalid(**{declared.name: N_("Choose some of those that are offered.")})
    return [code for code, _called in declared.choices if code in chosen]


def _months(declared: Declared, stored: Any) -> int | str:
    typed = str(stored or "").strip().lower()
    if typed == NEVER:
        return NEVER
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and months.FEWEST <= int(typed) <= MOST_MONTHS):
        raise Invalid(**{declared.name: N_("This must be a whole number of months, at least 6, or the word never.")})
    return int(typed)


_READERS = {
    SettingKind.MONEY: _money,
    SettingKind.REGION: _region,
    SettingKind.CHOICE: _choice,
    SettingKind.LINE: _line,
    SettingKind.YES_NO: _yes_no,
    SettingKind.WHOLE: _whole,
    SettingKind.SEVERAL: _several,
    SettingKind.MONTHS: _months,
}
