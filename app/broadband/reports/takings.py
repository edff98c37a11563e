"""What each user paid today, by what for (S2.23): the broadband takings of a day, as the ledger has them."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, case, func, or_, select, true, type_coerce

from app.broadband.models import Document, DocumentKind
from app.broadband.reports.payments import DOCUMENTS, EXPORT, reach
from app.broadband.reports.subscribers import begins, to_customer
from app.core import days
from app.core.db import Money
from app.core.permissions import Action
from app.customers.models import Customer
from app.customers.queries import is_phone
from app.tables import Asked, Column, Kind, Measure, Order, Period, Phone, Report, Text

FEES = {
    "works_fee": DocumentKind.WORK_ORDER,
    "usage_fee": DocumentKind.PAYMENT,
    "reactivation_fee": DocumentKind.REACTIVATION,
    "relocation_fee": DocumentKind.RELOCATION,
    "transfer_fee": DocumentKind.TRANSFER,
    "suspension_fee": DocumentKind.SUSPENSION,
}


def takings(asked: Asked) -> Select[Any]:
    """Each customer whose documents moved money in these days, with what he paid for what.

    A document counts on its day, and is taken off on the day on which it is taken back, whenever it was made: so the
    total is what the ledger posted for documents of broadband. What a closing gave back stands beside it. Who may
    not see old postings gets today, in his stores.
    """
    span = _days(asked)
    total, credit = _within(span, Document.fee), _within(span, Document.credit)
    paid = (
        select(
            Document.customer_id,
            *(_sum(case((Document.kind == kind, total), else_=0), name) for name, kind in FEES.items()),
            _sum(total, "total_amount"),
            _sum(credit, "given_back"),
        )
        .where(Document.posting_id.is_not(None), _reached(asked))
        .where(or_(Document.dated_on.between(*span), Document.reversed_on.between(*span)))
        .group_by(Document.customer_id)
        .subquery()
    )
    amounts = [paid.c[name] for name in (*FEES, "total_amount", "given_back")]
    who = (Customer.id, Customer.id.label("customer_id"), Customer.customer_no, Customer.name.label("customer_name"))
    return select(*who, *amounts, paid.c.total_amount.label("taken")).join(paid, paid.c.customer_id == Customer.id)


def _days(asked: Asked) -> tuple[date, date]:
    """The days that are asked for; of them today alone, for who sees no more."""
    first, last = asked["period"]
    if asked.actor.may(Action.VIEW, "old-postings"):
        return first, last
    today = days.today()
    return max(first, today), min(last, today)


def _reached(asked: Asked) -> ColumnElement[bool]:
    is_everywhere = asked.actor.stores is None or asked.actor.may(Action.VIEW, "old-postings")
    return true() if is_everywhere else Document.store_id.in_(asked.actor.stores or ())


def _within(span: tuple[date, date], amount: Any) -> Any:
    """The amount if the document is of these days, less the amount if it was taken back in them."""
    made = case((Document.dated_on.between(*span), amount), else_=0)
    return made - case((Document.reversed_on.between(*span), amount), else_=0)


def _sum(amount: Any, name: str) -> Any:
    return type_coerce(func.sum(amount), Money).label(name)


takings_report = Report(
    name="broadband-takings",
    title=_("Broadband takings of the day"),
    route="/broadband/takings",
    grant=DOCUMENTS,
    export=EXPORT,
    source=takings,
    notice=reach,
    orders=(Order("newest", _("Newest first"), (Customer.id,)),),
    filters=(
        Period("period", _("Day"), months=0),
        Phone("phone", _("Phone"), is_phone, is_narrow=True),
        Text("name", _("Name begins with"), begins(Customer.name), is_personal=True),
    ),
    columns=(
        Column("customer_no", _("Customer no."), link=to_customer),
        Column("customer_name", _("Customer name"), link=to_customer),
        Column("works_fee", _("Works fee"), Kind.MONEY, total=True),
        Column("usage_fee", _("Normal usage fee"), Kind.MONEY, total=True),
        Column("reactivation_fee", _("Reactivation fee"), Kind.MONEY, total=True),
        Column("relocation_fee", _("Relocation fee"), Kind.MONEY, total=True),
        Column("transfer_fee", _("Transfer fee"), Kind.MONEY, total=True),
        Column("suspension_fee", _("Suspension fee"), Kind.MONEY, total=True),
        Column("total_amount", _("Total amount"), Kind.MONEY, total=True),
        Column("given_back", _("Given back"), Kind.MONEY, total=True),
    ),
    measures=(Measure("taken", _("Broadband takings")),),
)
