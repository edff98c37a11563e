"""The shape of what is typed about a shift. Each form carries a key, so that it does its work once."""

from decimal import Decimal
from functools import cache
from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.shifts.denominations import DENOMINATIONS, REST, sum_of
from app.ui.fields import LineField, MoneyField
from app.ui.keyed import KeyedForm

LONGEST_NOTE = 500
MOST = 100_000  # notes of one kind


class CountForm(KeyedForm):
    """Cash by notes and coins. sure: the sum that the clerk has seen and meant."""

    sure = HiddenField(validators=[Optional(), Length(max=20)])
    worths: tuple[str, ...] = ()

    @property
    def piles(self) -> list[tuple[str, Any]]:
        """What each kind is worth, and its input."""
        return [(worth, self[_name(worth)]) for worth in self.worths]

    @property
    def counts(self) -> dict[str, Any]:
        """How many there are of each kind, and the rest as a sum."""
        numbers = {worth: pile.data for worth, pile in self.piles if pile.data}
        return numbers | ({REST: self.rest.data} if self.rest.data else {})

    @property
    def total(self) -> Decimal:
        """What it makes."""
        numbers = {worth: pile.data or 0 for worth, pile in self.piles}
        return sum_of(numbers, self.rest.data or Decimal(0))


def _name(worth: str) -> str:
    return f"of_{worth.replace('.', '_')}"


@cache
def _count_form(currency: str) -> type[CountForm]:
    worths = DENOMINATIONS.get(currency, ())
    label = _("Other cash, as a sum") if worths else _("Cash")
    given: dict[str, Any] = {"worths": worths, REST: MoneyField(label, validators=[Optional()])}
    for worth in worths:
        numbers = [Optional(), NumberRange(0, MOST)]
        looks = {"inputmode": "numeric", "autocomplete": "off", "min": 0}
        given[_name(worth)] = IntegerField(worth, validators=numbers, render_kw=looks)
    return type("CurrencyCountForm", (CountForm,), given)


def count_form(**more: Any) -> Any:
    """A form for counting cash in the deployment's currency."""
    return _count_form(current_app.config["CURRENCY"])(**more)


class CashForm(KeyedForm):
    """Cash in or out during a shift."""

    way = RadioField(
        _("What"), choices=[("in", _("Cash in")), ("out", _("Cash out"))], default="out", validators=[InputRequired()]
    )
    amount = MoneyField(_("Amount"), validators=[InputRequired()])
    place = RadioField(
        _("From or to"),
        choices=[("store", _("Cash of the store")), ("petty", _("Elsewhere: bank, small expenses"))],
        default="store",
        validators=[InputRequired()],
    )
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_NOTE)])

    def validate_amount(self, field: MoneyField) -> None:
        if field.data is not None and field.data <= 0:
            raise ValidationError(gettext("The amount must be above zero."))

    @property
    def money(self) -> Decimal:
        """The amount of a form that is valid."""
        return self.amount.data or Decimal(0)
