"""The plug of long exports. Whoever may export has the page; the menu shows it to those who mostly do."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.exports.views import ExportsView
from app.exports.writing import JOBS

OWN = Grant(Action.VIEW, "profile")

exports = Feature(
    name="exports",
    package=__package__ or "app.exports",
    pages=(
        Page(
            ExportsView,
            "exports",
            label=N_("My exports"),
            category=N_("Reports"),
            icon="fa-file-arrow-down",
            shows=OWN,
        ),
    ),
    grants={SUPER_ADMIN: frozenset({OWN}), "finance": frozenset({OWN})},
    jobs=JOBS,
)
