"""Inputs of forms: amounts, days, moments, phones, choices, and rows of big tables."""

import enum
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import DateTimeLocalInput, TelInput, TextInput

from app.core.clock import shop_clock
from app.core.errors import Invalid
from app.core.sealed import is_readable
from app.ui import amounts, formats

LONGEST_TOKEN = 400  # of a sealed value, in characters
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def tidy(typed: str | None) -> str | None:
    """Without blanks around it; None when nothing is left."""
    return (typed or "").strip() or None


class TypedField(Field):
    """An input that shows what was typed for as long as it cannot be understood."""

    widget = TextInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.written(self.data)

    def written(self, data: Any) -> str:
        return "" if data is None else str(data)

    def understood(self, typed: str) -> Any:
        """The value. Raises ValueError with a translated sentence."""
        raise NotImplementedError

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = tidy(valuelist[0]) if valuelist else None
        self.data = None
        if typed is not None:
            self.data = self.understood(typed)


class MoneyField(TypedField):
    """An amount, as people write it; `data` is a Decimal of two decimals. signed: a minus is allowed."""

    def __init__(self, *args: Any, signed: bool = False, render_kw: dict[str, Any] | None = None, **kwargs: Any):
        given = {"inputmode": "decimal" if not signed else "text", "autocomplete": "off", "maxlength": 40}
        super().__init__(*args, render_kw={**given, **(render_kw or {})}, **kwargs)
        self.signed = signed

    @property
    def prefix(self) -> str:
        return formats.currency_sign()

    @property
    def present_class(self) -> str:
        return "amount"

    def written(self, data: Decimal | None) -> str:
        return "" if data is None else f"{data:.2f}"

    def understood(self, typed: str) -> Decimal:
        try:
            return amounts.read(typed, signed=self.signed)
        except amounts.NotAnAmount as problem:
            raise ValueError(gettext(str(problem))) from None


class PhoneField(StringField):
    """A phone number as typed: full-width digits become plain ones; the room reads the rest."""

    widget = TelInput()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"render_kw": {"inputmode": "tel", "autocomplete": "off", "maxlength": 40}, **kwargs})

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = tidy(valuelist[0]) if valuelist else None
        self.data = unicodedata.normalize("NFKC", typed) if typed else None


class LineField(StringField):
    """One line of text without blanks around it; None when it is empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = tidy(valuelist[0]) if valuelist else None


class TextField(TextAreaField):
    """Several lines of text; None when it is empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = tidy(valuelist[0]) if valuelist else None


class DayField(DateField):
    """A day of the calendar, between 1900 and 2999."""

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            raise ValidationError(gettext("This day is too far away."))


class MomentField(TypedField):
    """A moment as the shop's clock shows it; `data` is aware, in UTC."""

    widget = DateTimeLocalInput()

    def written(self, data: datetime | None) -> str:
        return "" if data is None else f"{shop_clock().local(data):%Y-%m-%dT%H:%M}"

    def understood(self, typed: str) -> datetime:
        try:
            local = datetime.fromisoformat(typed)
        except ValueError:
            raise ValueError(gettext("This is not a date and time.")) from None
        if local.tzinfo is not None or not EARLIEST <= local.date() <= LATEST:
            raise ValueError(gettext("This is not a date and time."))
        return local.replace(tzinfo=shop_clock().zone).astimezone(UTC)


class EnumField(SelectField):
    """One member of an enum, shown in words. `data` is the member, or None for the blank of an optional one."""

    def __init__(self, *args: Any, kind: type[enum.Enum], optional: bool = False, **kwargs: Any):
        self.kind = kind
        super().__init__(*args, choices=lambda: self._choices(optional), coerce=self._member, **kwargs)

    def _choices(self, optional: bool) -> list[tuple[str, str]]:
        blank = [("", "")] if optional else []
        return blank + [(str(member.value), formats.choice(member)) for member in self.kind]

    def _member(self, value: Any) -> enum.Enum | None:
        return None if value in (None, "", "None") else self.kind(value)

    def iter_choices(self) -> Any:
        chosen = "" if self.data is None else str(self.data.value)
        for value, label in self.choices or ():
            yield value, label, value == chosen, {}

    def pre_validate(self, form: Any) -> None:
        if self.data is None and all(value for value, _label in self.choices or ()):
            raise ValidationError(gettext("Choose one."))


class LookupField(TypedField):
    """A row of a table too large for a drop-down, by what people call it: a phone number, a code.

    find: the row that goes by this name and is within reach, or None. call: the name of a row. `data` is the row.
    """

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (Length(max=120),),
        *,
        find: Callable[[str], Any],
        call: Callable[[Any], str],
        **kwargs: Any,
    ):
        super().__init__(label, validators, **kwargs)
        self.find, self.call = find, call

    def written(self, data: Any) -> str:
        return "" if data is None else str(self.call(data))

    def understood(self, typed: str) -> Any:
        found = self.find(typed)
        if found is None:
            raise ValueError(_("Nothing goes by that name."))
        return found


def show_errors(form: Any, invalid: Invalid) -> Any:
    """The same form, with what a verb found wrong told at its fields in the reader's language.

    What belongs to no field of the form is told at its first one.
    """
    for name, message in invalid.errors.items():
        field = form[name] if name in form else next(iter(form))
        field.errors = [*field.errors, gettext(str(message))]
    return form


def sealed_field(label: Any) -> HiddenField:
    """A value that may stand in an address only sealed (app/core/sealed.py)."""
    return HiddenField(label, [Length(max=LONGEST_TOKEN), _readable], filters=[tidy])


def _readable(_form: Any, field: Field) -> None:
    if not is_readable(field.data):
        raise ValidationError(gettext("This cannot be read."))
