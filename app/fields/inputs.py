"""Inputs for the owner's fields, put into the forms of other rooms; and his hidden stock fields, taken out of them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.fields.models import LONGEST_TEXT, FieldKind
from app.fields.queries import Field, Wanted, fields_of, hidden_of
from app.fields.rules import number_of
from app.fields.shown import called
from app.ui.fields import DayField, LineField, TypedField

Form = TypeVar("Form", bound=FlaskForm)
RANGES = (FieldKind.NUMBER, FieldKind.DATE)


class NumberField(TypedField):
    """A number as people write it; `data` is a Decimal."""

    def understood(self, typed: str) -> Decimal:
        try:
            return number_of(typed.replace(",", "").replace("，", ""))
        except ValueError as wrong:
            raise ValueError(gettext(str(wrong))) from None

    def written(self, data: Decimal | None) -> str:
        return "" if data is None else f"{data:f}"


def with_fields(form: type[Form], subject: str) -> type[Form]:
    """The form of a subject with an input for each field of the owner's, and without the stock fields he has hidden.

    The form itself as long as there is neither.
    """
    return _changed(form, subject, {field.input: _input(field) for field in fields_of(subject)})


def with_filters(form: type[Form], subject: str) -> type[Form]:
    """The filter form of a list with inputs that look for what stands in the owner's fields, without hidden ones."""
    made = {name: each for field in fields_of(subject) for name, each in filters_of(field)}
    return _changed(form, subject, made)


def _changed(form: type[Form], subject: str, made: dict[str, Any]) -> type[Form]:
    hidden = {name: None for name in hidden_of(subject) if hasattr(form, name)}
    return type(form.__name__, (form,), {**hidden, **made}) if hidden or made else form


def typed(form: FlaskForm, subject: str) -> dict[str, Any]:
    """What was typed into the owner's fields, by their names."""
    return {field.name: form[field.input].data for field in fields_of(subject) if field.input in form}


def data_of(values: dict[str, Any], subject: str) -> dict[str, Any]:
    """Values by the names of their inputs, to fill a form with. values: by name of the field."""
    return {field.input: values.get(field.name) for field in fields_of(subject)}


def keep_choices(form: FlaskForm, subject: str, values: dict[str, Any]) -> None:
    """Let what stands there now be chosen again, though it is offered no longer. values: by name of the field."""
    for field in fields_of(subject):
        now = values.get(field.name)
        if field.kind is FieldKind.CHOICE and now and now not in field.choices and field.input in form:
            form[field.input].choices = [*form[field.input].choices, (now, now)]


def wanted(form: FlaskForm, subject: str) -> tuple[Wanted, ...]:
    """What the filters of `with_filters` look for."""
    found = (wanted_of(field, form.data) for field in fields_of(subject))
    return tuple(each for each in found if each is not None)


def check_ranges(form: FlaskForm, subject: str) -> bool:
    """Whether no range ends before it begins; one that does is told at its end."""
    bad = [each for each in wanted(form, subject) if is_turned(each)]
    for each in bad:
        form[f"{each.field.input}_to"].errors = [gettext("This lies before the beginning of the range.")]
    return not bad


def is_turned(each: Wanted) -> bool:
    """Whether it ends before it begins."""
    return each.low is not None and each.high is not None and each.low > each.high  # type: ignore[operator]


def wanted_of(field: Field, data: Mapping[str, Any]) -> Wanted | None:
    """What is looked for in a field; None for nothing. data: by the names of the inputs of `filters_of`."""
    if field.kind not in RANGES:
        text = data.get(field.input)
        return Wanted(field, text) if text else None
    low, high = data.get(f"{field.input}_from"), data.get(f"{field.input}_to")
    return None if low is None and high is None else Wanted(field, low, high)


def _input(field: Field) -> Any:
    label, needed = called(field), [InputRequired() if field.is_required else Optional()]
    if field.kind is FieldKind.CHOICE:
        return SelectField(label, choices=_choices(field, ""), coerce=_chosen, validators=needed)
    if field.kind is FieldKind.DATE:
        return DayField(label, validators=needed)
    if field.kind is FieldKind.NUMBER:
        return NumberField(label, validators=needed, render_kw={"inputmode": "decimal", "maxlength": 40})
    return LineField(label, validators=[*needed, Length(max=LONGEST_TEXT)])


def filters_of(field: Field) -> Iterator[tuple[str, Any]]:
    """The inputs that look for what stands in a field, by name."""
    label = called(field)
    if field.kind is FieldKind.CHOICE:
        chosen = SelectField(label, choices=_choices(field, gettext("all")), coerce=_chosen, validators=[Optional()])
        yield field.input, chosen
    elif field.kind is FieldKind.TEXT:
        begins = gettext("%(field)s begins with", field=label)
        yield field.input, LineField(begins, validators=[Length(max=LONGEST_TEXT)])
    else:
        kind: Any = DayField if field.kind is FieldKind.DATE else NumberField
        yield f"{field.input}_from", kind(gettext("%(field)s, from", field=label), validators=[Optional()])
        yield f"{field.input}_to", kind(gettext("%(field)s, to", field=label), validators=[Optional()])


def _choices(field: Field, blank: str) -> list[tuple[str, str]]:
    return [("", blank), *((choice, choice) for choice in field.choices)]


def _chosen(value: Any) -> str | None:
    return None if value in (None, "") else str(value)
