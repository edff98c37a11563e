"""The period as a file: a line for each group, and one for all of them together."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.ledger.models import Kind as Posted
from app.ledger.totals import Figures
from app.tables import Column, Kind

FIGURES: Mapping[str, tuple[Any, Callable[[Figures], Any]]] = {
    "recharged": (_("Recharged"), lambda figures: figures.of(Posted.RECHARGE).gross),
    "bonus": (_("Bonus given"), lambda figures: figures.of(Posted.RECHARGE).bonus),
    "recharge_reversed": (_("Reversed"), lambda figures: figures.of(Posted.RECHARGE).reversed),
    "recharge_net": (_("Net"), lambda figures: figures.of(Posted.RECHARGE).net),
    "consumed": (_("Consumed"), lambda figures: figures.of(Posted.CONSUMPTION).gross),
    "consumption_reversed": (_("Reversed"), lambda figures: figures.of(Posted.CONSUMPTION).reversed),
    "consumption_net": (_("Net"), lambda figures: figures.of(Posted.CONSUMPTION).net),
    "sold": (_("Sold for money"), lambda figures: figures.of(Posted.SALE).net),
    "refunded": (_("Refunded"), lambda figures: figures.of(Posted.REFUND).net),
    "money_in": (_("Money in"), lambda figures: figures.takings),
    "value_consumed": (_("Value consumed"), lambda figures: figures.consumed),
}


def columns(group: str) -> tuple[Column, ...]:
    """The columns of the file. group: what the groups are told apart by, in words."""
    return (Column("group", group), *(Column(name, label, Kind.MONEY) for name, (label, _of) in FIGURES.items()))


def lines(groups: list[tuple[str, Figures]], together: Figures) -> Iterator[Mapping[str, Any]]:
    """What the file says, line by line."""
    for label, figures in [*groups, (gettext("Together"), together)]:
        yield {"group": label} | {name: of(figures) for name, (_label, of) in FIGURES.items()}
