"""The other documents of a period, a report for each kind: suspensions (S2.18), closings (S2.19), and the rest."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import aliased

from app.broadband import queries
from app.broadband.models import Community, Document, DocumentKind, Service
from app.broadband.reminders.words import remark_in_words
from app.broadband.reports.payments import (
    DOCUMENTS,
    EXPORT,
    FILTERS,
    of_documents,
    reach,
    standing,
    to_document,
    to_service,
)
from app.broadband.reports.user_status import user_status
from app.core.sealed import shown
from app.customers.models import Customer
from app.tables import Asked, Column, Group, Kind, Measure, Order, Period, Report

NewCustomer, NewCommunity = aliased(Customer), aliased(Community)


class Told(NamedTuple):
    """What differs between the kinds. fee: what it is called, if one may cost something.

    new: what tells where and to whom it went; more: other columns that it alone has.
    """

    kind: DocumentKind
    route: str
    title: Any
    dated_on: Any
    fee: Any = None
    new: tuple[Column, ...] = ()
    more: tuple[Column, ...] = ()


STATUS = Column("user_status", _("User status"), Kind.CHOICE)
NEW_PLACE = (Column("new_community", _("New community")), Column("new_address", _("New address")))
NEW_OWNER = (
    Column("new_customer_name", _("Name of the new customer")),
    *NEW_PLACE,
    Column("new_phone", _("New phone"), Kind.PHONE),
    Column("new_landline", _("New landline")),
    Column("new_contact_phone", _("New contact phone")),
    Column("new_id_card_no", _("New ID card no."), show=shown),
)
TOLD = (
    Told(DocumentKind.RELOCATION, "relocations", _("Relocations"), _("Relocated on"), _("Relocation fee"), NEW_PLACE),
    Told(
        DocumentKind.TRANSFER,
        "transfers",
        _("Transfers of ownership"),
        _("Transferred on"),
        _("Transfer fee"),
        NEW_OWNER,
    ),
    Told(DocumentKind.SUSPENSION, "suspensions", _("Suspensions"), _("Suspended on"), _("Suspension fee")),
    Told(
        DocumentKind.FORCED_SUSPENSION,
        "forced-suspensions",
        _("Forced suspensions"),
        _("Suspended by force on"),
        more=(STATUS,),
    ),
    Told(DocumentKind.REACTIVATION, "reactivations", _("Reactivations"), _("Reactivated on"), _("Reactivation fee")),
    Told(
        DocumentKind.CLOSING,
        "closings",
        _("Closings"),
        _("Closed on"),
        more=(STATUS, Column("credit", _("Given back"), Kind.MONEY)),
    ),
)


def _source(told: Told) -> Callable[[Asked], Select[Any]]:
    def documents(asked: Asked) -> Select[Any]:
        found = (
            of_documents()
            .outerjoin(Service, Service.id == Document.service_id)
            .add_columns(Document.new_address, Document.credit, user_status())
            .add_columns(Customer.contact_phone, standing(Document.fee, "sum_fee"))
            .where(Document.kind == told.kind, queries.seen_by(asked.actor))
        )
        return _with_new(found) if told.new else found

    return documents


def _with_new(found: Select[Any]) -> Select[Any]:
    """The documents with the place and the customer that they went to."""
    return (
        found.outerjoin(NewCommunity, NewCommunity.id == Document.new_community_id)
        .outerjoin(NewCustomer, NewCustomer.id == Document.new_customer_id)
        .add_columns(NewCommunity.community.label("new_community"), NewCustomer.name.label("new_customer_name"))
        .add_columns(
            *(getattr(NewCustomer, name).label(f"new_{name}") for name in ("phone", "landline", "contact_phone"))
        )
        .add_columns(NewCustomer.id_number_sealed.label("new_id_card_no"))
    )


def _columns(told: Told) -> tuple[Column, ...]:
    fee = (Column("fee", told.fee, Kind.MONEY), Column("method", _("Paid with"), Kind.CHOICE)) if told.fee else ()
    return (
        Column("document_no", _("Document no."), link=to_document),
        Column("customer_no", _("Customer no.")),
        Column("customer_name", _("Customer name"), link=to_service),
        Column("community", _("Community")),
        Column("address", _("Address")),
        Column("landline", _("Landline")),
        Column("phone", _("Phone"), Kind.PHONE),
        Column("contact_phone", _("Contact phone")),
        Column("id_card_no", _("ID card no."), show=shown),
        *told.new,
        *fee,
        *told.more,
        Column("dated_on", told.dated_on, Kind.DAY),
        Column("operator", _("Operator")),
        Column("reversed_on", _("Reversed on"), Kind.DAY),
        Column("remark", _("Remark"), show=remark_in_words),
    )


def _report(told: Told) -> Report:
    return Report(
        name=f"broadband-{told.route}",
        title=told.title,
        route=f"/broadband/{told.route}",
        grant=DOCUMENTS,
        export=EXPORT,
        source=_source(told),
        notice=reach,
        orders=(Order("newest", _("Newest first"), (Document.dated_on, Document.id)),),
        filters=(Period("period", told.dated_on, Document.dated_on, months=6), *FILTERS),
        columns=_columns(told),
        measures=(Measure("sum_fee", _("Fees that stand"), under="fee"),) if told.fee else (),
        groups=(
            Group("day", _("Day"), "dated_on", Kind.DAY),
            Group("operator", _("Operator"), "operator"),
            Group("community", _("Community"), "community"),
        ),
    )


document_reports = tuple(_report(told) for told in TOLD)
