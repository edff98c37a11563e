"""Named reads of work orders. Who sees them all has the right to; an installer sees those that are his."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.broadband import queries as documents
from app.broadband.models import (
    Document,
    DocumentKind,
    Employee,
    Installer,
    OrderStatus,
    Service,
    WorkOrder,
    WorkOrderLine,
)
from app.broadband.orders.plug import SEE_ALL
from app.broadband.orders.states import OPEN
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.customers.models import Customer
from app.customers.queries import within
from app.extensions import db

MOST_FOUND = 50
SHOWN_WITH = (WorkOrder.service, WorkOrder.customer, WorkOrder.business_type)
IF_ANY = (
    WorkOrder.document,
    WorkOrder.installer,
    WorkOrder.new_customer,
    WorkOrder.new_package,
    WorkOrder.new_community,
)


def sees_all(actor: Actor) -> bool:
    """Whether he sees what others do, and what it costs."""
    return actor.may(*SEE_ALL)


def shows_money(order: WorkOrder, *, actor: Actor) -> bool:
    """Whether the actor is told what an order costs: of one that is billed, only if he may see its document."""
    return sees_all(actor) and (order.document is None or documents.sees(actor, order.document))


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that an order, joined with its customer, may be seen by the actor."""
    if sees_all(actor):
        return within(actor)
    return WorkOrder.installer_id.in_(_installers_of(actor))


def listed_for(actor: Actor) -> ColumnElement[bool]:
    """The same for lists: who may not see old postings finds what was billed today in his stores, and what is not."""
    if not sees_all(actor) or actor.may(Action.VIEW, "old-postings"):
        return seen_by(actor)
    today = select(Document.id).where(Document.kind == DocumentKind.WORK_ORDER, documents.seen_by(actor))
    is_not_billed = WorkOrder.document_status.in_((*OPEN, OrderStatus.CANCELLED))
    return and_(seen_by(actor), or_(is_not_billed, WorkOrder.document_id.in_(today)))


def _installers_of(actor: Actor) -> Any:
    """Who the actor is among the installers."""
    ask = select(Installer.id).join(Employee, Employee.id == Installer.employee_id)
    return ask.where(and_(Employee.staff_id == actor.staff_id, Employee.staff_id.is_not(None)))


def order(order_id: int, *, actor: Actor) -> WorkOrder:
    """One order with all that its page names. Raises NotFound, also when it is not within the actor's reach."""
    ask = select(WorkOrder).join(Customer, Customer.id == WorkOrder.customer_id)
    ask = ask.where(WorkOrder.id == order_id, seen_by(actor))
    loaded = [*(joinedload(each) for each in (*SHOWN_WITH, *IF_ANY)), selectinload(WorkOrder.lines)]
    found = db.session.scalar(ask.options(*loaded).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def service_of(order_id: int, *, actor: Actor) -> int:
    """The service that an order within the actor's reach is for. Raises NotFound."""
    ask = select(WorkOrder.service_id).join(Customer, Customer.id == WorkOrder.customer_id)
    found = db.session.scalar(ask.where(WorkOrder.id == order_id, seen_by(actor)))
    if found is None:
        raise NotFound
    return found


def order_of_line(line_id: int) -> int:
    """The order that a line belongs to. Raises NotFound."""
    found = db.session.scalar(select(WorkOrderLine.order_id).where(WorkOrderLine.id == line_id))
    if found is None:
        raise NotFound
    return found


def open_orders(service_id: int) -> Sequence[str]:
    """The numbers of the orders of a service that are not ended."""
    ask = select(WorkOrder.work_order_no).where(WorkOrder.service_id == service_id)
    return db.session.scalars(ask.where(WorkOrder.document_status.in_(OPEN)).order_by(WorkOrder.id)).all()


def orders_under_way(service_id: int, *, actor: Actor) -> Sequence[WorkOrder]:
    """The orders of a service that are not ended, the oldest first; none for who does not see what others do."""
    if not sees_all(actor):
        return ()
    ask = select(WorkOrder).where(WorkOrder.service_id == service_id, WorkOrder.document_status.in_(OPEN))
    return db.session.scalars(ask.options(joinedload(WorkOrder.business_type)).order_by(WorkOrder.id)).all()


def services_for(customer_ids: Sequence[int]) -> Sequence[Service]:
    """The services of some customers that are not closed."""
    ask = select(Service).where(Service.customer_id.in_(customer_ids), Service.closed_on.is_(None))
    loaded = (joinedload(Service.customer), joinedload(Service.community))
    return db.session.scalars(ask.options(*loaded).order_by(Service.id.desc()).limit(MOST_FOUND)).all()
