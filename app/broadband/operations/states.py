"""Suspending a service, switching it on again, and closing it."""

from app.broadband import queries
from app.broadband.models import Document, DocumentKind, ServiceStatus
from app.broadband.operations.filing import FREE, Draft, Fee, file, locked
from app.broadband.orders.queries import open_orders
from app.broadband.refusals import OpenWorkOrders, SuspendedLately
from app.broadband.settings import AT_CLOSING, AtClosing
from app.broadband.states import OPEN, require
from app.core import days
from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.shop.models import Method
from app.shop.queries import setting


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

    Raises NotFound, Stale, ServiceClosed, WrongState, SuspendedLately, and what the ledger raises for the fee.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, ServiceStatus.ACTIVE)
    free_from = queries.free_to_suspend_from(service_id)
    if free_from is not None and days.today() < free_from:
        raise SuspendedLately(day=free_from)
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
    changes = {"status": ServiceStatus.ACTIVE, "suspended_on": None, "stop_date": queries.stop_date_of(service)}
    draft = Draft(DocumentKind.REACTIVATION, changes, fee, remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)


def close(
    service_id: int,
    *,
    store_id: int,
    actor: Actor,
    method: Method | None = None,
    remark: str | None = None,
    version: int | None = None,
) -> Document:
    """End a service for ever. What was paid for days that do not come goes where the owner has set.

    method: how it is paid out, if it is; without one it goes into the balance all the same. Raises NotFound, Stale,
    ServiceClosed, OpenWorkOrders, and what the ledger raises for money that goes back.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    if orders := open_orders(service_id):
        raise OpenWorkOrders(orders=", ".join(orders))
    changes = {"status": ServiceStatus.CLOSED, "suspended_on": None, "closed_on": days.today()}
    policy = setting(AT_CLOSING)
    unused = FREE.amount if policy == AtClosing.FORFEIT else queries.unused(service)
    credit = Fee(unused, method if policy == AtClosing.REFUND else None)
    draft = Draft(DocumentKind.CLOSING, changes, credit=credit, remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)
