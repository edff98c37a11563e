"""The plug of the shop."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, PRESETS, SUPER_ADMIN, Action, Grant
from app.shop import commands
from app.shop.api import shop_api
from app.shop.views import HelpView, MethodsView, SettingsView, StoresView

CATEGORY = N_("Shop")
_READS = frozenset({Grant(Action.VIEW, "stores"), Grant(Action.VIEW, "help")})
_OWNER = frozenset(
    {
        Grant(Action.EDIT, "stores"),
        Grant(Action.VIEW, "settings"),
        Grant(Action.EDIT, "settings"),
        Grant(Action.EDIT, "help"),
    }
)
_HELP_ONLY = frozenset({Grant(Action.VIEW, "help")})

shop = Feature(
    name="shop",
    package=__package__ or "app.shop",
    pages=(
        Page(
            StoresView,
            "stores",
            label=N_("Stores"),
            category=CATEGORY,
            icon="fa-store",
            shows=Grant(Action.VIEW, "stores"),
        ),
        Page(
            MethodsView,
            "payment-methods",
            label=N_("Payment methods"),
            category=CATEGORY,
            icon="fa-credit-card",
            shows=Grant(Action.VIEW, "settings"),
        ),
        Page(
            SettingsView,
            "settings",
            label=N_("Settings"),
            category=CATEGORY,
            icon="fa-sliders",
            shows=Grant(Action.VIEW, "settings"),
        ),
        Page(
            HelpView,
            "help",
            label=N_("Instructions"),
            category=CATEGORY,
            icon="fa-circle-question",
            shows=Grant(Action.VIEW, "help"),
            is_aside=True,
        ),
    ),
    apis=(shop_api,),
    grants={SUPER_ADMIN: _OWNER, ORDINARY_ADMIN: _READS}
    | {preset: _HELP_ONLY if preset == "installer" else _READS for preset in PRESETS},
    commands=(commands.stores,),
)
