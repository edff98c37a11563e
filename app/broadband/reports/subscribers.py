"""User information: every service with its customer, by any column (S2.16)."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, and_, case, select

from app.broadband import choices
from app.broadband.choices import to_filter
from app.broadband.models import BusinessType, Community, Employee, Service
from app.broadband.reports.user_status import UserStatus, has_status, user_status
from app.broadband.subjects import SERVICE
from app.core.permissions import Action, Grant
from app.core.sealed import HIDDEN, shown
from app.customers.models import Customer
from app.customers.queries import has_id_number, ids_of_phone, within
from app.fields.reporting import owned, values_beside
from app.tables import Amounts, Asked, Choice, Column, Group, Kind, Order, Period, Phone, Report, Sealed, Text

LAST_SIGN = "\U0010ffff"
# Filters of stock fields that go by another name, and the fields.
HIDES = {"account": "broadband_account", "access": "access_order_no", "bound": "bound_number"}


SHOWN: tuple[Any, ...] = (
    Service.id,
    Service.service_no,
    Customer.id.label("customer_id"),
    Customer.customer_no,
    Customer.name.label("customer_name"),
    Customer.phone.label("phone"),
    Customer.contact_phone,
    Customer.landline,
    Customer.id_number_sealed.label("id_card_no"),
    Community.community,
    Service.address,
    BusinessType.business_type,
    Service.package_type,
    Service.fee,
    Service.access_order_no,
    Service.broadband_account,
    case((Service.password_sealed.is_not(None), HIDDEN)).label("broadband_password"),
    Service.bound_number,
    Employee.name.label("salesperson"),
    Service.remark,
    Service.apply_date,
    Service.activation_date,
    Service.stop_date,
)


def services(asked: Asked) -> Select[Any]:
    """The services of the customers whom the actor may find.

    Every one has a customer, a community and a type: joined so, they are left out where only services are counted.
    """
    return (
        select(*SHOWN, user_status(), *values_beside(SERVICE, Service.id))
        .outerjoin(Customer, Customer.id == Service.customer_id)
        .outerjoin(Community, Community.id == Service.community_id)
        .outerjoin(BusinessType, BusinessType.id == Service.business_type_id)
        .outerjoin(Employee, Employee.id == Service.salesperson_id)
        .where(within(asked.actor))
    )


def begins(column: Any) -> Any:
    """The condition that a column, compared sign by sign, begins so."""
    return lambda text: and_(column >= text, column < text + LAST_SIGN)


def of_customers(column: Any, condition: Any) -> Any:
    """The condition that a row is of one of the customers of whom something holds."""
    return lambda value: column.in_(select(Customer.id).where(condition(value)))


def _of_customer(name: str, label: Any) -> Text:
    """What is kept of the customer, and must be equal."""
    column = getattr(Customer, name)
    condition = of_customers(Service.customer_id, lambda text: column == text)
    return Text(name, label, condition, is_personal=True, longest=32)


def to_service(row: Any) -> str:
    return url_for("ServiceView.show", service_id=row.id)


def to_customer(row: Any) -> str:
    return url_for("CounterView.show", customer=row.customer_id)


SERVICES = Grant(Action.VIEW, "services")
TAKE_OUT = Grant(Action.EXPORT, "services")

services_report = Report(
    name="broadband-services",
    title=_("Broadband services"),
    route="/broadband/services",
    grant=SERVICES,
    export=TAKE_OUT,
    source=services,
    orders=(Order("newest", _("Newest first"), (Service.id,)),),
    filters=(
        Phone("phone", _("Phone"), lambda text: Service.customer_id.in_(ids_of_phone(text)), is_narrow=True),
        Text("number", _("Service no."), Service.service_no, is_narrow=True, longest=32),
        Text(
            "customer_no",
            _("Customer no."),
            of_customers(Service.customer_id, lambda no: Customer.customer_no == no),
            is_narrow=True,
            longest=32,
        ),
        Text("account", _("Broadband account"), Service.broadband_account, is_narrow=True),
        Text("name", _("Name begins with"), of_customers(Service.customer_id, begins(Customer.name)), is_personal=True),
        Choice(
            "community",
            _("Community"),
            lambda number: Service.community_id == int(number),
            choices=to_filter(choices.communities),
            is_indexed=True,
        ),
        Choice(
            "package",
            _("Package type"),
            lambda number: Service.package_id == int(number),
            choices=to_filter(choices.packages),
            is_indexed=True,
        ),
        Choice(
            "business",
            _("Business type"),
            lambda number: Service.business_type_id == int(number),
            choices=to_filter(choices.access_types),
        ),
        Choice(
            "salesperson",
            _("Salesperson"),
            lambda number: Service.salesperson_id == int(number),
            choices=to_filter(choices.employees),
            is_indexed=True,
        ),
        Choice("status", _("User status"), has_status, choices=UserStatus, is_indexed=True),
        Text(
            "address",
            _("Address begins with"),
            lambda text: Service.address.startswith(text, autoescape=True),
            is_personal=True,
        ),
        Sealed(
            "id_card_no",
            _("ID card no."),
            of_customers(Service.customer_id, has_id_number),
            grant=Grant(Action.VIEW, "id-numbers"),
        ),
        _of_customer("landline", _("Landline")),
        _of_customer("contact_phone", _("Contact phone")),
        Text("access", _("Access order no."), Service.access_order_no, is_narrow=True, longest=64),
        Text("bound", _("Bound number"), Service.bound_number, is_narrow=True, longest=64, is_personal=True),
        Amounts("fee", _("Fee"), Service.fee),
        Period("applied", _("Applied on"), Service.apply_date, is_indexed=False),
        Period("activated", _("Activated on"), Service.activation_date, is_indexed=False),
        Period("stops", _("Stop date"), Service.stop_date, is_indexed=False),
        Text("remark", _("Remark begins with"), lambda text: Service.remark.startswith(text, autoescape=True)),
    ),
    columns=(
        Column("service_no", _("Service no."), link=to_service),
        Column("customer_no", _("Customer no."), link=to_customer),
        Column("customer_name", _("Customer name"), link=to_customer),
        Column("phone", _("Phone"), Kind.PHONE, link=to_customer),
        Column("community", _("Community")),
        Column("address", _("Address")),
        Column("contact_phone", _("Contact phone")),
        Column("landline", _("Landline")),
        Column("id_card_no", _("ID card no."), show=shown),
        Column("business_type", _("Business type")),
        Column("package_type", _("Package type")),
        Column("fee", _("Fee"), Kind.MONEY),
        Column("access_order_no", _("Access order no.")),
        Column("broadband_account", _("Broadband account")),
        Column("broadband_password", _("Password")),
        Column("bound_number", _("Bound number")),
        Column("salesperson", _("Salesperson")),
        Column("user_status", _("User status"), Kind.CHOICE),
        Column("apply_date", _("Applied on"), Kind.DAY),
        Column("activation_date", _("Activated on"), Kind.DAY),
        Column("stop_date", _("Stop date"), Kind.DAY),
        Column("remark", _("Remark")),
    ),
    owned=lambda: owned(SERVICE, Service.id, HIDES),
    groups=(
        Group("community", _("Community"), "community"),
        Group("package", _("Package type"), "package_type"),
        Group("status", _("User status"), "user_status", Kind.CHOICE),
        Group("salesperson", _("Salesperson"), "salesperson"),
    ),
)
