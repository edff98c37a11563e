"""Filters of generated lists: typed, escaped, and few enough to be understood."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from flask_appbuilder.models.filters import BaseFilter, BaseFilterConverter
from flask_appbuilder.models.filters import FilterRelation as _Relation
from flask_babel import lazy_gettext as _
from sqlalchemy import Select

from app.core import clock


class HouseFilter(BaseFilter):
    """A filter whose value is turned into the column's own type first.

    Its position among the filters of a column is its number in `_flt_<number>_<column>`. is_offered: it has an
    input in the filter panel; the others are reached by a link. suffix: how its label goes on. equates: a column
    must have one value; bounds: it must lie on one side of one. Such can be served by an index.
    """

    is_offered: ClassVar[bool] = True
    suffix: ClassVar[Any] = ""
    equates: ClassVar[bool] = False
    bounds: ClassVar[bool] = False

    @property
    def column(self) -> Any:
        return getattr(self.model, self.column_name)

    @property
    def fixes(self) -> str:
        """The name of the table's column that is compared."""
        return str(self.column_name)

    def choices(self) -> tuple[tuple[str, str], ...] | None:
        """What to choose from, as values and words; None when the column's type says it."""
        return None

    def typed(self, value: Any) -> Any:
        return self.datamodel.typed(self.column_name, value)


class _Comparison(HouseFilter):
    def apply(self, query: Select, value: Any) -> Select:
        return query.filter(self.clause(self.column, self.typed(value)))

    def clause(self, column: Any, value: Any) -> Any:
        raise NotImplementedError


class Equal(_Comparison):
    name = _("Equal to")
    arg_name = "eq"
    is_offered = False
    equates = True

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
    bounds = True

    def clause(self, column: Any, value: Any) -> Any:
        return column >= value


class AtMost(_Comparison):
    name = suffix = _("to")
    arg_name = "le"
    bounds = True

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

    bounds = True

    def ends(self, value: Any) -> tuple[datetime, datetime]:
        day: date = self.datamodel.typed_day(value)
        return clock.start_of(day), clock.start_of(day + timedelta(days=1))


class FromDay(_Day):
    name = suffix = _("from")
    arg_name = "from"

    def apply(self, query: Select, value: Any) -> Select:
        return query.filter(self.column >= self.ends(value)[0])


class ToDay(_Day):
    name = suffix = _("to")
    arg_name = "to"

    def apply(self, query: Select, value: Any) -> Select:
        return query.filter(self.column < self.ends(value)[1])


class RelationIs(HouseFilter, _Relation):
    """The other row by its id."""

    name = _("Equal to")
    arg_name = "rel_o_m"
    equates = True

    @property
    def fixes(self) -> str:
        return str(self.datamodel.foreign_key(self.column_name).key)

    def apply(self, query: Select, value: Any) -> Select:
        key = self.datamodel.foreign_key(self.column_name)
        return query.filter(key == self.datamodel.typed_id(self.column_name, value))


class RelationHas(HouseFilter, _Relation):
    """One of the other rows by its id."""

    name = _("Equal to")
    arg_name = "rel_m_m"

    def apply(self, query: Select, value: Any) -> Select:
        key = self.datamodel.related_key(self.column_name)
        return query.filter(self.column.any(key == self.datamodel.typed_id(self.column_name, value)))


class RelationStartsWith(HouseFilter, _Relation):
    """The other row by the beginning of what people call it: a phone number, a code."""

    name = _("Starts with")
    arg_name = "rel_sw"

    def apply(self, query: Select, value: Any) -> Select:
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

    def convert(self, col_name: str) -> Any:
        kinds = self.datamodel.kinds.get(col_name)
        return [kind(col_name, self.datamodel) for kind in kinds] if kinds else super().convert(col_name)
