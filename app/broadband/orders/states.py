"""The states of a work order: what may become of what. Whatever is not said here is refused."""

from collections.abc import Mapping

from app.broadband.models import OrderStatus, WorkOrder
from app.broadband.refusals import WrongOrderState

DRAFT, ACCEPTED, SCHEDULED = OrderStatus.DRAFT, OrderStatus.ACCEPTED, OrderStatus.SCHEDULED
IN_PROGRESS, DONE = OrderStatus.IN_PROGRESS, OrderStatus.DONE
OPEN = (DRAFT, ACCEPTED, SCHEDULED, IN_PROGRESS, DONE)
CHANGEABLE = (DRAFT, ACCEPTED, SCHEDULED)
FROM: Mapping[OrderStatus, tuple[OrderStatus, ...]] = {
    ACCEPTED: (DRAFT,),
    SCHEDULED: (ACCEPTED,),
    IN_PROGRESS: (SCHEDULED,),
    DONE: (IN_PROGRESS,),
    OrderStatus.BILLED: (DONE,),
    OrderStatus.CANCELLED: OPEN,
}


def may_become(order: WorkOrder, status: OrderStatus) -> bool:
    """Whether that is the next state, or one of them."""
    return order.document_status in FROM[status]


def require_status(order: WorkOrder, *states: OrderStatus) -> None:
    """Raises WrongOrderState when the order is in none of these states."""
    if order.document_status not in states:
        raise WrongOrderState(state=order.document_status.value)
