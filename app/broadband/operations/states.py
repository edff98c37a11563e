"""Suspending a service, switching it on again, and closing it."""

from datetime import date, timedelta

from app.broadband import queries
from app.broadband.models import Document, DocumentKind, Service, ServiceStatus
from app.broadband.operations.filing import FREE, Draft, Fee, file, locked
from app.broadband.orders.queries import open_orders
from app.broadband.periods import frozen_days
from app.broadband.refusals import OpenWorkOrders
from app.broadband.states import OPEN, require
from app.core import days
from app.core.actor import Actor
from app.core.errors import N_, Invalid


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

    Raises NotFound, Stale, ServiceClosed, OpenWorkOrders, and what the ledger raises for money that goes back.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    if orders := open_orders(service_id):
        raise OpenWorkOrders(orders=", ".join(orders))
    changes = {"status": ServiceStatus.CLOSED, "suspended_on": None, "closed_on": days.today()}
    draft = Draft(DocumentKind.CLOSING, changes, credit=queries.unused(service), remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)


def _stop_date_today(service: Service) -> date | None:
    """The stop date if the service were switched on today."""
    if service.status is not ServiceStatus.SUSPENDED or service.suspended_on is None or service.stop_date is None:
        return service.stop_date
    waited = frozen_days(service.suspended_on, days.today(), service.stop_date)
    return service.stop_date + timedelta(days=waited)
