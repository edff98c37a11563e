"""The plug of the staff room."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, PRESETS, SUPER_ADMIN, Action, Grant
from app.staff import commands
from app.staff.administrators import AdministratorsView
from app.staff.api import session_api, staff_api
from app.staff.forgetting import JOBS
from app.staff.guide import FirstStepsView
from app.staff.keys_view import ApiKeysView
from app.staff.second_factor_view import SecondFactorView
from app.staff.sessions_view import OwnSessionsView
from app.staff.views import OwnPasswordView, ProfileView, StoreView

CATEGORY = N_("Administration")
_OWN_PROFILE = frozenset({Grant(Action.VIEW, "profile"), Grant(Action.EDIT, "profile")})
_ADMINISTRATORS = frozenset(Grant(action, "staff") for action in (Action.VIEW, Action.EDIT, Action.REMOVE))
_KEYS = frozenset({Grant(Action.VIEW, "api-keys"), Grant(Action.EDIT, "api-keys")})

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
        Page(
            ApiKeysView,
            "api-keys",
            label=N_("API keys"),
            category=CATEGORY,
            icon="fa-key",
            shows=Grant(Action.VIEW, "api-keys"),
        ),
        Page(ProfileView),
        Page(OwnPasswordView),
        Page(SecondFactorView),
        Page(OwnSessionsView),
        Page(FirstStepsView),
        Page(StoreView),
    ),
    apis=(session_api, staff_api),
    grants={SUPER_ADMIN: _ADMINISTRATORS | _KEYS} | dict.fromkeys((ORDINARY_ADMIN, *PRESETS), _OWN_PROFILE),
    commands=(commands.staff,),
    jobs=JOBS,
    open_endpoints=frozenset({"SignInView.login", "SignInView.code", "SignInView.logout"}),
)
