"""Billing a work order: its fee taken as a document, and the service changed as the order says."""

from datetime import date, datetime
from typing import Any

from app.audit.operations import record
from app.broadband.models import Document, DocumentKind, OrderStatus, Service, ServiceStatus, WorkKind, WorkOrder
from app.broadband.operations.filing import Draft, Fee, file
from app.broadband.operations.ordering import WORKABLE
from app.broadband.operations.orders import order_locked
from app.broadband.operations.recipients import recipient
from app.broadband.operations.states import close
from app.broadband.orders.states import FROM, require_status
from app.broadband.queries import switched_on
from app.broadband.refusals import SameCustomer
from app.broadband.states import require
from app.broadband.subjects import ORDER
from app.core import clock
from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db
from app.shop.models import Method

LONGEST_NAME = 64
OF_A_PACKAGE = ("package_type", "package_months", "maintenance_fee")


def bill(
    order_id: int,
    *,
    method: Method | None,
    store_id: int,
    actor: Actor,
    billing_start_at: datetime | None = None,
    version: int | None = None,
) -> Document:
    """Take what a finished order costs, and let its service be as the order says, in one document.

    An installation switches the service on; a removal closes it, which is a document of its own after this one.
    method: None takes the fee from the balance of whose service it was. billing_start_at: since when it counts, not
    after now. Taken back by `reverse`, but a customer who was made for a transfer stays. Raises NotFound, Stale,
    WrongOrderState, Invalid, SameCustomer, CustomerDeleted, PhoneTaken, OpenWorkOrders, and what the ledger raises.
    """
    order = order_locked(order_id, actor=actor, version=version)
    require_status(order, *FROM[OrderStatus.BILLED])
    require(order.service, *WORKABLE)
    starts = _since(billing_start_at, order.service)
    changes = _changes(order, order.service, clock.shop_clock().business_date(starts), actor)
    fee, new_address = Fee(order.total, method), order.new_address
    draft = Draft(DocumentKind.WORK_ORDER, changes, fee, new_address=new_address, remark=order.work_order_no)
    document = file(draft, order.service, store_id=store_id, actor=actor)
    _end(order, document, starts, actor)
    if order.work_kind is WorkKind.REMOVAL:
        close(order.service_id, store_id=store_id, actor=actor, remark=order.work_order_no)
    return document


def _since(asked: datetime | None, service: Service) -> datetime:
    now = clock.now()
    if asked is None:
        return now
    if asked > now or clock.shop_clock().business_date(asked) < service.apply_date:
        raise Invalid(billing_start_at=N_("Billing starts after the application and not after now."))
    return asked


def _changes(order: WorkOrder, service: Service, day: date, actor: Actor) -> dict[str, Any]:
    """What the order changes of its service, by column."""
    changes: dict[str, Any] = {}
    if order.work_kind is WorkKind.INSTALLATION and service.status is ServiceStatus.PENDING:
        changes |= switched_on(service, day)
    if order.work_kind is WorkKind.TRANSFER:
        changes["customer_id"] = _new_customer(order, service, actor)
    if order.new_community_id is not None:
        changes["community_id"] = order.new_community_id
    if (package := order.new_package) is not None:
        changes |= {"package_id": package.id, "fee": package.package_fee}
        changes |= {name: getattr(package, name) for name in OF_A_PACKAGE}
    return changes


def _new_customer(order: WorkOrder, service: Service, actor: Actor) -> int:
    """Who the service goes to; made a customer now, if nobody has his number by now."""
    said = {"name": order.new_customer_name, "id_number": order.new_id_card_no}
    number = order.new_customer_id or recipient(order.new_phone or "", said, store_id=order.store_id, actor=actor)
    if number == service.customer_id:
        raise SameCustomer
    if customers.standing(number, actor=actor).is_deleted:
        raise CustomerDeleted
    order.new_customer_id = number
    return number


def _end(order: WorkOrder, document: Document, starts: datetime, actor: Actor) -> None:
    before, order.document_status = order.document_status, OrderStatus.BILLED
    order.document_id, order.billing_start_at, order.payee = document.id, starts, actor.name[:LONGEST_NAME]
    order.version += 1
    db.session.flush()
    changes: dict[str, Any] = {
        "document_status": (before, order.document_status),
        "document": (None, document.document_no),
        "billing_start_at": (None, starts),
        "total": (None, order.total),
    }
    record("work-orders.bill", ORDER, order.id, actor=actor, changes=changes, store_id=order.store_id)
