"""The shape of what is typed about a customer outside the counter."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.customers.models import CustomerType
from app.customers.profile import LENGTHS
from app.customers.queries import STATUSES
from app.customers.subject import CUSTOMER
from app.fields import inputs
from app.fields.queries import PREFIX
from app.shop.queries import all_stores
from app.ui.fields import DayField, LineField, MoneyField, PhoneField, sealed_field
from app.ui.formats import choice


class RemovalForm(FlaskForm):
    """Why a customer is deleted. version: of the customer that was shown."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(min=1)])
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=500)])


def _stores() -> list[tuple[str, str]]:
    return [("", gettext("all")), *((store.code, store.name) for store in all_stores())]


def _statuses() -> list[tuple[str, str]]:
    return [("", gettext("all")), *((name, choice(name)) for name in STATUSES)]


def _types() -> list[tuple[str, str]]:
    return [("", gettext("all")), *((kind.value, choice(kind)) for kind in CustomerType)]


def _trimmed(sent: str | None) -> str | None:
    """What is chosen: gaps alone choose nothing, which `Optional` lets pass as they are."""
    return sent.strip() if sent else sent


class IdNumberForm(FlaskForm):
    """The whole ID number that is looked for."""

    id_number = LineField(_("ID number"), validators=[InputRequired(), Length(max=LENGTHS["id_number"])])


class ListForm(FlaskForm):
    """What is looked for in the customer list. Everything typed must hold."""

    class Meta:
        csrf = False  # it reads, and stands in the address

    phone = PhoneField(_("Phone, whole or its last digits"), validators=[Length(max=40)])
    phone_start = PhoneField(_("Phone begins with"), validators=[Length(max=20)])
    name = LineField(_("Name"), validators=[Length(max=120)])
    name_start = LineField(_("Name begins with"), validators=[Length(max=120)])
    store = SelectField(_("Store"), choices=_stores, validators=[Optional()], filters=[_trimmed])
    status = SelectField(_("Status"), choices=_statuses, validators=[Optional()], filters=[_trimmed])
    type = SelectField(_("Type"), choices=_types, validators=[Optional()], filters=[_trimmed])
    balance_min = MoneyField(_("Balance from"), signed=True)
    balance_max = MoneyField(_("Balance to"), signed=True)
    created_from = DayField(_("Customer since, from"), validators=[Optional()])
    created_to = DayField(_("Customer since, to"), validators=[Optional()])
    active_from = DayField(_("Last active, from"), validators=[Optional()])
    active_to = DayField(_("Last active, to"), validators=[Optional()])
    id_number = sealed_field(_("ID number"))

    def wanted(self) -> dict[str, Any]:
        """The filters as app/customers/listing.py takes them; only what was typed."""
        stock = {name: field.data for name, field in self._fields.items() if not name.startswith(PREFIX)}
        typed = {name: data for name, data in stock.items() if data not in (None, "")}
        if own := inputs.wanted(self, CUSTOMER):
            typed["custom"] = own
        if code := typed.pop("store", None):
            typed["store_id"] = next(store.id for store in all_stores() if store.code == code)
        if name := typed.get("status"):
            typed["status"] = STATUSES[name]
        if kind := typed.get("type"):
            typed["type"] = CustomerType(kind)
        return typed

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = super().validate(extra_validators)
        for first, last in (
            ("balance_min", "balance_max"),
            ("created_from", "created_to"),
            ("active_from", "active_to"),
        ):
            low, high = self[first].data, self[last].data
            if is_good and low is not None and high is not None and low > high:
                self[last].errors = [gettext("This lies before the beginning of the range.")]
                is_good = False
        return is_good and inputs.check_ranges(self, CUSTOMER)


def list_form(sent: Any) -> ListForm:
    """The filters that are sent, those of the owner's own fields too."""
    return inputs.with_filters(ListForm, CUSTOMER)(formdata=sent)
