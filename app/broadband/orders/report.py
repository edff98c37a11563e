"""The list of work orders with all that they say (S2.7), and the list of what was built in (S2.8)."""

from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.broadband import choices
from app.broadband.choices import to_filter
from app.broadband.models import (
    BusinessType,
    Community,
    Installer,
    OrderStatus,
    Package,
    Service,
    WorkKind,
    WorkOrder,
    WorkOrderLine,
)
from app.broadband.orders import queries
from app.broadband.orders.plug import EXPORT, SEE, SEE_ALL
from app.broadband.subjects import ORDER
from app.broadband.words import in_capitals
from app.core.permissions import Action
from app.core.sealed import shown
from app.customers.models import Customer
from app.customers.queries import ids_of_phone
from app.fields.reporting import owned, values_beside
from app.tables import Asked, Choice, Column, Group, Kind, Order, Period, Phone, Report, Text

NewCustomer, NewCommunity = aliased(Customer), aliased(Community)
MATERIALS = select(func.coalesce(func.sum(WorkOrderLine.amount), 0)).where(WorkOrderLine.order_id == WorkOrder.id)
SHOWN: tuple[Any, ...] = (
    WorkOrder.id,
    WorkOrder.work_order_no,
    WorkOrder.document_status,
    WorkOrder.work_kind,
    WorkOrder.customer_id,
    Customer.customer_no,
    Customer.name.label("customer_name"),
    Customer.phone,
    Customer.id_number_sealed.label("id_card_no"),
    Service.address,
    Community.community,
    Installer.installer_no,
    Installer.installer_name,
    BusinessType.business_type,
    WorkOrder.installation_fee,
    WorkOrder.handling_fee,
    WorkOrder.labour_material_fee,
    WorkOrder.other_fee,
    WorkOrder.total,
    WorkOrder.total.label("total_in_words"),
    WorkOrder.payee,
    MATERIALS.scalar_subquery().label("material_work_fee"),
    func.coalesce(NewCustomer.name, WorkOrder.new_customer_name).label("new_customer_name"),
    func.coalesce(NewCustomer.phone, WorkOrder.new_phone).label("new_phone"),
    WorkOrder.new_id_card_sealed.label("new_id_card_no"),
    Package.package_type.label("new_package_type"),
    NewCommunity.community.label("new_community"),
    WorkOrder.new_address,
    WorkOrder.customer_request,
    WorkOrder.remark,
    WorkOrder.work_date,
    WorkOrder.accepted_at,
    WorkOrder.appointment_at,
    WorkOrder.billing_start_at,
)


def orders(asked: Asked) -> Select[Any]:
    """The work orders that the actor may see. What each has is joined so that it is left out where they are counted."""
    return (
        select(*SHOWN, *values_beside(ORDER, WorkOrder.id))
        .outerjoin(Service, Service.id == WorkOrder.service_id)
        .outerjoin(Customer, Customer.id == WorkOrder.customer_id)
        .outerjoin(Community, Community.id == Service.community_id)
        .outerjoin(BusinessType, BusinessType.id == WorkOrder.business_type_id)
        .outerjoin(Installer, Installer.id == WorkOrder.installer_id)
        .outerjoin(NewCustomer, NewCustomer.id == WorkOrder.new_customer_id)
        .outerjoin(NewCommunity, NewCommunity.id == WorkOrder.new_community_id)
        .outerjoin(Package, Package.id == WorkOrder.new_package_id)
        .where(queries.listed_for(asked.actor))
    )


def lines(asked: Asked) -> Select[Any]:
    """The materials on the work orders that the actor may see."""
    own = ("id", "material_no", "material_name", "unit", "spec", "quantity", "unit_price", "amount", "remark")
    return (
        select(
            *(getattr(WorkOrderLine, name) for name in own),
            WorkOrderLine.order_id,
            WorkOrder.work_order_no,
            WorkOrder.document_status,
            WorkOrder.work_date,
        )
        .outerjoin(WorkOrder, WorkOrder.id == WorkOrderLine.order_id)
        .outerjoin(Customer, Customer.id == WorkOrder.customer_id)
        .where(queries.listed_for(asked.actor))
    )


def _reach(asked: Asked) -> str | None:
    """A clerk is told why he sees no more."""
    if not queries.sees_all(asked.actor) or asked.actor.may(Action.VIEW, "old-postings"):
        return None
    return gettext("Of what is billed you see what was billed today in your stores.")


def _to_order(row: Any) -> str:
    return url_for("WorkOrderView.show", order_id=getattr(row, "order_id", row.id))


work_orders = Report(
    name="work-orders",
    title=_("Work orders"),
    route="/broadband/work-orders",
    grant=SEE,
    export=EXPORT,
    totals_grant=SEE_ALL,
    source=orders,
    notice=_reach,
    orders=(Order("newest", _("Newest first"), (WorkOrder.id,)),),
    filters=(
        Text("number", _("Work order no."), WorkOrder.work_order_no, is_narrow=True, longest=32),
        Phone("phone", _("Phone"), lambda text: WorkOrder.customer_id.in_(ids_of_phone(text)), is_narrow=True),
        Choice("status", _("Document status"), WorkOrder.document_status, choices=OrderStatus, is_indexed=True),
        Choice(
            "installer",
            _("Installer"),
            lambda number: WorkOrder.installer_id == int(number),
            choices=to_filter(choices.installers),
            is_indexed=True,
        ),
        Choice(
            "community",
            _("Community"),
            lambda number: Service.community_id == int(number),
            choices=to_filter(choices.communities),
        ),
        Choice("kind", _("Kind of work"), WorkOrder.work_kind, choices=WorkKind),
        Period("worked", _("Work date"), WorkOrder.work_date, is_indexed=False),
        Period("appointed", _("Appointment"), WorkOrder.appointment_at, is_indexed=False),
    ),
    owned=lambda: owned(ORDER, WorkOrder.id),
    columns=(
        Column("work_order_no", _("Work order no."), link=_to_order),
        Column("document_status", _("Document status"), Kind.CHOICE),
        Column("business_type", _("Business type")),
        Column("work_kind", _("Kind of work"), Kind.CHOICE),
        Column("customer_no", _("Customer no.")),
        Column("customer_name", _("Customer name")),
        Column("phone", _("Phone"), Kind.PHONE),
        Column("community", _("Community")),
        Column("address", _("Address")),
        Column("id_card_no", _("ID card no."), show=shown, grant=SEE_ALL),
        Column("installer_no", _("Installer no.")),
        Column("installer_name", _("Installer")),
        Column("appointment_at", _("Appointment"), Kind.MOMENT),
        Column("work_date", _("Work date"), Kind.DAY),
        Column("accepted_at", _("Accepted at"), Kind.MOMENT),
        Column("billing_start_at", _("Billing starts at"), Kind.MOMENT),
        Column("installation_fee", _("Installation fee"), Kind.MONEY, total=True, grant=SEE_ALL),
        Column("handling_fee", _("Handling fee"), Kind.MONEY, total=True, grant=SEE_ALL),
        Column("labour_material_fee", _("Labour and material fee"), Kind.MONEY, total=True, grant=SEE_ALL),
        Column("other_fee", _("Other fee"), Kind.MONEY, total=True, grant=SEE_ALL),
        Column("total", _("Total"), Kind.MONEY, total=True, grant=SEE_ALL),
        Column("total_in_words", _("Total in capitals"), show=in_capitals, grant=SEE_ALL),
        Column("payee", _("Received by"), grant=SEE_ALL),
        Column("material_work_fee", _("Material and works fee"), Kind.MONEY, total=True, grant=SEE_ALL),
        Column("new_customer_name", _("New customer name")),
        Column("new_phone", _("New phone"), Kind.PHONE),
        Column("new_id_card_no", _("New ID card no."), show=shown, grant=SEE_ALL),
        Column("new_package_type", _("New package type")),
        Column("new_community", _("New community")),
        Column("new_address", _("New address")),
        Column("customer_request", _("Customer request")),
        Column("remark", _("Remark")),
    ),
    groups=(
        Group("status", _("Document status"), "document_status", Kind.CHOICE, grant=SEE_ALL),
        Group("installer", _("Installer"), "installer_name", grant=SEE_ALL),
        Group("community", _("Community"), "community", grant=SEE_ALL),
        Group("work", _("Kind of work"), "work_kind", Kind.CHOICE, grant=SEE_ALL),
    ),
)
order_materials = Report(
    name="work-order-materials",
    title=_("Materials of work orders"),
    route="/broadband/work-order-materials",
    grant=SEE_ALL,
    export=EXPORT,
    source=lines,
    notice=_reach,
    orders=(Order("newest", _("Newest first"), (WorkOrderLine.id,)),),
    filters=(
        Text(
            "number",
            _("Work order no."),
            lambda text: WorkOrderLine.order_id.in_(select(WorkOrder.id).where(WorkOrder.work_order_no == text)),
            is_narrow=True,
            longest=32,
        ),
        Text("material", _("Material no."), WorkOrderLine.material_no, longest=32),
        Choice("status", _("Document status"), WorkOrder.document_status, choices=OrderStatus),
        Period("worked", _("Work date"), WorkOrder.work_date, is_indexed=False),
    ),
    columns=(
        Column("work_order_no", _("Work order no."), link=_to_order),
        Column("material_no", _("Material no.")),
        Column("material_name", _("Material name")),
        Column("unit", _("Unit")),
        Column("spec", _("Specification")),
        Column("quantity", _("Quantity"), Kind.NUMBER),
        Column("unit_price", _("Unit price"), Kind.MONEY),
        Column("amount", _("Amount"), Kind.MONEY, total=True),
        Column("remark", _("Remark")),
        Column("document_status", _("Document status"), Kind.CHOICE),
        Column("work_date", _("Work date"), Kind.DAY),
    ),
    groups=(
        Group("material", _("Material name"), "material_name"),
        Group("day", _("Work date"), "work_date", Kind.DAY),
    ),
)
