"""The plug of the page about roles."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import Action, Grant
from app.roles.views import RolesView

roles = Feature(
    name="roles",
    package=__package__ or "app.roles",
    pages=(
        Page(
            RolesView,
            "roles",
            label=N_("Roles"),
            category=N_("Administration"),
            icon="fa-id-card",
            shows=Grant(Action.VIEW, "staff"),
        ),
    ),
)
