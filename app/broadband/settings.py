"""What the owner may set about broadband."""

from enum import StrEnum

from app.core.errors import N_
from app.core.setting_kinds import Declared, SettingKind

HEADING = N_("Broadband")
CONTINUES = "broadband_continues"
LEAST, MOST, COOLDOWN = "broadband_suspend_least", "broadband_suspend_most", "broadband_suspend_cooldown"
AT_CLOSING = "broadband_at_closing"
TEN_YEARS = 3650


class AtClosing(StrEnum):
    """What becomes of money that was paid for days which do not come."""

    BALANCE = "balance"
    REFUND = "refund"
    FORFEIT = "forfeit"


SETTINGS = (
    Declared(
        CONTINUES,
        SettingKind.YES_NO,
        False,
        N_("Payments continue from the stop date"),
        N_("Also when it lies in the past: the days between are paid too. Otherwise such a payment begins today."),
        heading=HEADING,
    ),
    Declared(
        LEAST,
        SettingKind.WHOLE,
        0,
        N_("Least days of a suspension"),
        N_("A suspension that the customer wants and that was shorter adds no days to the stop date."),
        most=TEN_YEARS,
        heading=HEADING,
    ),
    Declared(
        MOST,
        SettingKind.WHOLE,
        TEN_YEARS,
        N_("Most days of a suspension"),
        N_("Of a longer one no more than these days are added."),
        least=1,
        most=TEN_YEARS,
        heading=HEADING,
        floor=LEAST,
    ),
    Declared(
        COOLDOWN,
        SettingKind.WHOLE,
        0,
        N_("Days between two suspensions"),
        N_("After one that the customer wanted the next one is refused for so many days."),
        most=TEN_YEARS,
        heading=HEADING,
    ),
    Declared(
        AT_CLOSING,
        SettingKind.CHOICE,
        AtClosing.BALANCE.value,
        N_("Unused days at a closing"),
        N_("What was paid for days that do not come."),
        (
            (AtClosing.BALANCE.value, N_("go into the customer's balance")),
            (AtClosing.REFUND.value, N_("are paid out")),
            (AtClosing.FORFEIT.value, N_("are kept by the shop")),
        ),
        heading=HEADING,
    ),
)
