"""The other documents of a period, a report for each kind: suspensions (S2.18), closings (S2.19), and the rest."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from sqlalchemy import Select

from app.broadband import queries
from app.broadband.models import Document, DocumentKind, Service
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
from app.core.sealed import shown
from app.tables import Asked, Column, Group, Kind, Measure, Order, Period, Report


class Told(NamedTuple):
    """What differs between the kinds. has_fee: whether one may cost something; more: columns that it alone has."""

    kind: DocumentKind
    route: str
    title: Any
    dated_on: Any
    fee: Any = None
    more: tuple[Column, ...] = ()


STATUS = Column("user_status", _("User status"), Kind.CHOICE)
NEW_ADDRESS = Column("new_address", _("New address"))
TOLD = (
    Told(
        DocumentKind.RELOCATION, "relocations", _("Relocations"), _("Relocated on"), _("Relocation fee"), (NEW_ADDRESS,)
    ),
    Told(
        DocumentKind.TRANSFER,
        "transfers",
        _("Transfers of ownership"),
        _("Transferred on"),
        _("Transfer fee"),
        (NEW_ADDRESS,),
    ),
    Told(DocumentKind.SUSPENSION, "suspensions", _("Suspensions"), _("Suspended on"), _("Suspension fee")),
    Told(
        DocumentKind.FORCED_SUSPENSION,
        "forced-suspensions",
        _("Forced suspensions"),
        _("Suspended on"),
        None,
        (STATUS,),
    ),
    Told(DocumentKind.REACTIVATION, "reactivations", _("Reactivations"), _("Reactivated on"), _("Reactivation fee")),
    Told(
        DocumentKind.CLOSING,
        "closings",
        _("Closings"),
        _("Closed on"),
        None,
        (STATUS, Column("credit", _("Given back"), Kind.MONEY)),
    ),
)


def _source(kind: DocumentKind) -> Callable[[Asked], Select[Any]]:
    def documents(asked: Asked) -> Select[Any]:
        return (
            of_documents()
            .join(Service, Service.id == Document.service_id)
            .add_columns(Document.new_address, Document.credit, Service.status.label("user_status"))
            .add_columns(standing(Document.fee, "sum_fee"))
            .where(Document.kind == kind, queries.seen_by(asked.actor))
        )

    return documents


def _columns(told: Told) -> tuple[Column, ...]:
    fee = (Column("fee", told.fee, Kind.MONEY), Column("method", _("Paid with"), Kind.CHOICE)) if told.fee else ()
    return (
        Column("document_no", _("Document no."), link=to_document),
        Column("customer_no", _("Customer no.")),
        Column("customer_name", _("Customer name"), link=to_service),
        Column("community", _("Community")),
        Column("address", _("Address")),
        *(column for column in told.more if column is NEW_ADDRESS),
        Column("landline", _("Landline")),
        Column("phone", _("Phone"), Kind.PHONE),
        Column("id_card_no", _("ID card no."), show=shown),
        *fee,
        *(column for column in told.more if column is not NEW_ADDRESS),
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
        source=_source(told.kind),
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
