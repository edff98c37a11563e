"""The plug of the owner's fields."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.fields.views import CustomFieldsView

VIEW = Grant(Action.VIEW, "custom-fields")

fields = Feature(
    name="fields",
    package=__package__ or "app.fields",
    pages=(
        Page(
            CustomFieldsView,
            "custom-fields",
            label=N_("Custom fields"),
            category=N_("Administration"),
            icon="fa-table-columns",
            shows=VIEW,
        ),
    ),
    grants={SUPER_ADMIN: frozenset({VIEW, Grant(Action.EDIT, "custom-fields")})},
)
