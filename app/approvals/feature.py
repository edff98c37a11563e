"""The plug of approvals: for super administrators alone. Nothing needs one until the owner sets an amount."""

from app.approvals.api import approvals_api
from app.approvals.views import ApprovalsView
from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant

VIEW = Grant(Action.VIEW, "approvals")

approvals = Feature(
    name="approvals",
    package=__package__ or "app.approvals",
    pages=(
        Page(
            ApprovalsView,
            "approvals",
            label=N_("Approvals"),
            category=N_("Administration"),
            icon="fa-user-check",
            shows=VIEW,
        ),
    ),
    apis=(approvals_api,),
    grants={SUPER_ADMIN: frozenset({VIEW, Grant(Action.APPROVE, "approvals")})},
)
