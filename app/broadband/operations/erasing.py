"""Taking what work orders say of a person out of them."""

from sqlalchemy import or_, update

from app.broadband.models import WorkOrder
from app.core.actor import Actor
from app.extensions import db

PERSONAL = ("new_customer_name", "new_phone", "new_id_card_sealed", "new_address", "customer_request", "remark")


def erase_orders(customer_id: int, *, actor: Actor) -> bool:
    """Empty what orders for a customer, or for his becoming one, say of him; whether there was anything.

    The caller writes the record.
    """
    his = or_(WorkOrder.customer_id == customer_id, WorkOrder.new_customer_id == customer_id)
    says = or_(*(getattr(WorkOrder, name).is_not(None) for name in PERSONAL))
    emptied = update(WorkOrder).where(his, says).values(dict.fromkeys(PERSONAL))
    return db.session.execute(emptied.execution_options(synchronize_session=False)).rowcount > 0
