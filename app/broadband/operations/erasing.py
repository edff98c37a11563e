"""Taking out of the room what tells who a person was."""

from typing import Any

from sqlalchemy import or_, select, update

from app.audit.operations import erase_records
from app.broadband.models import Call, Document, Service, WorkOrder
from app.broadband.subjects import ORDER, SERVICE
from app.core.actor import Actor
from app.extensions import db
from app.fields.operations import erase_values

OF_SERVICES = ("address", "broadband_account", "password_sealed", "bound_number", "remark")
OF_DOCUMENTS = ("address", "new_address", "remark")
OF_CALLS = ("remark",)
OF_ORDERS = ("new_customer_name", "new_phone", "new_id_card_sealed", "new_address", "customer_request", "remark")


def erase_customer(customer_id: int, *, actor: Actor) -> bool:
    """Empty what services, documents, calls and orders say of a deleted customer; whether there was anything.

    The money and the days of documents stay. What is kept of a service that went to another customer is that one's.
    The caller writes the record.
    """
    his = Service.customer_id == customer_id
    for_him = or_(WorkOrder.customer_id == customer_id, WorkOrder.new_customer_id == customer_id)
    services = db.session.scalars(select(Service.id).where(his)).all()
    orders = db.session.scalars(select(WorkOrder.id).where(for_him)).all()
    emptied = [
        _empty(Service, OF_SERVICES, his),
        _empty(Document, OF_DOCUMENTS, Document.customer_id == customer_id),
        _empty(Document, ("new_address",), Document.new_customer_id == customer_id),
        _empty(WorkOrder, OF_ORDERS, for_him),
        _empty(Call, OF_CALLS, Call.customer_id == customer_id),
        *(erase_values(SERVICE, number, actor=actor) for number in services),
        *(erase_values(ORDER, number, actor=actor) for number in orders),
        erase_records(SERVICE, services, actor=actor) > 0,
        erase_records(ORDER, orders, actor=actor) > 0,
    ]
    return any(emptied)


def _empty(model: Any, names: tuple[str, ...], which: Any) -> bool:
    says = or_(*(getattr(model, name).is_not(None) for name in names))
    ask = update(model).where(which, says).values(dict.fromkeys(names))
    return db.session.execute(ask.execution_options(synchronize_session=False)).rowcount > 0
