"""The settings that staff may change while the shop runs: what each is, and what holds until somebody changes it."""

from collections.abc import Mapping
from typing import Any

from app.core import months
from app.core.errors import N_, Invalid
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.core.rooms import open_rooms
from app.core.setting_kinds import Declared, SettingKind

SHOP, MONEY, CUSTOMERS, CLERKS, APPROVALS, SHIFTS, RECEIPTS, SIGN_IN, HISTORY = (
    N_("The shop"),
    N_("Balances and bonus"),
    N_("Customers"),
    N_("Clerks"),
    N_("Two people"),
    N_("Shifts"),
    N_("Receipts"),
    N_("Signing in"),
    N_("What is kept"),
)
_ROLE_NAMES = {
    SUPER_ADMIN: N_("Super administrator"),
    ORDINARY_ADMIN: N_("Ordinary administrator"),
    "cashier": N_("Cashier"),
    "service-desk": N_("Service desk"),
    "finance": N_("Finance"),
    "installer": N_("Installer"),
}

# Whole hours: that is what a posting keeps of the shop's clock.
HOURS = (("", N_("Not set")), *((str(hour), f"{hour:02}:00") for hour in range(24)))

DECLARED = (
    Declared(
        "shop_name",
        SettingKind.LINE,
        "",
        N_("Name of the shop"),
        N_("It stands at the head of every receipt. Empty: the name of this program."),
        heading=SHOP,
    ),
    Declared(
        "first_steps",
        SettingKind.YES_NO,
        True,
        N_("Show the first steps on the overview"),
        N_("What a new shop should look at once. It goes by itself when all of it is done."),
        heading=SHOP,
    ),
    Declared(
        "bonus_from",
        SettingKind.MONEY,
        None,
        N_("Bonus from a recharge of"),
        N_("The bonus is given for every recharge of at least this amount. Empty: no bonus."),
        heading=MONEY,
    ),
    Declared("bonus_gift", SettingKind.MONEY, None, N_("Bonus given"), N_("How much is given on top."), heading=MONEY),
    Declared(
        "spending_order",
        SettingKind.CHOICE,
        "principal-first",
        N_("What a consumption is taken from"),
        N_("Principal first lets an early refund take back the whole unused bonus. It holds from the next posting on."),
        (
            ("principal-first", N_("Principal first, then bonus")),
            ("bonus-first", N_("Bonus first, then principal")),
            ("proportional", N_("From both in proportion")),
        ),
        heading=MONEY,
    ),
    Declared(
        "balance_limit",
        SettingKind.MONEY,
        None,
        N_("Largest balance"),
        N_("A recharge that would lift a customer's balance above this is refused. Empty: no limit."),
        heading=MONEY,
    ),
    Declared(
        "own_store_customers",
        SettingKind.YES_NO,
        False,
        N_("Clerks find the customers of their stores only"),
        N_("Those of other stores are not there for them: at the counter, in the list, for programs."),
        heading=CLERKS,
    ),
    Declared(
        "phone_region",
        SettingKind.REGION,
        "CN",
        N_("Country of phone numbers"),
        N_("Numbers typed without a country code are taken to be of this country."),
        heading=CUSTOMERS,
    ),
    Declared(
        "mobile_phones_only",
        SettingKind.YES_NO,
        False,
        N_("Mobile numbers only"),
        N_("A number that is typed for a customer must be a mobile one. A list that is taken over may bring others."),
        heading=CUSTOMERS,
    ),
    Declared(
        "receipt_paper",
        SettingKind.CHOICE,
        "80",
        N_("Paper of receipts"),
        N_("What the printer at the counter holds. Each receipt can be printed on another one."),
        (("58", N_("58 mm roll")), ("80", N_("80 mm roll")), ("a4", N_("A4 sheet"))),
        heading=RECEIPTS,
    ),
    Declared(
        "second_factor_roles",
        SettingKind.SEVERAL,
        [],
        N_("Roles that must sign in with a code of the telephone"),
        N_("Who has none yet is led to set it up, and can do nothing else until then. Set up your own first."),
        tuple(_ROLE_NAMES.items()),
        heading=SIGN_IN,
    ),
    Declared(
        "cash_taken",
        SettingKind.CHOICE,
        "always",
        N_("Cash is taken"),
        N_("In an open shift only: who has not opened one cannot take cash or pay it back."),
        (("always", N_("With and without a shift")), ("shift", N_("In an open shift only"))),
        heading=SHIFTS,
    ),
    Declared(
        "clerks_see_own_only",
        SettingKind.YES_NO,
        False,
        N_("Clerks see only their own operations"),
        N_("Off: an ordinary administrator sees everything of today in his stores. On: only what he did himself."),
        heading=CLERKS,
    ),
    Declared(
        "approval_reversals_above",
        SettingKind.MONEY,
        None,
        N_("Two people for reversals above"),
        N_("A reversal above this amount waits until another super administrator approves it. Empty: never."),
        heading=APPROVALS,
    ),
    Declared(
        "approval_adjustments_above",
        SettingKind.MONEY,
        None,
        N_("Two people for adjustments above"),
        N_("An adjustment above this amount waits until another super administrator approves it. Empty: never."),
        heading=APPROVALS,
    ),
    Declared(
        "approval_lasts",
        SettingKind.CHOICE,
        "7",
        N_("A request for approval waits for"),
        N_("After that it expires and must be asked for again."),
        (("1", N_("1 day")), ("3", N_("3 days")), ("7", N_("7 days")), ("30", N_("30 days"))),
        heading=APPROVALS,
    ),
    Declared(
        "opens_at",
        SettingKind.CHOICE,
        "",
        N_("The shops open at"),
        N_("What is posted outside these hours stands out in the clerk watch. Nothing is refused for it."),
        HOURS,
        heading=CLERKS,
    ),
    Declared(
        "closes_at",
        SettingKind.CHOICE,
        "",
        N_("The shops close at"),
        N_("An hour before the one of opening is one of the next morning."),
        HOURS,
        heading=CLERKS,
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
        heading=HISTORY,
    ),
    Declared(
        "keep_records",
        SettingKind.MONTHS,
        months.FEWEST,
        N_("Months of operation records"),
        N_("At least 6, or never, as above. What is known of a deleted customer is erased when both times are over."),
        heading=HISTORY,
    ),
)
BY_NAME: Mapping[str, Declared] = {declared.name: declared for declared in DECLARED}


def all_declared() -> Mapping[str, Declared]:
    """The settings of the house and of the rooms that are open, by name."""
    return {**BY_NAME, **{declared.name: declared for room in open_rooms() for declared in room.settings}}


def by_heading() -> list[tuple[str, list[Declared]]]:
    """The settings as a page shows them: under their headings, in the order in which these come up first."""
    declared = all_declared().values()
    headings = dict.fromkeys(each.heading for each in declared)
    return [(heading, [each for each in declared if each.heading == heading]) for heading in headings]


def check_together(values: Mapping[str, Any]) -> None:
    """Refuse values that make no sense beside each other. Raises Invalid."""
    if (values["bonus_from"] is None) != (values["bonus_gift"] is None):
        missing = "bonus_gift" if values["bonus_gift"] is None else "bonus_from"
        raise Invalid(**{missing: N_("A bonus needs both amounts, or neither.")})
    if (values["opens_at"] == "") != (values["closes_at"] == ""):
        missing = "closes_at" if values["closes_at"] == "" else "opens_at"
        raise Invalid(**{missing: N_("Opening hours need both a beginning and an end, or neither.")})
    for each in all_declared().values():
        if each.floor and values[each.name] < values[each.floor]:
            raise Invalid(**{each.name: N_("This must not be below the least.")})
        if each.begins:
            _check_ends(each, values[each.begins], values[each.name])


def _check_ends(declared: Declared, first: Any, last: Any) -> None:
    if (first == "") != (last == ""):
        missing = declared.name if last == "" else declared.begins
        raise Invalid(**{missing: N_("A beginning and an end are needed, or neither.")})
    if first and first == last:
        raise Invalid(**{declared.name: N_("This cannot end where it begins.")})
