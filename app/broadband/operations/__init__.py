"""The verbs of broadband. Each is one document, but for opening and switching on, which move no money."""

from app.broadband.operations.filing import FREE, Draft, Fee
from app.broadband.operations.moves import relocate, transfer
from app.broadband.operations.opening import Wanted, activate, open_service
from app.broadband.operations.payments import Bill, pay, reckon
from app.broadband.operations.reversing import reverse
from app.broadband.operations.states import close, reactivate, suspend, suspend_by_force, unused

__all__ = [
    "FREE",
    "Bill",
    "Draft",
    "Fee",
    "Wanted",
    "activate",
    "close",
    "open_service",
    "pay",
    "reactivate",
    "reckon",
    "relocate",
    "reverse",
    "suspend",
    "suspend_by_force",
    "transfer",
    "unused",
]
