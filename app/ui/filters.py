"""Filters of generated lists: typed, escaped, and few enough to be understood."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from flask_appbuilder.models.filters import FilterRelation as _Relation
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Query

from app.core import clock


class HouseFilter(BaseFilter):
    """A filter whose value is turned into the column's own type first.

    Its position among the filters of a column is its number in `_flt_<number>_<column>`. is_offered: it has an
    input in the filter panel; the others are reached by a link. suffix: how its label goes on.
    """

    is_offered: ClassVar[bool] = True
    suffix: ClassVar[Any] = ""

    @property
    def column(self) -> Any:
        return getattr(self.model, self.column_name)

    def typed(self, value: Any) -> Any:
        return self.datamodel.typed(self.column_name, value)


class _Comparison(HouseFilter):
    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(self.clause(self.column, self.typed(value)))

    def clause(self, column: Any, value: Any) -> Any:
        raise NotImplementedError


class Equal(_Comparison):
    name = _("Equal to")
    arg_name = "eq"
    is_offered = False

    def clause(self, column: Any, value: Any) -> Any:
        return column == value


class Is(Equal):
    """The one of a few values."""

    is_offered = True


class NotEqual(_Comparison):
    name = _("Not Equal to")
    arg_name = "neq"
    is_offered = False

    def clause(self, column: Any, value: Any) -> Any:
        return column != value


class AtLeast(_Comparison):
    name = suffix = _("from")
    arg_name = "ge"

    def clause(self, column: Any, value: Any) -> Any:
        return column >= value


class AtMost(_Comparison):
    name = suffix = _("to")
    arg_name = "le"

    def clause(self, column: Any, value: Any) -> Any:
        return column <= value


class Contains(_Comparison):
    name = _("Contains")
    arg_name = "ct"

    def clause(self, column: Any, value: str) -> Any:
        return column.icontains(value, autoescape=True)


class StartsWith(_Comparison):
    name = _("Starts with")
    arg_name = "sw"
    is_offered = False

    def clause(self, column: Any, value: str) -> Any:
        return column.istartswith(value, autoescape=True)


class EndsWith(_Comparison):
    name = _("Ends with")
    arg_name = "ew"
    is_offered = False

    def clause(self, column: Any, value: str) -> Any:
        return column.iendswith(value, autoescape=True)


class _Day(HouseFilter):
    """Of a moment, people name the day: the shop's own."""

    def bounds(self, value: Any) -> tuple[datetime, datetime]:
        day: date = self.datamodel.typed_day(value)
        return clock.start_of(day), clock.start_of(day + timedelta(days=1))


class FromDay(_Day):
    name = suffix = _("from")
    arg_name = "from"

    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(self.column >= self.bounds(value)[0])


class ToDay(_Day):
    name = suffix = _("to")
    arg_name = "to"

    def apply(self, query: Query, value: Any) -> Query:
        return query.filter(self.column < self.bounds(value)[1])


class RelationIs(HouseFilter, _Relation):
    """The other row by its id."""

    name = _("Equal to")
    arg_name = "rel_o_m"

    def apply(self, query: Query, value: Any) -> Query:
        key = self.datamodel.foreign_key(self.column_name)
        return query.filter(key == self.datamodel.typed_id(self.column_name, value))


class RelationHas(HouseFilter, _Relation):
    """One of the other rows by its id."""

    name = _("Equal to")
    arg_name = "rel_m_m"

    def apply(self, query: Query, value: Any) -> Query:
        key = self.datamodel.related_key(self.column_name)
        return query.filter(self.column.any(key == self.datamodel.typed_id(self.column_name, value)))


class RelationStartsWith(HouseFilter, _Relation):
    """The other row by the beginning of what people call it: a phone number, a code."""

    name = _("Starts with")
    arg_name = "rel_sw"

    def apply(self, query: Query, value: Any) -> Query:
        called = self.datamodel.lookup_column(self.column_name)
        return query.filter(self.column.has(called.istartswith(self.datamodel.plain_text(value), autoescape=True)))


class HouseFilterConverter(BaseFilterConverter):
    """Which filters a column has. The first test that is true decides."""

    conversion_table = (
        ("is_lookup", [RelationStartsWith]),
        ("is_relation_many_to_one", [RelationIs]),
        ("is_relation_one_to_one", [RelationIs]),
        ("is_relation_many_to_many", [RelationHas]),
        ("is_relation_one_to_many", [RelationHas]),
        ("is_enum", [Is, NotEqual]),
        ("is_boolean", [Is]),
        ("is_numeric", [AtLeast, AtMost, Equal]),
        ("is_integer", [AtLeast, AtMost, Equal]),
        ("is_date", [AtLeast, AtMost, Equal]),
        ("is_datetime", [FromDay, ToDay]),
        ("is_string", [Contains, StartsWith, EndsWith, Equal, NotEqual]),
        ("is_text", [Contains]),
    )
