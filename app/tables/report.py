"""What a report is: declared once, by the room that owns the rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select

from app.core.actor import Actor
from app.core.permissions import Grant
from app.ui.keyset import Order

if TYPE_CHECKING:
    from app.tables.filters import Filter

Part = TypeVar("Part")
COUNT = "rows"  # the measure that every report has: how many rows


class Kind(StrEnum):
    """What a value is: how it is shown, exported and sent."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    PHONE = "phone"
    CLAIM = "claim"

    @property
    def is_number(self) -> bool:
        return self in (Kind.MONEY, Kind.NUMBER)


@dataclass(frozen=True)
class Column:
    """One column. name: of a column of the source's select.

    total: its sum stands in the totals row. show: the words for a value, instead of the kind's. link: the
    address that a row's value leads to, or None. grant: who sees it, if not everybody who may open the report.
    is_for_files: it stands in what is taken away, and not on the page.
    """

    name: str
    label: Any
    kind: Kind = Kind.TEXT
    total: bool = False
    show: Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    grant: Grant | None = None
    is_for_files: bool = False


@dataclass(frozen=True)
class Measure:
    """A figure that is no column of the table: the sum of a column of the source's select.

    under: the column below which it stands in the totals rows. row: what its row is called, when others stand in it.
    """

    name: str
    label: Any
    kind: Kind = Kind.MONEY
    grant: Grant | None = None
    under: str = ""
    row: Any = ""


@dataclass(frozen=True)
class Group:
    """One way to sum the rows up. by: a column of the source's select. chart: "bars" or "line".

    grant: who may sum up so, if not everybody who may open the report.
    """

    name: str
    label: Any
    by: str
    kind: Kind = Kind.TEXT
    show: Callable[[Any], Any] | None = None
    chart: str = "bars"
    grant: Grant | None = None


@dataclass(frozen=True)
class RowLink:
    """Something that can be done with a row, as a link beside it on the page; not on paper, in files, or by programs.

    link: where it is done, or None where it cannot be done with that row. grant: who may.
    """

    label: Any
    icon: str
    link: Callable[[Any], str | None]
    grant: Grant | None = None


@dataclass(frozen=True)
class Asked:
    """What somebody wants of a report. values: what is looked for, by filter; what is absent means any.

    arguments: the same as it stood in the address, to ask again later. sources: what was made of it, by report.
    """

    actor: Actor
    values: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    group: str = ""
    sources: dict[str, Select[Any]] = field(default_factory=dict, compare=False, repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


@dataclass(frozen=True)
class Owned:
    """What the owner has made of a report while the house runs: columns and filters of his own, and names he hides.

    The source brings what these columns show.
    """

    columns: tuple[Column, ...] = ()
    filters: "tuple[Filter, ...]" = ()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Report:
    """One report. name: stored in records and addresses; never rename it. route: where its page is.

    source: from what is asked to the select of all rows that the actor may see; it is the one place where his
    reach is applied, and page, totals, groups, export, print and API read nothing else. It groups nothing itself:
    what must be grouped is a subquery in it.
    orders: the first is the usual one. grant opens it, export lets take it away (None: nobody), totals_grant
    shows its sums. notice: a sentence above the rows, about what is not shown to the one who asks. owned: what the
    owner has made of it. row_links: what can be done with a row.
    """

    name: str
    title: Any
    route: str
    grant: Grant
    source: Callable[[Asked], Select[Any]]
    columns: tuple[Column, ...]
    orders: tuple[Order, ...]
    filters: "tuple[Filter, ...]" = ()
    groups: tuple[Group, ...] = ()
    measures: tuple[Measure, ...] = ()
    row_links: tuple[RowLink, ...] = ()
    export: Grant | None = None
    totals_grant: Grant | None = None
    notice: Callable[[Asked], Any] | None = None
    owned: Callable[[], Owned] = Owned
    page_size: int = 50

    def columns_of(self, actor: Actor) -> tuple[Column, ...]:
        """The columns that he may see."""
        owned = self.owned()
        return _open(_unhidden((*self.columns, *owned.columns), owned), actor)

    def filters_of(self, actor: Actor) -> "tuple[Filter, ...]":
        """What he may look for."""
        return _open(self.all_filters(), actor)

    def all_filters(self) -> "tuple[Filter, ...]":
        """What can be looked for."""
        owned = self.owned()
        return _unhidden((*self.filters, *owned.filters), owned)

    def groups_of(self, actor: Actor) -> tuple[Group, ...]:
        """How he may sum up."""
        return _open(self.groups, actor)

    def row_links_of(self, actor: Actor) -> tuple[RowLink, ...]:
        """What he may do with a row."""
        return _open(self.row_links, actor)

    def measures_of(self, actor: Actor) -> tuple[Measure, ...]:
        """What is summed for him: of columns first, then the figures that stand apart."""
        summed = [Measure(each.name, each.label, each.kind) for each in self.columns_of(actor) if each.total]
        return (*summed, *_open(self.measures, actor))

    def order_of(self, asked: Asked) -> Order:
        return next((order for order in self.orders if order.name == asked.order), self.orders[0])

    def group_of(self, asked: Asked) -> Group | None:
        return next((group for group in self.groups if group.name == asked.group), None)

    def shows_totals_to(self, actor: Actor) -> bool:
        return self.totals_grant is None or actor.may(*self.totals_grant)

    def exports_to(self, actor: Actor) -> bool:
        return self.export is not None and actor.may(*self.export)


def _unhidden(parts: tuple[Part, ...], owned: Owned) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.name not in owned.hidden)  # type: ignore[attr-defined]


def _open(parts: tuple[Part, ...], actor: Actor) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.grant is None or actor.may(*part.grant))  # type: ignore[attr-defined]
