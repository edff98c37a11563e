"""Payments of a period, and what they come to (S2.17 and S2.21). What was taken back is shown, and not summed."""

from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, case, select

from app.broadband import choices, queries
from app.broadband.choices import to_filter
from app.broadband.models import Community, Document, DocumentKind, Payment
from app.broadband.reports.subscribers import begins, of_customers
from app.broadband.words import in_capitals
from app.core.permissions import Action, Grant
from app.customers.models import Customer
from app.customers.queries import ids_of_phone
from app.shop.models import Method
from app.tables import Amounts, Asked, Choice, Column, Group, Kind, Measure, Order, Period, Phone, Report, Text

DOCUMENTS = Grant(Action.VIEW, "broadband-documents")
EXPORT = Grant(Action.EXPORT, "broadband-documents")


def reach(asked: Asked) -> str | None:
    """A clerk is told why he sees no more."""
    if asked.actor.may(Action.VIEW, "old-postings"):
        return None
    return gettext("You see the documents of today in your stores.")


def standing(amount: Any, name: str) -> Any:
    """The amount as long as the document stands, for sums."""
    return case((Document.reversed_at.is_(None), amount), else_=0).label(name)


SHOWN: tuple[Any, ...] = (
    Document.id,
    Document.document_no,
    Document.service_id,
    Document.customer_id,
    Customer.customer_no,
    Customer.name.label("customer_name"),
    Customer.phone.label("phone"),
    Customer.landline,
    Customer.id_number_sealed.label("id_card_no"),
    Community.community,
    Document.address,
    Document.fee,
    Document.method,
    Document.operator_name.label("operator"),
    Document.remark,
    Document.dated_on,
    Document.reversed_on,
)


def of_documents() -> Select[Any]:
    """Documents with their customers and communities of that time.

    Every one has both: joined so, they are left out where only documents are counted.
    """
    return (
        select(*SHOWN)
        .outerjoin(Customer, Customer.id == Document.customer_id)
        .outerjoin(Community, Community.id == Document.community_id)
    )


def payments(asked: Asked) -> Select[Any]:
    """The payments that the actor may see."""
    row = Payment
    columns = (row.package_type, row.package_fee, row.package_months, row.maintenance_fee, row.months_paid)
    charges = (row.maintenance_total, row.other_charge_item, row.other_charge_amount, row.discount_amount, row.late_fee)
    return (
        of_documents()
        .outerjoin(Payment, Payment.document_id == Document.id)
        .add_columns(*columns, *charges, row.package_start, row.package_end, Document.fee.label("total"))
        .add_columns(Document.fee.label("total_in_words"))
        .add_columns(*(standing(getattr(row, name), f"sum_{name}") for name in SUMMED))
        .where(Document.kind == DocumentKind.PAYMENT, queries.seen_by(asked.actor))
    )


def to_document(row: Any) -> str:
    return url_for("DocumentView.show", document_id=row.id)


def to_service(row: Any) -> str:
    return url_for("ServiceView.show", service_id=row.service_id)


# The filters that every list of documents has.
FILTERS = (
    Phone("phone", _("Phone"), lambda text: Document.customer_id.in_(ids_of_phone(text)), is_narrow=True),
    Text("number", _("Document no."), Document.document_no, is_narrow=True, longest=32),
    Text("name", _("Name begins with"), of_customers(Document.customer_id, begins(Customer.name)), is_personal=True),
    Choice(
        "community",
        _("Community"),
        lambda number: Document.community_id == int(number),
        choices=to_filter(choices.communities),
    ),
    Text("operator", _("Operator"), Document.operator_name),
)
SUMMED = ("package_fee", "maintenance_total", "other_charge_amount", "discount_amount", "late_fee", "total")
_SUM_LABELS = {
    "package_fee": _("Package fees that stand"),
    "maintenance_total": _("Maintenance that stands"),
    "other_charge_amount": _("Other charges that stand"),
    "discount_amount": _("Discounts that stand"),
    "late_fee": _("Late fees that stand"),
    "total": _("Payments that stand"),
}

payments_report = Report(
    name="broadband-payments",
    title=_("Broadband payments"),
    route="/broadband/payments",
    grant=DOCUMENTS,
    export=EXPORT,
    source=payments,
    notice=reach,
    orders=(Order("newest", _("Newest first"), (Document.dated_on, Document.id)),),
    filters=(
        Period("period", _("Paid on"), Document.dated_on, months=6),
        *FILTERS,
        Choice(
            "package",
            _("Package type"),
            lambda number: Payment.package_id == int(number),
            choices=to_filter(choices.packages),
        ),
        Choice("method", _("Paid with"), Document.method, choices=Method),
        Amounts("total", _("Total"), Document.fee),
    ),
    columns=(
        Column("document_no", _("Payment no."), link=to_document),
        Column("customer_no", _("Customer no.")),
        Column("customer_name", _("Customer name"), link=to_service),
        Column("phone", _("Phone"), Kind.PHONE),
        Column("community", _("Community")),
        Column("package_type", _("Package type")),
        Column("package_fee", _("Package fee"), Kind.MONEY),
        Column("maintenance_fee", _("Maintenance fee"), Kind.MONEY),
        Column("months_paid", _("Months paid"), Kind.NUMBER),
        Column("maintenance_total", _("Maintenance fee total"), Kind.MONEY),
        Column("other_charge_item", _("Other charge")),
        Column("other_charge_amount", _("Other charge amount"), Kind.MONEY),
        Column("discount_amount", _("Discount amount"), Kind.MONEY),
        Column("late_fee", _("Late-payment fee"), Kind.MONEY),
        Column("total", _("Total"), Kind.MONEY),
        Column("total_in_words", _("Total in capitals"), show=in_capitals),
        Column("method", _("Paid with"), Kind.CHOICE),
        Column("operator", _("Operator")),
        Column("dated_on", _("Paid on"), Kind.DAY),
        Column("package_start", _("Package period from"), Kind.DAY),
        Column("package_end", _("Package period to"), Kind.DAY),
        Column("reversed_on", _("Reversed on"), Kind.DAY),
        Column("remark", _("Remark")),
    ),
    measures=tuple(
        Measure(f"sum_{name}", label, under=name, row=_("What stands")) for name, label in _SUM_LABELS.items()
    ),
    groups=(
        Group("day", _("Day"), "dated_on", Kind.DAY),
        Group("package", _("Package type"), "package_type"),
        Group("operator", _("Operator"), "operator"),
        Group("community", _("Community"), "community"),
    ),
)
