"""How generated views read tables: exact money, pages by key, typed filters, eager relations."""

import enum
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from sqlalchemy import BigInteger, Select, func, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.core.db import Money
from app.core.errors import Invalid
from app.ui import amounts, filters, keyset
from app.ui.fields import EARLIEST, LATEST
from app.ui.keyset import Key, Order
from app.ui.serving import served_by_index

LARGEST_PAGE = 200
MOST_CHOICES = 500  # rows in a drop-down; a larger table wants a look-up
LARGEST_NUMBER = 2**63 - 1
LARGEST_INTEGER = 2**31 - 1  # of a column that is no BIGINT
_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)


class HouseInterface(SQLAInterface):
    """Read one model for RegisterView and RecordsView. It never writes: that is what verbs are for.

    eager: relations that a list shows, loaded with two statements and not one per row. lookup: relations to
    large tables, each with the column that people know a row by. reads: for such a relation, how typed text
    becomes that column's value. kinds: the filters of a column, where its type does not say enough.
    """

    filter_converter_class = filters.HouseFilterConverter
    FilterEqual = filters.Equal
    FilterRelationOneToManyEqual = filters.RelationIs
    FilterRelationManyToManyEqual = filters.RelationHas

    def __init__(
        self,
        obj: type,
        session: Any = None,
        *,
        eager: Sequence[str] = (),
        lookup: Mapping[str, str] | None = None,
        reads: Mapping[str, Callable[[str], str]] | None = None,
        kinds: Mapping[str, Sequence[type[filters.HouseFilter]]] | None = None,
    ) -> None:
        self.eager, self.lookup, self.reads = tuple(eager), dict(lookup or {}), dict(reads or {})
        self.kinds = dict(kinds or {})
        super().__init__(obj, session)

    # What a column is

    def is_money(self, name: str) -> bool:
        return name in self.list_columns and isinstance(self.list_columns[name].type, Money)

    def is_integer(self, name: str) -> bool:
        return not self.is_money(name) and super().is_integer(name)

    def is_numeric(self, name: str) -> bool:
        return self.is_money(name) or super().is_numeric(name)

    def is_lookup(self, name: str) -> bool:
        return name in self.lookup

    def enum_of(self, name: str) -> type[enum.Enum]:
        return self.list_columns[name].type.enum_class

    def foreign_key(self, name: str) -> Any:
        """The column of our own table that holds the key of the related row."""
        column = self.get_relation_fk(name)
        return getattr(self.obj, self.obj.__mapper__.get_property_by_column(column).key)

    def related_key(self, name: str) -> Any:
        return self.get_pk(self.get_related_model(name))

    def lookup_column(self, name: str) -> InstrumentedAttribute[Any]:
        return getattr(self.get_related_model(name), self.lookup[name])

    # What a typed value means; Invalid when it means nothing

    def typed(self, name: str, value: Any) -> Any:
        """The value of a filter or an address as the column has it. Raises Invalid."""
        try:
            return self._typed(name, value)
        except (ValueError, InvalidOperation, OverflowError):
            raise Invalid(**{name: gettext("That value cannot be looked for here.")}) from None

    def _typed(self, name: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if self.is_money(name):
            return amounts.read(value, signed=True)
        if self.is_enum(name):
            return self.enum_of(name)(value)
        if self.is_boolean(name):
            return bool(("n", "y").index(value))
        if self.is_integer(name):
            is_big = isinstance(self.list_columns[name].type, BigInteger)
            return _within(
                int(value if _WHOLE.fullmatch(value) else "none"), LARGEST_NUMBER if is_big else LARGEST_INTEGER
            )
        if self.is_numeric(name) or self.is_float(name):
            return _within(Decimal(value))
        return date.fromisoformat(value) if self.is_date(name) else self.plain_text(value)

    def typed_day(self, value: Any) -> date:
        """The day that a moment is looked for on. Raises Invalid."""
        try:
            day = value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            day = date.min
        if isinstance(day, datetime) or not EARLIEST <= day <= LATEST:
            raise Invalid(day=gettext("That value cannot be looked for here."))
        return day

    def typed_id(self, name: str, value: Any) -> Any:
        """The key of a row of the related table. Raises Invalid."""
        related = self.get_related_interface(name)
        return related.typed(related.get_pk_name(), value)

    @staticmethod
    def plain_text(value: Any) -> str:
        return str(value)[:250]

    # Reading

    def get(self, id: Any, filters: Any = None, *args: Any, **kwargs: Any) -> Any:
        """The row of that key within the filters; None when there is none, also for a key that cannot be one."""
        try:
            return super().get(id, filters, *args, **kwargs)
        except Invalid:
            return None

    def query(
        self,
        filters: Any = None,
        order_column: str = "",
        order_direction: str = "",
        page: Key | None = None,
        page_size: int | None = None,
        *_more: Any,
    ) -> tuple[Any, Sequence[Any]]:
        """A page by key, and its rows. page: the key after which it begins.

        The page stands where the framework expects a count: nothing is counted, and no rows are skipped.
        """
        order = self.order(order_column, order_direction)
        found, looked = self.selects(filters, order)
        size = min(page_size, LARGEST_PAGE) if page_size and page_size > 0 else MOST_CHOICES
        shown = keyset.page(found.options(*self.loads()), order, after=page, limit=size, looked=looked)
        rows = [row[0] for row in shown.rows]
        return replace(shown, rows=rows), rows

    def every(self, filters: Any, order: Order, at_once: int = 1000) -> Iterator[Any]:
        """All rows that the filters leave, however many, a page at a time; nothing read before is kept."""
        found, after = self.selects(filters, order)[0].options(*self.loads()), None
        while True:
            shown = keyset.page(found, order, after=after, limit=at_once)
            yield from (row[0] for row in shown.rows)
            self.session.expunge_all()
            if (after := shown.after) is None:
                return

    def order(self, name: str, direction: str) -> Order:
        """The order by a column, or by the row's own key; the key decides between equals."""
        own = tuple(self.obj.__mapper__.primary_key)
        first = (self._never_null(name),) if name and name not in {part.key for part in own} else ()
        return Order(f"{name} {direction}", name, (*first, *own), direction == "desc")

    def can_order(self, name: str) -> bool:
        """Whether rows can be ordered by that column: no key of a page may be null."""
        return name in self.list_columns and (not self.is_nullable(name) or self.is_string(name))

    def _never_null(self, name: str) -> Any:
        column = getattr(self.obj, name)
        return func.coalesce(column, "") if self.is_nullable(name) else column

    def selects(self, filters: Any, order: Order) -> tuple[Select[Any], Select[Any] | None]:
        """All rows that the filters leave; and, when no index serves them all, the rows to look at for that."""
        given = filters.get_filters_values() if filters else []
        found = looked = select(self.obj)
        served = served_by_index(self.obj.__table__, [kind for kind, _values in given], order)
        for kind, values in given:
            for value in values if isinstance(values, list) else [values]:
                found = kind.apply(found, value)
                looked = kind.apply(looked, value) if kind in served else looked
        return found, None if len(served) == len(given) else looked

    def loads(self) -> list[Any]:
        """What is loaded beside the rows, with a statement for each relation."""
        return [selectinload(getattr(self.obj, relation)) for relation in self.eager]

    @staticmethod
    def _get_attr_value(item: Any, col: str) -> Any:
        """The value itself: an enum stays an enum, so that it can be shown in words."""
        for name in col.split("."):
            item = getattr(item, name, None)
        return item() if callable(item) else item

    # Not writing

    def add(self, item: Any, commit: bool = True) -> None:
        raise NotImplementedError("generated views write through verbs")

    edit = delete = delete_all = add


def _within(number: Any, most: int = LARGEST_NUMBER) -> Any:
    if not abs(number) <= most:
        raise ValueError(number)
    return number
