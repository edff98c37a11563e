"""The plug of the staff room."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, PRESETS, SUPER_ADMIN, Action, Grant
from app.staff import commands
from app.staff.administrators import AdministratorsView
from app.staff.api import session_api, staff_api
from app.staff.forgetting import JOBS
from app.staff.views import OwnPasswordView, ProfileView, StoreView

CATEGORY = N_("Administration")
_OWN_PROFILE = frozenset({Grant(Action.VIEW, "profile"), Grant(Action.EDIT, "profile")})
_ADMINISTRATORS = frozenset(Grant(action, "staff") for action in (Action.VIEW, Action.EDIT, Action.REMOVE))

staff = Feature(
    name="staff",
    package=__package__,
    pages=(
        Page(
            AdministratorsView,
            "administrators",
            label=N_("Administrators"),
            category=CATEGORY,
            icon="fa-user-shield",
            shows=Grant(Action.VIEW, "staff"),
        ),
        Page(ProfileView),
        Page(OwnPasswordView),
        Page(StoreView),
    ),
    apis=(session_api, staff_api),
    grants={SUPER_ADMIN: _ADMINISTRATORS} | dict.fromkeys((ORDINARY_ADMIN, *PRESETS), _OWN_PROFILE),
    commands=(commands.staff,),
    jobs=JOBS,
    open_endpoints=frozenset({"SignInView.login", "SignInView.logout"}),
)
