"""The plug of the counter."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.counter.views import CounterView, TakingView

CATEGORY = N_("Desk")
VIEW = Grant(Action.VIEW, "counter")
_COUNTER = frozenset({VIEW})

counter = Feature(
    name="counter",
    package=__package__ or "app.counter",
    pages=(
        Page(
            CounterView,
            "counter",
            label=N_("Counter"),
            category=CATEGORY,
            icon="fa-cash-register",
            shows=VIEW,
        ),
        Page(TakingView),
    ),
    grants={
        SUPER_ADMIN: _COUNTER,
        ORDINARY_ADMIN: _COUNTER,
        "cashier": _COUNTER,
        "service-desk": _COUNTER,
    },
)
