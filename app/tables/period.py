"""The filter for days: from and to, both included, with the usual periods a click away."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, NamedTuple

from flask_babel import gettext
from marshmallow import fields as parameters
from sqlalchemy import ColumnElement, DateTime
from wtforms.validators import Optional

from app.core import clock, days
from app.core.actor import Actor
from app.core.db import UtcDateTime
from app.core.errors import Invalid
from app.tables.filters import BACKWARDS, Filter, Span, between, span_text
from app.ui import formats
from app.ui.api.fields import DayText
from app.ui.fields import DayField

ONE_DAY = timedelta(days=1)


class Preset(NamedTuple):
    """A usual period: its name, and its days."""

    label: str
    first: date
    last: date


@dataclass(frozen=True)
class Period(Filter):
    """From a day to a day. where: a column of days or of moments.

    The filter that is named "period" has the arguments `from` and `to`, another one `<name>_from` and `<name>_to`.
    months: how far it looks back when nobody says from when; None: without end.
    """

    is_indexed: bool = True
    is_beside: ClassVar[bool] = True
    months: int | None = None

    @property
    def arguments(self) -> tuple[str, str]:
        return ("from", "to") if self.name == "period" else (f"{self.name}_from", f"{self.name}_to")

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        first, last = self.arguments
        named = {"name": self.label}
        labels = (
            (gettext("From"), gettext("To"))
            if first == "from"
            else (gettext("%(name)s from", **named), gettext("%(name)s to", **named))
        )
        return {name: DayField(label, [Optional()]) for name, label in zip((first, last), labels, strict=True)}

    def parameters(self) -> Mapping[str, parameters.Field]:
        first, last = self.arguments
        return {first: DayText(), last: DayText()}

    def value(self, data: Mapping[str, Any], actor: Actor) -> Any:
        first, last = (data.get(name) for name in self.arguments)
        if first is not None and last is not None and first > last:
            raise Invalid(**{self.arguments[0]: BACKWARDS})
        if self.months is not None:
            last = last or max(first or date.min, days.today())
            first = first or months_before(last, self.months)
        return None if first is None and last is None else Span(first, last)

    def condition(self, value: Any) -> ColumnElement[bool] | None:
        if self.where is None:
            return None
        if isinstance(self.where.type, UtcDateTime | DateTime):
            return _within(self.where, value)
        return between(self.where, value)

    def written(self, value: Any, actor: Actor) -> str:
        return span_text(value, formats.day)


def _within(column: Any, span: Span) -> ColumnElement[bool]:
    """The moments of whole business days."""
    conditions: list[Any] = []
    if span.low is not None:
        conditions.append(column >= clock.start_of(span.low))
    if span.high is not None:
        conditions.append(column < clock.start_of(span.high + ONE_DAY))
    return conditions[0] if len(conditions) == 1 else conditions[0] & conditions[1]


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the month's last one where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def presets() -> list[Preset]:
    """The usual periods, as of today."""
    today = days.today()
    first = today.replace(day=1)
    before = first - ONE_DAY
    return [
        Preset(gettext("Today"), today, today),
        Preset(gettext("Yesterday"), today - ONE_DAY, today - ONE_DAY),
        Preset(gettext("This month"), first, today),
        Preset(gettext("Last month"), before.replace(day=1), before),
    ]
