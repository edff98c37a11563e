"""Named reads of broadband: one service with its documents, a customer's services, what can be chosen."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import joinedload

from app.broadband.models import (
    BusinessType,
    Community,
    Document,
    Employee,
    Installer,
    Package,
    Payment,
    Service,
    ServiceStatus,
    Usage,
)
from app.broadband.refusals import ServicesOpen
from app.core import days
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.customers.models import Customer
from app.customers.queries import within
from app.extensions import db

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


def communities() -> list[tuple[int, str]]:
    return _pairs(select(Community.id, Community.community).order_by(Community.community))


def packages_offered() -> list[Package]:
    return list(db.session.scalars(select(Package).where(Package.is_offered.is_(True)).order_by(Package.package_type)))


def access_types() -> list[tuple[int, str]]:
    ask = select(BusinessType.id, BusinessType.business_type).where(BusinessType.usage == Usage.OPENING)
    return _pairs(ask.order_by(BusinessType.business_type))


def employees() -> list[tuple[int, str]]:
    return _pairs(select(Employee.id, Employee.name).order_by(Employee.name))


def package_names() -> list[tuple[str, str]]:
    """Every package, those that are not offered any more too, as choices of a filter."""
    return [(str(number), name) for number, name in _pairs(select(Package.id, Package.package_type))]


def _pairs(ask: Any) -> list[tuple[int, str]]:
    return [(number, name) for number, name in db.session.execute(ask)]


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
    if service.status is ServiceStatus.SUSPENDED and service.suspended_on is not None:
        return max(0, (service.stop_date - service.suspended_on).days + 1)
    return max(0, (service.stop_date - days.today()).days)
