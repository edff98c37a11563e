"""What people call the parts of the totals."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext

from app.core.errors import N_
from app.ledger.models import Kind
from app.ledger.totals import By, Figures, Line
from app.ui.formats import choice, day

BY = {
    By.DAY: N_("Day"),
    By.STORE: N_("Store"),
    By.OPERATOR: N_("Clerk"),
    By.METHOD: N_("Method"),
    By.KIND: N_("Kind"),
    By.CATEGORY: N_("Category"),
    By.HOUR: N_("Hour"),
}
ALWAYS_SHOWN = (Kind.RECHARGE, Kind.CONSUMPTION, Kind.SALE, Kind.REFUND, Kind.ADJUSTMENT)
ZERO = Decimal(0)


class KindLine(NamedTuple):
    """One kind of posting in a table. net: signed by what it did to balances for adjustments alone."""

    kind: Kind
    line: Line


def group(by: By, key: Any, store_names: Mapping[str, str]) -> str:
    """What a group is called. store_names: by code."""
    if key is None:
        nobody = {By.OPERATOR: gettext("The system"), By.METHOD: gettext("From the balance")}
        return nobody.get(by, gettext("None of them"))
    if by is By.DAY:
        return day(key)
    if by is By.HOUR:
        return hour(key)
    if by is By.STORE:
        return store_names[key]
    return str(key) if by is By.OPERATOR else choice(key)


def hour(number: int) -> str:
    """An hour of the shop's clock, whole."""
    return f"{number:02}:00–{number:02}:59"


def by(value: By) -> str:
    """By what figures are told apart."""
    return gettext(BY[value])


def kind_lines(figures: Figures) -> Iterator[KindLine]:
    """A line for each kind that occurred, and for those that every shop asks about."""
    for kind in Kind:
        if kind in ALWAYS_SHOWN or kind in figures.lines:
            yield KindLine(kind, figures.of(kind))
