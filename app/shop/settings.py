"""The settings that staff may change while the shop runs: what each is, and what holds until somebody changes it."""

import enum
from collections.abc import Mapping
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
    LINE: a short text, or nothing. MONTHS: a whole number of months, or NEVER.
    """

    MONEY = "money"
    REGION = "region"
    CHOICE = "choice"
    LINE = "line"
    MONTHS = "months"


@dataclass(frozen=True)
class Declared:
    """One setting. Its name is stored: never rename it. default: as `read` answers it.

    choices: of a CHOICE, each with its code and what it is called.
    """

    name: str
    kind: SettingKind
    default: Any
    label: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def read(self, stored: Any) -> Any:
        """The value that a stored or typed text means: a Decimal, a number, a text, or None for nothing.

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
    SettingKind.MONTHS: _months,
}

DECLARED = (
    Declared(
        "bonus_from",
        SettingKind.MONEY,
        None,
        N_("Bonus from a recharge of"),
        N_("The bonus is given for every recharge of at least this amount. Empty: no bonus."),
    ),
    Declared("bonus_gift", SettingKind.MONEY, None, N_("Bonus given"), N_("How much is given on top.")),
    Declared(
        "balance_limit",
        SettingKind.MONEY,
        None,
        N_("Largest balance"),
        N_("A recharge that would lift a customer's balance above this is refused. Empty: no limit."),
    ),
    Declared(
        "phone_region",
        SettingKind.REGION,
        "CN",
        N_("Country of phone numbers"),
        N_("Numbers typed without a country code are taken to be of this country."),
    ),
    Declared(
        "shop_name",
        SettingKind.LINE,
        "",
        N_("Name of the shop"),
        N_("It stands at the head of every receipt. Empty: the name of this program."),
    ),
    Declared(
        "receipt_paper",
        SettingKind.CHOICE,
        "80",
        N_("Paper of receipts"),
        N_("What the printer at the counter holds. Each receipt can be printed on another one."),
        (("58", N_("58 mm roll")), ("80", N_("80 mm roll")), ("a4", N_("A4 sheet"))),
    ),
    Declared(
        "keep_postings",
        SettingKind.MONTHS,
        months.FEWEST,
        N_("Months of account details"),
        N_(
            "At least 6, or never. Older months are moved to an archive, not destroyed; balances and totals stay the "
            "same. Never: nothing leaves. Some jurisdictions want prepaid records kept for years: ask before you "
            "throw an archive away."
        ),
    ),
    Declared(
        "keep_records",
        SettingKind.MONTHS,
        months.FEWEST,
        N_("Months of operation records"),
        N_("At least 6, or never, as above. What is known of a deleted customer is erased when both times are over."),
    ),
)
BY_NAME: Mapping[str, Declared] = {declared.name: declared for declared in DECLARED}


def check_together(values: Mapping[str, Any]) -> None:
    """Refuse values that make no sense beside each other. Raises Invalid."""
    if (values["bonus_from"] is None) != (values["bonus_gift"] is None):
        missing = "bonus_gift" if values["bonus_gift"] is None else "bonus_from"
        raise Invalid(**{missing: N_("A bonus needs both amounts, or neither.")})
