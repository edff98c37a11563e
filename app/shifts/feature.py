"""The plug of the shifts."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.shifts.register import ShiftReportView, ShiftsView
from app.shifts.views import ShiftView

OWN = Grant(Action.POST, "shifts")
ALL = Grant(Action.VIEW, "all-shifts")
_CLERK = frozenset({Grant(Action.VIEW, "shifts"), OWN})

shifts = Feature(
    name="shifts",
    package=__package__ or "app.shifts",
    pages=(
        Page(ShiftView, "my-shift", label=N_("My shift"), category=N_("Desk"), icon="fa-calculator", shows=OWN),
        Page(ShiftsView, "shifts", label=N_("Shifts"), category=N_("Reports"), icon="fa-scale-balanced", shows=ALL),
        Page(ShiftReportView),
    ),
    grants={
        SUPER_ADMIN: frozenset({ALL, Grant(Action.EDIT, "all-shifts")}),
        ORDINARY_ADMIN: _CLERK,
        "cashier": _CLERK,
        "service-desk": _CLERK,
        "finance": frozenset({ALL, Grant(Action.VIEW, "shifts")}),
    },
)
