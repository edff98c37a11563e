"""The verbs of broadband. Each is one document, but for opening and switching on, which move no money."""

from app.broadband.bills import Bill, reckon
from app.broadband.operations.billing import bill
from app.broadband.operations.details import change_details, reveal_password
from app.broadband.operations.filing import FREE, Draft, Fee
from app.broadband.operations.moves import relocate, transfer
from app.broadband.operations.opening import Wanted, activate, open_service
from app.broadband.operations.ordering import add_line, change_line, change_order, create_order, remove_line
from app.broadband.operations.orders import accept, cancel, finish, schedule, start
from app.broadband.operations.payments import pay
from app.broadband.operations.reversing import reverse
from app.broadband.operations.states import close, reactivate, suspend, suspend_by_force
from app.broadband.operations.wishes import Work

__all__ = [
    "FREE",
    "Bill",
    "Draft",
    "Fee",
    "Wanted",
    "Work",
    "accept",
    "activate",
    "add_line",
    "bill",
    "cancel",
    "change_details",
    "change_line",
    "change_order",
    "close",
    "create_order",
    "finish",
    "open_service",
    "pay",
    "reactivate",
    "reckon",
    "relocate",
    "remove_line",
    "reveal_password",
    "reverse",
    "schedule",
    "start",
    "suspend",
    "suspend_by_force",
    "transfer",
]
