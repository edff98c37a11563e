"""What can be looked for: each filter has inputs for people, parameters for programs, a condition and a chip."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from flask_babel import gettext
from marshmallow import fields as parameters
from sqlalchemy import ColumnElement
from wtforms import SelectField
from wtforms.validators import Length

from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.core.permissions import Grant
from app.core.sealed import shown
from app.ui import formats
from app.ui.api.fields import Choice as ChoiceText
from app.ui.api.fields import Claim as ClaimText
from app.ui.api.fields import IdNumber, PhoneText, SignedMoneyText
from app.ui.api.fields import Text as ParameterText
from app.ui.fields import EnumField, LineField, MoneyField, PhoneField, TypedField, sealed_field

LARGEST_WHOLE = 2**63 - 1
Choices = Callable[[Actor], Iterable[tuple[str, str]]]
BACKWARDS = N_("This lies after the end of the range.")


class Span(NamedTuple):
    """From a low end to a high one, both included; None: open."""

    low: Any = None
    high: Any = None


@dataclass(frozen=True)
class Filter:
    """One thing to look for. name: of its argument in addresses.

    where: a column that must be equal, or a callable from the value to a condition; None when the report's
    source sees to it. is_narrow: an index finds the few rows that it leaves. is_indexed: an index begins with it
    and goes on with the order's key. is_beside: it speaks of that key itself, and is served beside another. The
    others are scanning: one request then looks at no more than so many rows. is_sealed: see Sealed.
    is_personal: its value tells of a person. grant: who may look for it, if not everybody who may open the report.
    """

    name: str
    label: Any
    where: Any = None
    is_narrow: bool = False
    is_indexed: bool = False
    is_beside: ClassVar[bool] = False
    is_sealed: ClassVar[bool] = False
    is_personal: bool = False
    grant: Grant | None = None

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        """Form fields by argument."""
        raise NotImplementedError

    def parameters(self) -> Mapping[str, parameters.Field]:
        """Parameters of the API by argument."""
        raise NotImplementedError

    def value(self, data: Mapping[str, Any], actor: Actor) -> Any:
        """The value, of what was read from the arguments; None means any. Raises Invalid."""
        return data.get(self.name)

    def condition(self, value: Any) -> ColumnElement[bool] | None:
        if self.where is None:
            return None
        return self.where(value) if _is_function(self.where) else self.where == value

    def chip(self, value: Any, actor: Actor) -> str:
        """What is looked for, in words."""
        return formats.pair(self.label, self.written(value, actor))

    def written(self, value: Any, actor: Actor) -> str:
        return str(value)


def _is_function(where: Any) -> bool:
    return callable(where) and not hasattr(where, "__clause_element__") and not isinstance(where, ColumnElement)


@dataclass(frozen=True)
class Text(Filter):
    """A line of text. longest: in characters."""

    longest: int = 120

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        return {self.name: LineField(self.label, [Length(max=self.longest)], render_kw={"maxlength": self.longest})}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {self.name: ParameterText(longest=self.longest)}


@dataclass(frozen=True)
class Phone(Filter):
    """A phone number; the room's condition reads it, and raises Invalid for what is none."""

    is_personal: bool = True

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        return {self.name: PhoneField(self.label, [Length(max=40)])}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {self.name: PhoneText()}


@dataclass(frozen=True)
class Sealed(Filter):
    """What may stand in no address, such as an ID number: people type it into a form of its own, which seals it.

    where: a callable from the sealed value. longest: of what is typed, in characters. Programs cannot look for it.
    """

    is_sealed: ClassVar[bool] = True
    is_narrow: bool = True
    is_personal: bool = True
    longest: int = 32

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        return {self.name: sealed_field(self.label)}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {}

    def written(self, value: Any, actor: Actor) -> str:
        return shown(value) or ""


class WholeField(TypedField):
    """A whole number above zero."""

    def understood(self, typed: str) -> int:
        if not (typed.isascii() and typed.isdigit() and 0 < int(typed[:20]) <= LARGEST_WHOLE):
            raise ValueError(gettext("This must be a whole number."))
        return int(typed)


@dataclass(frozen=True)
class Whole(Filter):
    """A whole number above zero, such as an id."""

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        return {self.name: WholeField(self.label, render_kw={"inputmode": "numeric", "maxlength": 19})}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {self.name: IdNumber()}


@dataclass(frozen=True)
class Choice(Filter):
    """One of a few. choices: an enum, or a callable from the actor to (value, words) of those within his reach."""

    choices: Any = ()

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        if _is_enum(self.choices):
            return {self.name: EnumField(self.label, kind=self.choices, optional=True)}
        offered = [("", gettext("all")), *self.choices(actor)]
        return {self.name: SelectField(self.label, choices=offered, coerce=str, default="")}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {self.name: ChoiceText(self.choices) if _is_enum(self.choices) else ParameterText(longest=64)}

    def value(self, data: Mapping[str, Any], actor: Actor) -> Any:
        value = data.get(self.name) or None
        if value is not None and not _is_enum(self.choices) and value not in dict(self.choices(actor)):
            raise Invalid(**{self.name: N_("There is no such choice.")})
        return value

    def written(self, value: Any, actor: Actor) -> str:
        return formats.choice(value) if _is_enum(self.choices) else str(dict(self.choices(actor)).get(value, value))


def _is_enum(choices: Any) -> bool:
    return isinstance(choices, type) and issubclass(choices, enum.Enum)


@dataclass(frozen=True)
class Claim(Filter):
    """Yes or no."""

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        offered = [("", gettext("all")), ("true", gettext("Yes")), ("false", gettext("No"))]
        return {self.name: SelectField(self.label, choices=offered, coerce=str, default="")}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {self.name: ClaimText()}

    def value(self, data: Mapping[str, Any], actor: Actor) -> Any:
        return {"": None, "true": True, "false": False}.get(data.get(self.name), data.get(self.name))  # type: ignore[arg-type]

    def written(self, value: Any, actor: Actor) -> str:
        return gettext("Yes") if value else gettext("No")


@dataclass(frozen=True)
class Amounts(Filter):
    """Amounts from one to another, as <name>_min and <name>_max. where: the column."""

    def inputs(self, actor: Actor) -> Mapping[str, Any]:
        low = gettext("%(name)s from", name=self.label)
        high = gettext("%(name)s to", name=self.label)
        return {f"{self.name}_min": MoneyField(low, signed=True), f"{self.name}_max": MoneyField(high, signed=True)}

    def parameters(self) -> Mapping[str, parameters.Field]:
        return {f"{self.name}_min": SignedMoneyText(), f"{self.name}_max": SignedMoneyText()}

    def value(self, data: Mapping[str, Any], actor: Actor) -> Any:
        span = Span(data.get(f"{self.name}_min"), data.get(f"{self.name}_max"))
        if span.low is not None and span.high is not None and span.low > span.high:
            raise Invalid(**{f"{self.name}_min": BACKWARDS})
        return None if span == Span() else span

    def condition(self, value: Any) -> ColumnElement[bool] | None:
        return between(self.where, value)

    def written(self, value: Any, actor: Actor) -> str:
        return span_text(value, formats.money)


def between(column: Any, span: Span) -> ColumnElement[bool]:
    """The condition that a column lies in the span."""
    if span.high is None:
        return column >= span.low
    return column <= span.high if span.low is None else column.between(span.low, span.high)


def span_text(span: Span, shown: Callable[[Any], str]) -> str:
    """A span in words."""
    if span.high is None:
        return gettext("from %(low)s", low=shown(span.low))
    if span.low is None:
        return gettext("up to %(high)s", high=shown(span.high))
    return shown(span.low) if span.low == span.high else f"{shown(span.low)} – {shown(span.high)}"
