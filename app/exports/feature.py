"""The plug of long exports. Everybody has the page of his own; the menu shows it to those who may take rows away."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.exports.views import ExportsView
from app.exports.writing import JOBS

TAKE_OUT = Grant(Action.EXPORT, "postings")

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
            shows=TAKE_OUT,
        ),
    ),
    grants={SUPER_ADMIN: frozenset({TAKE_OUT}), "finance": frozenset({TAKE_OUT})},
    jobs=JOBS,
)
