"""What work orders add to the plug of the room: who may do what with them."""

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant

SEE = Grant(Action.VIEW, "work-orders")
SEE_ALL = Grant(Action.VIEW, "all-work-orders")
WRITE = Grant(Action.EDIT, "work-orders")
WORK = Grant(Action.EDIT, "work-progress")
BILL = Grant(Action.POST, "work-orders")
EXPORT = Grant(Action.EXPORT, "work-orders")
_AT_THE_DESK = frozenset({SEE, SEE_ALL, WRITE, WORK, BILL})

GRANTS = {
    SUPER_ADMIN: _AT_THE_DESK | {EXPORT},
    ORDINARY_ADMIN: _AT_THE_DESK,
    "cashier": _AT_THE_DESK,
    "service-desk": _AT_THE_DESK,
    "finance": frozenset({SEE, SEE_ALL, EXPORT}),
    "installer": frozenset({SEE, WORK}),
}
