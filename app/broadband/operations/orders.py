"""What becomes of a work order: accepted, scheduled, started, finished, cancelled. Each once, under its locks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.audit.operations import record
from app.broadband.choosing import found_of, require_there
from app.broadband.kept import plain
from app.broadband.models import Document, Installer, OrderStatus, WorkOrder
from app.broadband.operations.filing import locked
from app.broadband.orders.queries import service_of
from app.broadband.orders.states import FROM, require_status
from app.broadband.subjects import ORDER
from app.core import clock, days
from app.core.actor import Actor
from app.core.errors import N_, Invalid, Stale
from app.extensions import db

LONGEST_REASON = 500


def order_locked(order_id: int, *, actor: Actor, version: int | None = None) -> WorkOrder:
    """The order, locked after its service until the transaction ends. version: the one that the caller saw.

    Raises NotFound, CustomerDeleted, Stale.
    """
    locked(service_of(order_id, actor=actor), actor=actor)
    ask = select(WorkOrder).where(WorkOrder.id == order_id).with_for_update(of=WorkOrder)
    order = db.session.scalars(ask.execution_options(populate_existing=True)).one()
    if version is not None and version != order.version:
        raise Stale
    return order


def accept(order_id: int, *, actor: Actor, version: int | None = None) -> WorkOrder:
    """Take the order on. Raises NotFound, Stale, WrongOrderState."""
    order = order_locked(order_id, actor=actor, version=version)
    return _become(order, OrderStatus.ACCEPTED, "accept", actor, accepted_at=clock.now())


def schedule(
    order_id: int,
    appointment_at: datetime,
    *,
    actor: Actor,
    installer_id: int | None = None,
    work_date: date | None = None,
    version: int | None = None,
) -> WorkOrder:
    """Agree on a time with the customer. installer_id, work_date: who goes there and when, if that is new.

    Raises NotFound, Stale, WrongOrderState, Invalid.
    """
    order = order_locked(order_id, actor=actor, version=version)
    said: dict[str, Any] = {"appointment_at": appointment_at}
    if installer_id is not None:
        require_there(installer=found_of(Installer, installer_id))
        said["installer_id"] = installer_id
    if work_date is not None:
        said["work_date"] = work_date
    return _become(order, OrderStatus.SCHEDULED, "appoint", actor, **said)


def start(order_id: int, *, actor: Actor, version: int | None = None) -> WorkOrder:
    """Begin the work: its day is today. Raises NotFound, Stale, WrongOrderState."""
    order = order_locked(order_id, actor=actor, version=version)
    return _become(order, OrderStatus.IN_PROGRESS, "start", actor, work_date=days.today())


def finish(order_id: int, *, actor: Actor, version: int | None = None) -> WorkOrder:
    """Say that the work is done. Raises NotFound, Stale, WrongOrderState."""
    order = order_locked(order_id, actor=actor, version=version)
    return _become(order, OrderStatus.DONE, "finish", actor)


def cancel(order_id: int, *, reason: str, actor: Actor, version: int | None = None) -> WorkOrder:
    """End an order that is not billed, for nothing. Raises NotFound, Stale, WrongOrderState, Invalid."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid(reason=N_("A reason is needed."))
    order = order_locked(order_id, actor=actor, version=version)
    return _become(order, OrderStatus.CANCELLED, "cancel", actor, reason=reason.strip())


def reopen(document: Document, *, actor: Actor) -> WorkOrder:
    """What was billed by a document that is taken back is to be billed again. The service is locked."""
    ask = select(WorkOrder).where(WorkOrder.document_id == document.id).with_for_update(of=WorkOrder)
    order = db.session.scalars(ask.execution_options(populate_existing=True)).one()
    order.document_id = order.billing_start_at = order.payee = None
    before, order.document_status = order.document_status, OrderStatus.DONE
    order.version += 1
    db.session.flush()
    changes = {"document_status": (before, OrderStatus.DONE), "document": (document.document_no, None)}
    record("work-orders.reopen", ORDER, order.id, actor=actor, changes=changes, store_id=order.store_id)
    return order


def _become(
    order: WorkOrder, status: OrderStatus, verb: str, actor: Actor, *, reason: str | None = None, **said: Any
) -> WorkOrder:
    """The one way from state to state."""
    require_status(order, *FROM[status])
    changes: dict[str, Any] = {}
    for name, value in {"document_status": status, **said}.items():
        changes[name] = (plain(getattr(order, name)), plain(value))
        setattr(order, name, value)
    order.version += 1
    db.session.flush()
    changes |= {"reason": (None, reason)} if reason else {}
    record(f"work-orders.{verb}", ORDER, order.id, actor=actor, changes=changes, store_id=order.store_id)
    return order
