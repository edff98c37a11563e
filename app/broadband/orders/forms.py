"""The shape of what is typed about a work order. Each form does its work once."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.broadband import choices
from app.broadband.forms import WayForm, number
from app.broadband.models import Service, WorkKind, WorkOrder
from app.broadband.operations import Work
from app.broadband.operations.wishes import FORM_NAMES, LENGTHS, MAY_CHANGE, ZERO
from app.broadband.subjects import ORDER
from app.fields import inputs
from app.fields.queries import values_of
from app.ui.fields import DayField, EnumField, LineField, MomentField, MoneyField, PhoneField, TextField
from app.ui.keyed import VersionedForm

LONGEST_REASON = 500
FEES = ("installation_fee", "handling_fee", "labour_material_fee", "other_fee")
NEW = ("new_customer_name", "new_phone", "new_id_card_no", "new_package_type", "new_community", "new_address")


def _or_none(pairs: Any) -> list[tuple[Any, str]]:
    return [("", ""), *pairs]


class QuantityField(MoneyField):
    """A quantity of at most two decimals."""

    prefix = ""


class OrderForm(VersionedForm):
    """What is to be done, and what it costs."""

    work_kind = EnumField(_("Kind of work"), kind=WorkKind)
    business_type = SelectField(
        _("Business type"), choices=lambda: _or_none(choices.work_types()), coerce=number, validators=[InputRequired()]
    )
    installer = SelectField(_("Installer"), choices=lambda: _or_none(choices.installers()), coerce=number)
    work_date = DayField(_("Work date"), validators=[Optional()])
    appointment_at = MomentField(_("Appointment"), validators=[Optional()])
    installation_fee = MoneyField(_("Installation fee"), validators=[Optional()])
    handling_fee = MoneyField(_("Handling fee"), validators=[Optional()])
    labour_material_fee = MoneyField(
        _("Labour and material fee"), validators=[Optional()], description=_("Empty: what the materials come to.")
    )
    other_fee = MoneyField(_("Other fee"), validators=[Optional()])
    new_phone = PhoneField(_("New phone"), validators=[Length(max=40)])
    new_customer_name = LineField(_("New customer name"), validators=[Length(max=120)])
    new_id_card_no = LineField(_("New ID card no."), validators=[Length(max=32)], render_kw={"autocomplete": "off"})
    new_package_type = SelectField(_("New package type"), choices=lambda: _or_none(_packages()), coerce=number)
    new_community = SelectField(_("New community"), choices=lambda: _or_none(choices.communities()), coerce=number)
    new_address = LineField(_("New address"), validators=[Length(max=250)])
    customer_request = TextField(_("Customer request"), validators=[Length(max=LENGTHS["customer_request"])])
    remark = TextField(_("Remark"), validators=[Length(max=LENGTHS["remark"])])

    @property
    def work(self) -> Work:
        """What a valid form asks for."""
        return Work(
            self.work_kind.data,
            self.business_type.data,
            installer_id=self.installer.data,
            installation_fee=self.installation_fee.data or ZERO,
            handling_fee=self.handling_fee.data or ZERO,
            labour_material_fee=self.labour_material_fee.data,
            other_fee=self.other_fee.data or ZERO,
            new={name: self[FORM_NAMES.get(name, name)].data for name in self._asked_new()},
            customer_request=self.customer_request.data,
            remark=self.remark.data,
            work_date=self.work_date.data,
            appointment_at=self.appointment_at.data,
            own=inputs.typed(self, ORDER),
        )

    def _asked_new(self) -> set[str]:
        return {name for names in MAY_CHANGE.values() for name in names}


def filled(order: WorkOrder) -> OrderForm:
    """The form as the order stands. The new ID card number is never in it: nothing typed leaves it as it is."""
    names = ("work_kind", "work_date", "appointment_at", *FEES, "new_address", "customer_request", "remark")
    said = {name: getattr(order, name) for name in names}
    said |= {"business_type": order.business_type_id, "installer": order.installer_id}
    said |= {"new_package_type": order.new_package_id, "new_community": order.new_community_id}
    person = order.new_customer
    said |= {
        "new_phone": person.phone if person else order.new_phone,
        "new_customer_name": person.name if person else order.new_customer_name,
    }
    if not order.is_labour_agreed:
        said["labour_material_fee"] = None
    values = values_of(ORDER, [order.id])[order.id]
    form = order_form()(formdata=None, data=said | inputs.data_of(values, ORDER))
    inputs.keep_choices(form, ORDER, values)
    return form


def order_form() -> type[OrderForm]:
    """The form with the owner's fields."""
    return inputs.with_fields(OrderForm, ORDER)


def fresh(service: Service) -> OrderForm:
    """The form for a new order: an installation for what is not installed yet."""
    kind = WorkKind.INSTALLATION if service.activation_date is None else WorkKind.REPAIR
    return order_form()(formdata=None, data={"work_kind": kind})


class ScheduleForm(VersionedForm):
    appointment_at = MomentField(_("Appointment"), validators=[InputRequired()])
    installer = SelectField(_("Installer"), choices=lambda: _or_none(choices.installers()), coerce=number)
    work_date = DayField(_("Work date"), validators=[Optional()])

    @property
    def moment(self) -> datetime:
        """The appointment of a form that is valid."""
        assert self.appointment_at.data is not None  # noqa: S101 - it is needed
        return self.appointment_at.data


class CancelForm(VersionedForm):
    reason = LineField(_("Reason"), validators=[InputRequired(), Length(max=LONGEST_REASON)])


class BillForm(WayForm, VersionedForm):
    billing_start_at = MomentField(_("Billing starts at"), validators=[Optional()], description=_("Empty: now."))


def _materials() -> list[tuple[Any, str]]:
    return [("", ""), *((each.id, f"{each.material_no} · {each.material_name}") for each in choices.materials())]


def _packages() -> list[tuple[int, str]]:
    return [(each.id, each.package_type) for each in choices.packages_offered()]


class LineChangeForm(VersionedForm):
    """How much of a material there is."""

    quantity = QuantityField(_("Quantity"), validators=[InputRequired()])
    remark = LineField(_("Remark"), validators=[Length(max=LENGTHS["remark"])])

    @property
    def counted(self) -> Decimal:
        """The quantity of a form that is valid."""
        return self.quantity.data or ZERO


class LineForm(LineChangeForm):
    """A material and how much of it. Its price is copied when it is added."""

    material = SelectField(_("Material"), choices=_materials, coerce=number, validators=[InputRequired()])
