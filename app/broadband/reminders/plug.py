"""What reminders add to the plug of the room: who may do what with them."""

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant

SEE = Grant(Action.VIEW, "reminders")
CALL = Grant(Action.POST, "reminders")
EXPORT = Grant(Action.EXPORT, "reminders")
SEE_FIGURES = Grant(Action.VIEW, "salesperson-figures")
EXPORT_FIGURES = Grant(Action.EXPORT, "salesperson-figures")
_AT_THE_DESK = frozenset({SEE, CALL})
_FIGURES = frozenset({SEE_FIGURES, EXPORT_FIGURES})

GRANTS = {
    SUPER_ADMIN: _AT_THE_DESK | {EXPORT} | _FIGURES,
    ORDINARY_ADMIN: _AT_THE_DESK,
    "cashier": _AT_THE_DESK,
    "service-desk": _AT_THE_DESK,
    "finance": frozenset({SEE, EXPORT}) | _FIGURES,
}
