"""The owner's fields in a report: columns, filters, and what its source must select."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext
from sqlalchemy import ColumnElement, Label, select

from app.core.actor import Actor
from app.core.errors import Invalid
from app.fields import inputs, shown
from app.fields.models import CustomValue
from app.fields.queries import COLUMNS, Field, Wanted, fields_of, hidden_of
from app.tables import Filter, Owned


def owned(subject: str, key: Any, stock: Mapping[str, str] | None = None) -> Owned:
    """What a report of such things shows of the owner's fields. key: the column of their ids.

    stock: the columns and filters of the stock fields that he may hide, where they go by another name than these.
    """
    fields, hidden = fields_of(subject), hidden_of(subject)
    listed = {field.input for field in fields if field.is_listed}
    columns = (replace(each, is_for_files=each.name not in listed) for each in shown.columns(subject))
    filters = (OwnFilter(each.input, shown.called(each), is_narrow=True, field=each, key=key) for each in fields)
    renamed = {name for name, field in (stock or {}).items() if field in hidden}
    return Owned(tuple(columns), tuple(filters), hidden | renamed)


def values_beside(subject: str, key: Any) -> list[Label[Any]]:
    """What stands in the owner's fields of each row, for the columns of `owned`."""
    return [
        select(COLUMNS[field.kind])
        .where(CustomValue.field_id == field.id, CustomValue.subject_id == key)
        .scalar_subquery()
        .label(field.input)
        for field in fields_of(subject)
    ]


@dataclass(frozen=True)
class OwnFilter(Filter):
    """Looks for what stands in one of the owner's fields."""

    field: Field | None = None
    key: Any = None

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        return dict(inputs.filters_of(self._field))

    def parameters(self) -> Mapping[str, Any]:
        return {}

    def value(self, data: Mapping[str, Any], actor: Actor) -> Wanted | None:
        found = inputs.wanted_of(self._field, data)
        if found is not None and inputs.is_turned(found):
            raise Invalid(**{f"{self.name}_to": gettext("This lies before the beginning of the range.")})
        return found

    def condition(self, value: Wanted) -> ColumnElement[bool]:
        return self.key.in_(value.ids())

    @property
    def _field(self) -> Field:
        assert self.field is not None  # noqa: S101 - a dataclass wants defaults after defaults
        return self.field
