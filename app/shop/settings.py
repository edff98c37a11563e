"""The settings that staff may change while the shop runs: what each is, and what holds until somebody changes it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import phonenumbers

from app.core import money
from app.core.errors import N_, Invalid


class SettingKind(enum.Enum):
    """What a setting holds. MONEY: an amount above zero, or nothing. REGION: two letters of a country."""

    MONEY = "money"
    REGION = "region"


@dataclass(frozen=True)
class Declared:
    """One setting. Its name is stored: never rename it. default: as `read` answers it."""

    name: str
    kind: SettingKind
    default: Any
    label: str
    help: str = ""

    def read(self, stored: Any) -> Any:
        """The value that a stored or typed text means: a Decimal, a text, or None for nothing.

        Raises Invalid with a sentence for anything else.
        """
        return _READERS[self.kind](self.name, stored)


def _money(name: str, stored: Any) -> Decimal | None:
    if stored in (None, ""):
        return None
    try:
        amount = stored if isinstance(stored, Decimal) else money.parse(stored)
    except money.NotMoney:
        raise Invalid(**{name: N_("This must be an amount with at most two decimals.")}) from None
    if not 0 < amount <= money.LARGEST:
        raise Invalid(**{name: N_("The amount must be above zero.")})
    return amount


def _region(name: str, stored: Any) -> str:
    region = str(stored or "").strip().upper()
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(**{name: N_("This must be the two letters of a country, such as CN.")})
    return region


_READERS = {SettingKind.MONEY: _money, SettingKind.REGION: _region}

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
)
BY_NAME: Mapping[str, Declared] = {declared.name: declared for declared in DECLARED}


def check_together(values: Mapping[str, Any]) -> None:
    """Refuse values that make no sense beside each other. Raises Invalid."""
    if (values["bonus_from"] is None) != (values["bonus_gift"] is None):
        missing = "bonus_gift" if values["bonus_gift"] is None else "bonus_from"
        raise Invalid(**{missing: N_("A bonus needs both amounts, or neither.")})
