"""The shape of what is typed about a service. Each form does its work once; what is chosen is looked up when shown."""

from typing import Any, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.broadband import choices
from app.broadband.details import CHANGEABLE, LENGTHS, LONGEST_PASSWORD
from app.broadband.models import WorkKind
from app.broadband.operations import Bill, Fee, Wanted, Work
from app.broadband.operations.moves import END
from app.broadband.orders.plug import WRITE
from app.broadband.subjects import SERVICE
from app.core.actor import Actor
from app.fields import inputs
from app.shop.models import Method
from app.shop.queries import methods_on
from app.ui.fields import LineField, MoneyField, PhoneField, TextField
from app.ui.formats import choice, money
from app.ui.keyed import KeyedForm, VersionedForm

LONGEST_REMARK = 500
BALANCE = "balance"


def ways() -> list[tuple[str, str]]:
    """From the balance, or by a method that is switched on."""
    return [(BALANCE, str(_("From the balance"))), *((code.value, choice(code)) for code in methods_on())]


def number(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class ServiceForm(VersionedForm):
    """What is done with a service."""

    remark = TextField(_("Remark"), validators=[Length(max=LONGEST_REMARK)])

    def for_actor(self, actor: Actor) -> Self:
        """Itself, without what this actor is not asked."""
        return self


class WayForm(KeyedForm):
    """What is paid for."""

    way = RadioField(_("Paid with"), choices=ways, default=BALANCE, validators=[InputRequired()])

    @property
    def method(self) -> Method | None:
        return None if self.way.data == BALANCE else Method(self.way.data)


class FeeForm(WayForm, ServiceForm):
    """What may cost something."""

    fee = MoneyField(_("Fee"), validators=[Optional()])

    @property
    def paid(self) -> Fee:
        return Fee(self.fee.data or Fee().amount, self.method)


class PayForm(WayForm, ServiceForm):
    """The regular payment. What is left out is as it was agreed."""

    package_months = IntegerField(_("Months of the package"), validators=[Optional(), NumberRange(1, 120)])
    package_fee = MoneyField(_("Package fee"), validators=[Optional()])
    maintenance_fee = MoneyField(_("Maintenance fee"), validators=[Optional()], description=_("For one month."))
    months_paid = IntegerField(_("Months paid"), validators=[Optional(), NumberRange(0, 120)])
    other_charge_item = LineField(_("Other charge"), validators=[Length(max=120)])
    other_charge_amount = MoneyField(_("Other charge amount"), validators=[Optional()])
    discount_amount = MoneyField(_("Discount amount"), validators=[Optional()])
    late_fee = MoneyField(_("Late-payment fee"), validators=[Optional()])

    @property
    def bill(self) -> Bill:
        names = ("other_charge_amount", "discount_amount", "late_fee")
        amounts = {name: self[name].data for name in names if self[name].data is not None}
        return Bill(
            package_months=self.package_months.data,
            package_fee=self.package_fee.data,
            maintenance_fee=self.maintenance_fee.data,
            months_paid=self.months_paid.data,
            other_charge_item=self.other_charge_item.data,
            remark=self.remark.data,
            **amounts,
        )


class RelocationForm(FeeForm):
    community = SelectField(_("New community"), choices=choices.communities, coerce=number)
    address = LineField(_("New address"), validators=[InputRequired(), Length(max=LENGTHS["address"])])


class Newcomer:
    """What a form says of somebody who becomes a customer by it, if nobody has his number."""

    @property
    def person(self: Any) -> dict[str, str | None]:
        return {
            "name": self.new_customer_name.data,
            "landline": self.new_landline.data,
            "contact_phone": self.new_contact_phone.data,
            "id_number": self.new_id_card_no.data,
        }


class TransferForm(Newcomer, FeeForm):
    """To a customer who is there, or to somebody who becomes one now, of what is said of him.

    new_community, new_address: where he wants the service, if elsewhere.
    """

    new_phone = PhoneField(_("Phone of the new customer"), validators=[InputRequired(), Length(max=40)])
    new_customer_name = LineField(
        _("Name of the new customer"), validators=[Length(max=120)], description=_("If nobody has this number yet.")
    )
    new_landline = LineField(_("New landline"), validators=[Length(max=32)])
    new_contact_phone = LineField(_("New contact phone"), validators=[Length(max=32)])
    new_id_card_no = LineField(_("New ID card no."), validators=[Length(max=32)], render_kw={"autocomplete": "off"})
    new_community = SelectField(
        _("New community"),
        choices=lambda: [("", ""), *choices.communities()],
        coerce=number,
        description=_("Empty: the service stays where it is."),
    )
    new_address = LineField(_("New address"), validators=[Length(max=LENGTHS["address"])])
    with_balance = BooleanField(_("The whole balance goes with it"))

    def for_actor(self, actor: Actor) -> Self:
        if not actor.may(*END):
            del self.with_balance
        return self

    @property
    def takes_balance(self) -> bool:
        return bool(self.with_balance and self.with_balance.data)


class ClosingForm(ServiceForm):
    """paid_out: asked where unused days are paid out."""

    paid_out = RadioField(_("Paid out by"), choices=lambda: ways()[1:], validate_choice=False)

    @property
    def method(self) -> Method | None:
        return next((each for each in methods_on() if each.value == self.paid_out.data), None)


class ReasonForm(ServiceForm):
    remark = TextField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_REMARK)])


class LineForm(KeyedForm):
    """What is known of a line besides its price and its days."""

    access_order_no = LineField(_("Access order no."), validators=[Length(max=LENGTHS["access_order_no"])])
    broadband_account = LineField(_("Broadband account"), validators=[Length(max=LENGTHS["broadband_account"])])
    broadband_password = LineField(
        _("Password"), validators=[Length(max=LONGEST_PASSWORD)], render_kw={"autocomplete": "off"}
    )
    bound_number = LineField(_("Bound number"), validators=[Length(max=LENGTHS["bound_number"])])
    salesperson = SelectField(_("Salesperson"), choices=lambda: [("", ""), *choices.employees()], coerce=number)


class DetailsForm(LineForm, ServiceForm):
    @property
    def details(self) -> dict[str, Any]:
        """What a valid form says; nothing of what the owner has hidden."""
        said = {name: self[name].data for name in (*CHANGEABLE, "broadband_password") if name in self}
        return said | ({"salesperson_id": self.salesperson.data} if "salesperson" in self else {})


class OpeningForm(LineForm, WayForm):
    """A new service for a customer who is there."""

    community = SelectField(_("Community"), choices=choices.communities, coerce=number)
    address = LineField(_("Address"), validators=[Length(max=LENGTHS["address"])])
    business_type = SelectField(_("Business type"), choices=choices.access_types, coerce=number)
    package_type = SelectField(_("Package type"), choices=lambda: _packages(), coerce=number)
    fee = MoneyField(
        _("Fee"), validators=[Optional()], description=_("As agreed, for all months of the package. Empty: its price.")
    )
    remark = TextField(_("Remark"), validators=[Length(max=LENGTHS["remark"])])
    work_type = SelectField(
        _("Work order for the installation"),
        choices=lambda: [("", ""), *choices.work_types()],
        coerce=number,
        description=_("The service is switched on when it is billed."),
    )
    is_active = BooleanField(_("It is switched on already"))
    pays_now = BooleanField(_("He pays the first term now"))

    def for_actor(self, actor: Actor) -> Self:
        """Itself, without what this actor is not asked."""
        if not actor.may(*WRITE):
            del self.work_type
        return self

    def validate_is_active(self, field: BooleanField) -> None:
        if field.data and self.work_order:
            raise ValidationError(gettext("A service that is yet to be installed is not switched on."))

    @property
    def work_order(self) -> Work | None:
        """The installation that is asked for with it."""
        kind = self.work_type.data if self.work_type else None
        return Work(WorkKind.INSTALLATION, kind) if kind else None

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            community_id=self.community.data or 0,
            business_type_id=self.business_type.data or 0,
            package_id=self.package_type.data or 0,
            fee=self.fee.data,
            salesperson_id=self.salesperson.data if "salesperson" in self else None,
            details={name: self[name].data for name in (*LENGTHS, "broadband_password") if name in self},
            own=inputs.typed(self, SERVICE),
        )


class NewcomerForm(Newcomer, OpeningForm):
    """The same for somebody who becomes a customer by it, or who has the number already."""

    new_phone = PhoneField(_("Phone"), validators=[InputRequired(), Length(max=40)])
    new_customer_name = LineField(
        _("Customer name"), validators=[Length(max=120)], description=_("If nobody has this number yet.")
    )
    new_contact_phone = LineField(_("Contact phone"), validators=[Length(max=32)])
    new_landline = LineField(_("Landline"), validators=[Length(max=32)])
    new_id_card_no = LineField(_("ID card no."), validators=[Length(max=32)], render_kw={"autocomplete": "off"})


class UndoForm(KeyedForm):
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_REMARK)])


def _packages() -> list[tuple[int, str]]:
    """The packages with their prices."""
    return [(each.id, f"{each.package_type} · {money(each.package_fee)}") for each in choices.packages_offered()]
