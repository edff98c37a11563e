"""The shape of what a clerk types. Each form that moves money carries a key, so that it moves it once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.core import commands
from app.core.actor import Actor
from app.customers.models import CustomerType, Gender, Language
from app.customers.profile import LENGTHS
from app.customers.subject import CUSTOMER
from app.fields import inputs
from app.ledger.operations import GENERAL
from app.shop.models import Method
from app.shop.queries import all_stores, methods_on
from app.ui.fields import DayField, EnumField, LineField, MoneyField, PhoneField, TextField
from app.ui.formats import choice

LONGEST_NOTE = 500


class _Version(IntegerField):
    """Which version of the customer the form was filled for."""

    widget = HiddenInput()


class MoneyForm(FlaskForm):
    """What every form has that moves money. again: the clerk has said that he means it a second time."""

    key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    version = _Version(validators=[InputRequired(), NumberRange(min=1)])
    again = HiddenField(validators=[Optional(), Length(max=3)])
    amount = MoneyField(_("Amount"), validators=[InputRequired()])

    def validate_amount(self, field: MoneyField) -> None:
        if field.data is not None and (field.data == 0 or (field.data < 0 and not field.signed)):
            raise ValidationError(gettext("The amount must be above zero."))

    @property
    def money(self) -> Decimal:
        """The amount of a form that is valid."""
        return self.amount.data or Decimal(0)

    def renew(self) -> None:
        """Give the form a key of its own, for it will be shown again."""
        self.key.data = commands.new_key()
        self.key.raw_data = None


def _methods() -> list[tuple[str, str]]:
    return [(method.value, choice(method)) for method in methods_on()]


class RechargeForm(MoneyForm):
    method = RadioField(_("Paid with"), choices=_methods, coerce=str, validators=[InputRequired()])
    note = LineField(_("Note"), validators=[Length(max=LONGEST_NOTE)])


class ConsumeForm(MoneyForm):
    category = SelectField(_("For"), choices=[], coerce=str, default=GENERAL, validate_choice=False)
    note = LineField(_("Note"), validators=[Length(max=LONGEST_NOTE)])


class RefundForm(MoneyForm):
    method = RadioField(_("Paid back with"), choices=_methods, coerce=str, validators=[InputRequired()])
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_NOTE)])


class AdjustForm(MoneyForm):
    amount = MoneyField(_("Amount, with a minus to take away"), signed=True, validators=[InputRequired()])
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_NOTE)])


class StatusForm(FlaskForm):
    version = _Version(validators=[InputRequired(), NumberRange(min=1)])
    status = HiddenField(validators=[InputRequired(), Length(max=10)])


class CreditForm(FlaskForm):
    """How far below zero a balance may fall."""

    version = _Version(validators=[InputRequired(), NumberRange(min=1)])
    credit_limit = MoneyField(_("Credit limit"), validators=[InputRequired()])


class ProfileForm(FlaskForm):
    """Everything that is known of a customer. His balance is none of it."""

    version = _Version(validators=[Optional(), NumberRange(min=1)])
    phone = PhoneField(_("Phone"), validators=[InputRequired()])
    name = LineField(_("Name"), validators=[InputRequired(), Length(max=LENGTHS["name"])])
    type = EnumField(_("Type"), kind=CustomerType, default=CustomerType.PERSONAL)
    gender = EnumField(_("Gender"), kind=Gender, optional=True)
    birthday = DayField(_("Birthday"), validators=[Optional()])
    language = EnumField(_("Language"), kind=Language, optional=True)
    landline = LineField(_("Landline"), validators=[Length(max=LENGTHS["landline"])])
    contact_phone = LineField(_("Other contact phone"), validators=[Length(max=LENGTHS["contact_phone"])])
    email = LineField(_("E-mail"), validators=[Length(max=LENGTHS["email"])])
    id_number = LineField(_("ID number"), validators=[Length(max=LENGTHS["id_number"])])
    address = LineField(_("Address"), validators=[Length(max=LENGTHS["address"])])
    store = SelectField(_("Store"), choices=lambda: [(store.code, store.name) for store in all_stores()], coerce=str)
    note = TextField(_("Remark"), validators=[Length(max=LENGTHS["note"])])

    def values(self) -> dict[str, Any]:
        """What was typed, by field of the profile."""
        return {name: field.data for name, field in self._fields.items() if name not in ("version", "csrf_token")}

    def custom(self) -> dict[str, Any]:
        """What was typed into the owner's own fields, by their names."""
        return inputs.typed(self, CUSTOMER)


def profile_form(*, custom: Mapping[str, Any] | None = None, moves: bool = False, **given: Any) -> Any:
    """The form of a customer as the owner wants it: with his own fields, without those that he has hidden.

    custom: what stands in his own fields, by name. moves: whether another store may be chosen for him. given: as every
    form takes it.
    """
    values = dict(custom or {})
    data = {**inputs.data_of(values, CUSTOMER), **given.pop("data", {})}
    form = inputs.with_fields(ProfileForm, CUSTOMER)(data=data, **given)
    inputs.keep_choices(form, CUSTOMER, values)
    if not moves:
        del form.store
    return form


def may_move(actor: Actor) -> bool:
    """Whether he is asked to which store a customer belongs: who works in all of several."""
    return actor.stores is None and len(all_stores()) > 1


def method_of(form: RechargeForm | RefundForm) -> Method:
    return Method(form.method.data)
