"""Writing a work order: what is to be done and what it costs; and its lines of material."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.audit.lines import differences
from app.audit.operations import record
from app.broadband.kept import plain
from app.broadband.models import Material, ServiceStatus, WorkOrder, WorkOrderLine
from app.broadband.operations.filing import locked
from app.broadband.operations.orders import order_locked
from app.broadband.operations.wishes import FEES, ZERO, Work, columns_of
from app.broadband.orders.lines import counted, line_columns
from app.broadband.orders.queries import order_of_line
from app.broadband.orders.states import CHANGEABLE, OPEN, require_status
from app.broadband.states import require
from app.broadband.subjects import ORDER
from app.core import clock, money
from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.core.numbering import take_ids
from app.core.sealed import mask
from app.extensions import db
from app.fields.operations import set_values

WORKABLE = tuple(status for status in ServiceStatus if status is not ServiceStatus.CLOSED)
PERSONAL = ("new_customer_name", "new_phone", "new_address", "customer_request", "remark")
PLAIN = (
    "work_kind",
    "business_type_id",
    "installer_id",
    *FEES,
    "labour_material_fee",
    "total",
    "new_customer_id",
    "new_package_id",
    "new_community_id",
    "work_date",
    "appointment_at",
    "document_status",
)


def create_order(service_id: int, work: Work, *, store_id: int, actor: Actor, version: int | None = None) -> WorkOrder:
    """Write a work order for a service, as a draft. version: of the service.

    Raises NotFound, Stale, CustomerDeleted, ServiceClosed, SameCustomer, Invalid.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *WORKABLE)
    said = columns_of(work, service, actor=actor)
    (number,) = take_ids(WorkOrder.__table__, 1)
    order = WorkOrder(
        id=number,
        work_order_no=f"W{number:08d}",
        service_id=service_id,
        customer_id=service.customer_id,
        store_id=store_id,
        created_at=clock.now(),
        total=sum((said[name] for name in (*FEES, "labour_material_fee")), ZERO),
        **said,
    )
    db.session.add(order)
    db.session.flush()
    _record("create", order, ({}, {}), actor)
    set_values(ORDER, number, work.own, actor=actor)
    return order


def change_order(order_id: int, work: Work, *, actor: Actor, version: int | None = None) -> WorkOrder:
    """Change what is to be done, as long as nobody has begun. What `work` leaves out becomes empty.

    Raises NotFound, Stale, WrongOrderState, SameCustomer, Invalid.
    """
    order = order_locked(order_id, actor=actor, version=version)
    require_status(order, *CHANGEABLE)
    before = _reading(order)
    said = columns_of(work, order.service, actor=actor)
    if said["new_phone"] != order.new_phone:
        order.new_id_card_no = None  # it was another person's
    with db.session.no_autoflush:  # between the fees and their sum
        for name, value in said.items():
            setattr(order, name, value)
        _add_up(order)
    _record("change", order, before, actor)
    set_values(ORDER, order_id, work.own, actor=actor)
    return order


def add_line(
    order_id: int,
    material_id: int,
    quantity: Decimal,
    *,
    actor: Actor,
    remark: str | None = None,
    version: int | None = None,
) -> WorkOrderLine:
    """Put a material on an order that is not ended, with what it is called and costs now.

    Raises NotFound, Stale, WrongOrderState, Invalid.
    """
    order = order_locked(order_id, actor=actor, version=version)
    require_status(order, *OPEN)
    material = db.session.get(Material, material_id)
    if material is None:
        raise Invalid(material=N_("Choose one of the list."))
    line = WorkOrderLine(order_id=order_id, **line_columns(material, quantity, remark))
    db.session.add(line)
    db.session.flush()
    _lines_changed("add-line", order, line, (None, line.quantity), actor)
    return line


def change_line(
    line_id: int, quantity: Decimal, *, actor: Actor, remark: str | None = None, version: int | None = None
) -> WorkOrderLine:
    """Correct how much of it there is; its price stays. version: of the order.

    Raises NotFound, Stale, WrongOrderState, Invalid.
    """
    order, line = _line(line_id, actor, version)
    before = line.quantity
    for name, value in counted(quantity, line.unit_price, remark).items():
        setattr(line, name, value)
    db.session.flush()
    _lines_changed("change-line", order, line, (before, line.quantity), actor)
    return line


def remove_line(line_id: int, *, actor: Actor, version: int | None = None) -> WorkOrder:
    """Take a material off an order that is not ended. Raises NotFound, Stale, WrongOrderState."""
    order, line = _line(line_id, actor, version)
    db.session.delete(line)
    db.session.flush()
    _lines_changed("remove-line", order, line, (line.quantity, None), actor)
    return order


def _line(line_id: int, actor: Actor, version: int | None) -> tuple[WorkOrder, WorkOrderLine]:
    """A line, under the lock of its order. A line that has gone meanwhile is not found."""
    order = order_locked(order_of_line(line_id), actor=actor, version=version)
    require_status(order, *OPEN)
    order_of_line(line_id)
    return order, db.session.get_one(WorkOrderLine, line_id, populate_existing=True)


def _add_up(order: WorkOrder) -> None:
    """The total anew; labour and material are what the lines come to, unless something else was agreed."""
    if not order.is_labour_agreed:
        lines = select(func.sum(WorkOrderLine.amount)).where(WorkOrderLine.order_id == order.id)
        order.labour_material_fee = db.session.scalar(lines) or ZERO
    total = sum((getattr(order, name) for name in (*FEES, "labour_material_fee")), ZERO)
    if total > money.LARGEST:
        raise Invalid(other_fee=N_("The amount is too large."))
    order.total = total
    order.version += 1
    db.session.flush()


def _lines_changed(verb: str, order: WorkOrder, line: WorkOrderLine, quantity: tuple[Any, Any], actor: Actor) -> None:
    before = order.total
    with db.session.no_autoflush:
        _add_up(order)
    changes: dict[str, Any] = {"material_no": (None, line.material_no), "quantity": quantity}
    changes |= {"total": (before, order.total)} if before != order.total else {}
    record(f"work-orders.{verb}", ORDER, order.id, actor=actor, changes=changes, store_id=order.store_id)


def _reading(order: WorkOrder) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an order says: plainly, and of persons."""
    personal = {name: getattr(order, name) for name in PERSONAL}
    personal["new_id_card_no"] = mask(order.new_id_card_no)
    return {name: plain(getattr(order, name)) for name in PLAIN}, personal


def _record(verb: str, order: WorkOrder, before: tuple[dict[str, Any], dict[str, Any]], actor: Actor) -> None:
    after = _reading(order)
    record(
        f"work-orders.{verb}",
        ORDER,
        order.id,
        actor=actor,
        changes=differences(before[0], after[0]),
        personal=differences(before[1], after[1]),
        store_id=order.store_id,
    )
