"""Suspending a service, switching it on again, and closing it."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select

from app.broadband.models import Document, DocumentKind, Payment, Service, ServiceStatus
from app.broadband.operations.filing import FREE, Draft, Fee, file, locked, require
from app.broadband.periods import frozen_days
from app.core import days
from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.extensions import db

ZERO = Decimal(0)
CENT = Decimal("0.01")
MANY = 1_000_000  # more days than anybody pays for
OPEN = (ServiceStatus.PENDING, ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED, ServiceStatus.FORCED)


def suspend(
    service_id: int,
    *,
    store_id: int,
    actor: Actor,
    fee: Fee = FREE,
    remark: str | None = None,
    version: int | None = None,
) -> Document:
    """Suspend a service because its customer wants that: from today on its paid days wait for him.

    Raises NotFound, Stale, ServiceClosed, WrongState, and what the ledger raises for the fee.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, ServiceStatus.ACTIVE)
    changes = {"status": ServiceStatus.SUSPENDED, "suspended_on": days.today()}
    draft = Draft(DocumentKind.SUSPENSION, changes, fee, remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)


def suspend_by_force(
    service_id: int, *, reason: str, store_id: int, actor: Actor, version: int | None = None
) -> Document:
    """Suspend a service against its customer's will. Its paid days run on; it costs nothing.

    reason: needed. Raises NotFound, Stale, ServiceClosed, WrongState, Invalid.
    """
    if not reason.strip():
        raise Invalid(remark=N_("A reason is needed."))
    service = locked(service_id, actor=actor, version=version)
    require(service, ServiceStatus.ACTIVE)
    changes = {"status": ServiceStatus.FORCED, "suspended_on": days.today()}
    draft = Draft(DocumentKind.FORCED_SUSPENSION, changes, remark=reason.strip())
    return file(draft, service, store_id=store_id, actor=actor)


def reactivate(
    service_id: int,
    *,
    store_id: int,
    actor: Actor,
    fee: Fee = FREE,
    remark: str | None = None,
    version: int | None = None,
) -> Document:
    """Switch a suspended service on again. What waited for its customer is added to the stop date.

    Raises NotFound, Stale, ServiceClosed, WrongState, and what the ledger raises for the fee.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, ServiceStatus.SUSPENDED, ServiceStatus.FORCED)
    changes = {"status": ServiceStatus.ACTIVE, "suspended_on": None, "stop_date": _stop_date_today(service)}
    draft = Draft(DocumentKind.REACTIVATION, changes, fee, remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)


def close(
    service_id: int, *, store_id: int, actor: Actor, remark: str | None = None, version: int | None = None
) -> Document:
    """End a service for ever. What was paid for days that do not come goes back into the customer's balance.

    Raises NotFound, Stale, ServiceClosed, and what the ledger raises for money that goes back.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    changes = {"status": ServiceStatus.CLOSED, "suspended_on": None, "closed_on": days.today()}
    draft = Draft(DocumentKind.CLOSING, changes, credit=unused(service), remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)


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


def _stop_date_today(service: Service) -> date | None:
    """The stop date if the service were switched on today."""
    if service.status is not ServiceStatus.SUSPENDED or service.suspended_on is None or service.stop_date is None:
        return service.stop_date
    waited = frozen_days(service.suspended_on, days.today(), service.stop_date)
    return service.stop_date + timedelta(days=waited)
