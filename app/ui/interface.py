"""How generated views read tables: exact money, capped counts, no deep pages, typed filters, eager relations."""

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Query, selectinload
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.core.db import Money
from app.core.errors import Invalid
from app.ui import amounts, filters
from app.ui.fields import EARLIEST, LATEST

MOST_COUNTED = 10_000  # rows; beyond it a list says "more than", and pages end
LARGEST_PAGE = 200
MOST_CHOICES = 500  # rows in a drop-down; a larger table wants a look-up
LARGEST_NUMBER = 2**63 - 1
_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII)


class HouseInterface(SQLAInterface):
    """Read one model for RegisterView and RecordsView. It never writes: that is what verbs are for.

    eager: relations that a list shows, loaded with two statements and not one per row. lookup: relations to
    large tables, each with the column that people know a row by. reads: for such a relation, how typed text
    becomes that column's value.
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
    ) -> None:
        self.eager, self.lookup, self.reads = tuple(eager), dict(lookup or {}), dict(reads or {})
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
            return _within(int(value if _WHOLE.fullmatch(value) else "none"))
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

    def query_count(self, query: Query, filters: Any = None, select_columns: Any = None) -> int:
        """How many rows there are, up to one more than MOST_COUNTED."""
        narrowed = self.apply_filters(query, self.get_inner_filters(filters)).order_by(None)
        some = narrowed.with_entities(self.get_pk()).limit(MOST_COUNTED + 1).subquery()
        return self.session.scalar(select(func.count()).select_from(some)) or 0

    def apply_pagination(self, query: Query, page: int | None, page_size: int | None) -> Query:
        if not page_size or page_size < 1:
            return query.limit(MOST_CHOICES)
        size = min(page_size, LARGEST_PAGE)
        return query.offset(min(max(page or 0, 0) * size, MOST_COUNTED)).limit(size)

    def apply_order_by(self, query: Query, order_column: str, *args: Any, **kwargs: Any) -> Query:
        is_known = order_column in self.list_columns or hasattr(getattr(self.obj, order_column, None), "_col_name")
        return super().apply_order_by(query, order_column if is_known else "", *args, **kwargs)

    def apply_all(self, query: Query, *args: Any, **kwargs: Any) -> Query:
        loads = (selectinload(getattr(self.obj, relation)) for relation in self.eager)
        return super().apply_all(query, *args, **kwargs).options(*loads)

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


def _within(number: Any) -> Any:
    if not abs(number) <= LARGEST_NUMBER:
        raise ValueError(number)
    return number
