"""What a work list of reminders is looked through by, besides what every list has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from flask_babel import gettext
from marshmallow import fields as parameters
from sqlalchemy import ColumnElement

from app.core import days
from app.core.actor import Actor
from app.core.errors import Invalid
from app.tables import Span
from app.tables.filters import BACKWARDS, Filter, between, span_text
from app.ui import formats
from app.ui.api.fields import Whole
from app.ui.fields import TypedField

FARTHEST = 36_500  # days


class Muting(StrEnum):
    """Which services a list shows, by whether their reminders are muted. Nobody says: those that are not."""

    HEARD = "not-muted"
    MUTED = "muted"
    ALL = "all-of-them"


class DaysField(TypedField):
    """A whole number of days, below zero for days that have passed."""

    def understood(self, typed: str) -> int:
        number = typed.removeprefix("-").removeprefix("−")
        if not (number.isascii() and number.isdigit() and int(number[:9]) <= FARTHEST):
            raise ValueError(gettext("This must be a whole number of days."))
        return int(number) if number == typed else -int(number)


@dataclass(frozen=True)
class DaysLeft(Filter):
    """Days left from one number to another, both included, as <name>_min and <name>_max. where: the stop date."""

    is_indexed: bool = True
    is_beside: ClassVar[bool] = True

    @property
    def arguments(self) -> tuple[str, str]:
        return f"{self.name}_min", f"{self.name}_max"

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        texts = (gettext("%(name)s from", name=self.label), gettext("%(name)s to", name=self.label))
        given = {"inputmode": "text", "autocomplete": "off", "maxlength": 6}
        return {name: DaysField(text, render_kw=given) for name, text in zip(self.arguments, texts, strict=True)}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {name: Whole(least=-FARTHEST, most=FARTHEST) for name in self.arguments}

    def value(self, data: Mapping[str, Any], actor: Actor) -> Any:
        low, high = (data.get(name) for name in self.arguments)
        if low is not None and high is not None and low > high:
            raise Invalid(**{self.arguments[0]: BACKWARDS})
        today = days.today()
        span = Span(_day(today, low), _day(today, high))
        return None if span == Span() else span

    def condition(self, value: Any) -> ColumnElement[bool] | None:
        return between(self.where, value)

    def written(self, value: Any, actor: Actor) -> str:
        today = days.today()
        return span_text(value, lambda day: formats.number((day - today).days))


def _day(today: date, number: int | None) -> date | None:
    return None if number is None else today + timedelta(days=number)


def also(*choices: tuple[str, Any], kind: type[StrEnum]) -> Callable[[Actor], list[tuple[str, str]]]:
    """Choices of a filter: some of its own, then the members of an enum in words."""
    return lambda _actor: [
        *((code, str(words)) for code, words in choices),
        *((member.value, formats.choice(member)) for member in kind),
    ]
