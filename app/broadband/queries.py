"""Named reads of broadband: one service with its documents, and a customer's services."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import joinedload

from app.broadband.bills import stop_date_on, waiting_now
from app.broadband.models import Document, DocumentKind, Installer, Payment, Service, ServiceStatus
from app.broadband.refusals import ServicesOpen
from app.broadband.settings import COOLDOWN
from app.core import days
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.customers.models import Customer
from app.customers.queries import within
from app.extensions import db
from app.shop.queries import setting

SHOWN_WITH = ("community", "business_type", "package", "salesperson", "store")
MOST_DOCUMENTS = 200  # of one service on its page
MOST_NAMED = 5  # services in a sentence
ZERO = Decimal(0)
CENT = Decimal("0.01")
MANY = 1_000_000  # more days than anybody pays for


def service(service_id: int, *, actor: Actor) -> Service:
    """One service with all that its page names, if its customer is within reach. Raises NotFound."""
    ask = select(Service).join(Customer, Customer.id == Service.customer_id).where(Service.id == service_id)
    ask = ask.where(within(actor)).options(*(joinedload(getattr(Service, name)) for name in SHOWN_WITH))
    found = db.session.scalar(ask.options(joinedload(Service.customer)).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def services_of(customer_id: int) -> Sequence[Service]:
    """A customer's services, open ones first, the newest first."""
    ask = select(Service).where(Service.customer_id == customer_id).options(joinedload(Service.community))
    return db.session.scalars(ask.order_by(Service.closed_on.is_not(None), Service.id.desc())).all()


def require_none_open(customer_id: int) -> None:
    """Raises ServicesOpen as long as a customer has a service that is not closed."""
    ask = select(Service.service_no).where(Service.customer_id == customer_id, Service.closed_on.is_(None))
    if found := db.session.scalars(ask.order_by(Service.id).limit(MOST_NAMED)).all():
        raise ServicesOpen(services=", ".join(found))


def documents_of(service_id: int) -> Sequence[Document]:
    """What happened to a service, the latest first."""
    ask = select(Document).where(Document.service_id == service_id).order_by(Document.id.desc())
    return db.session.scalars(ask.limit(MOST_DOCUMENTS)).all()


def document(document_id: int, *, actor: Actor) -> Document:
    """One document with its service and the customer it was made for. Raises NotFound for one out of reach."""
    ask = select(Document).where(Document.id == document_id, seen_by(actor))
    whole = (joinedload(Document.service).joinedload(Service.community), joinedload(Document.customer))
    found = db.session.scalar(ask.options(*whole).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def payment(document_id: int) -> Payment | None:
    """What a payment consists of; None for a document of another kind."""
    return db.session.get(Payment, document_id)


def installer_of(document: Document) -> Installer | None:
    """Who had installed a service that was taken over, if the list said so."""
    number = document.after.get("installer_id")
    return None if number is None else db.session.get(Installer, number)


def first_paid_day(service_id: int) -> date | None:
    """The first day that was ever paid of a service, by payments that stand; None when nothing was."""
    paid = select(func.min(Payment.package_start)).join(Document, Document.id == Payment.document_id)
    return db.session.scalar(paid.where(Document.service_id == service_id, Document.reversed_at.is_(None)))


def switched_on(service: Service, day: date) -> dict[str, Any]:
    """What becomes of a service that is switched on that day: what was paid for days before it is not lost."""
    changes: dict[str, Any] = {"status": ServiceStatus.ACTIVE, "activation_date": day}
    first = first_paid_day(service.id)
    if service.stop_date is not None and first is not None:
        changes["stop_date"] = service.stop_date + timedelta(days=max(0, (day - first).days))
    return changes


def is_last(document: Document) -> bool:
    """Whether nothing that stands was done with the service after that."""
    later = select(Document.id).where(Document.service_id == document.service_id, Document.id > document.id)
    return db.session.scalar(later.where(Document.reversed_at.is_(None)).limit(1)) is None


def sees(actor: Actor, document: Document) -> bool:
    """Whether a document is within reach, of one that is read already."""
    if actor.may(Action.VIEW, "old-postings"):
        return True
    return document.dated_on == days.today() and actor.reaches(document.store_id)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that a document is within reach: who sees the postings of today only, sees these of today."""
    if actor.may(Action.VIEW, "old-postings"):
        return true()
    own = true() if actor.stores is None else Document.store_id.in_(actor.stores)
    return and_(Document.dated_on == days.today(), own)


def unused(service: Service) -> Decimal:
    """What was paid for the package on days that were not served, day by day, to the cent. Other charges stay.

    The last payments are for the last days; a discount lowers what a day is worth.
    """
    worth, left = ZERO, _not_served(service)
    paid = select(Payment).join(Document, Document.id == Payment.document_id)
    standing = paid.where(Document.service_id == service.id, Document.reversed_at.is_(None))
    for payment in db.session.scalars(standing.order_by(Payment.package_end.desc())):
        whole = (payment.package_end - payment.package_start).days + 1
        taken = min(left, whole)
        worth += max(ZERO, payment.package_fee - payment.discount_amount) * taken / whole
        left -= taken
    return worth.quantize(CENT, ROUND_HALF_UP)


def _not_served(service: Service) -> int:
    """How many paid days the customer has not had: today is served as long as the service runs."""
    if service.stop_date is None:
        return 0
    if service.status is ServiceStatus.PENDING:
        return MANY
    today, stop = days.today(), stop_date_of(service)
    waits = service.status is ServiceStatus.SUSPENDED and service.stop_date >= (service.suspended_on or today)
    return max(0, (stop - today).days + waits) if stop else 0


def stop_date_of(service: Service) -> date | None:
    """The stop date if the service were switched on today, with the days that wait for its customer."""
    return stop_date_on(service, days.today(), waiting_now())


def free_to_suspend_from(service_id: int) -> date | None:
    """The day from which its customer may have it suspended again; None when he never had it.

    Counted from the last time that he had it switched on again.
    """
    ended = select(Document.before, Document.dated_on).where(
        Document.service_id == service_id,
        Document.kind == DocumentKind.REACTIVATION,
        Document.reversed_at.is_(None),
    )
    for before, day in db.session.execute(ended.order_by(Document.id.desc())):
        if before["status"] == ServiceStatus.SUSPENDED.value:
            return day + timedelta(days=setting(COOLDOWN))
    return None
