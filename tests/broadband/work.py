"""Work orders to try things on: kinds of work, materials, installers, and orders in any state."""

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.broadband import operations
from app.broadband.models import BusinessType, Installer, Material, OrderStatus, Usage, WorkKind, WorkOrder
from app.broadband.operations import Work
from app.core import clock
from app.core.db import in_transaction
from app.extensions import db
from app.ledger.models import Account

_numbers = itertools.count(1)


def _made(thing: Any) -> int:
    def make() -> int:
        one = thing()
        db.session.add(one)
        db.session.flush()
        return one.id

    return in_transaction(make)


def work_type() -> int:
    number = next(_numbers)
    name = f"Work {number} {clock.real_now().timestamp()}"
    return _made(lambda: BusinessType(usage=Usage.WORK, business_type=name))


def material(price: str = "12.50", **said: Any) -> int:
    number = f"M{next(_numbers)}-{clock.real_now().timestamp()}"
    said = {"material_name": "Cable", "unit": "m", "spec": "Cat 6", **said}
    return _made(lambda: Material(material_no=number, unit_price=Decimal(price), **said))


def installer(employee_id: int | None = None) -> int:
    number = f"I{next(_numbers)}-{clock.real_now().timestamp()}"
    return _made(lambda: Installer(installer_no=number, installer_name="Old Wang", employee_id=employee_id))


def asked(kind: WorkKind = WorkKind.REPAIR, **said: Any) -> Work:
    return Work(kind, said.pop("business_type_id", None) or work_type(), **said)


def ordered(service_id: int, owner: Any, kind: WorkKind = WorkKind.REPAIR, **said: Any) -> int:
    """A new order for that service: its number."""
    work = asked(kind, **said)
    return in_transaction(lambda: operations.create_order(service_id, work, store_id=1, actor=owner).id)


def tomorrow() -> Any:
    return clock.now() + timedelta(days=1)


def do(verb: str, order_id: int, owner: Any, **said: Any) -> int:
    """One of the verbs of states, by its name: the number of what it answers with."""
    given: dict[str, Any] = {
        "schedule": {"appointment_at": tomorrow()},
        "cancel": {"reason": "mistake"},
        "bill": {"method": None, "store_id": 1},
    }.get(verb, {})
    return in_transaction(lambda: getattr(operations, verb)(order_id, **given, **said, actor=owner).id)


WAY = ("accept", "schedule", "start", "finish", "bill")
AFTER = {
    OrderStatus.DRAFT: (),
    OrderStatus.ACCEPTED: WAY[:1],
    OrderStatus.SCHEDULED: WAY[:2],
    OrderStatus.IN_PROGRESS: WAY[:3],
    OrderStatus.DONE: WAY[:4],
    OrderStatus.BILLED: WAY,
    OrderStatus.CANCELLED: ("cancel",),
}


def brought_to(status: OrderStatus, order_id: int, owner: Any) -> int:
    """Bring a draft to that state."""
    for verb in AFTER[status]:
        do(verb, order_id, owner)
    return order_id


def order_of(order_id: int) -> WorkOrder:
    """As it stands in the database now."""
    db.session.rollback()
    return db.session.get(WorkOrder, order_id, populate_existing=True)


def balance(customer_id):
    db.session.rollback()
    ask = select(Account.balance).where(Account.customer_id == customer_id, Account.purse == "principal")
    return db.session.scalar(ask)


def line_added(order_id, owner, quantity="1", price="12.50", **said):
    number = said.pop("material_id", None) or material(price)
    return in_transaction(lambda: operations.add_line(order_id, number, Decimal(quantity), actor=owner, **said).id)


def undone(document_id, owner):
    return in_transaction(lambda: operations.reverse(document_id, reason="mistake", actor=owner).id)


def billed(order_id, owner, **said):
    """Bring a draft to its bill: the number of the document."""
    brought_to(OrderStatus.DONE, order_id, owner)
    return do("bill", order_id, owner, **said)
