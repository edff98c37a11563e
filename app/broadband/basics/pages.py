"""What basic information adds to the plug of the room: pages, and who may do what with them."""

from app.broadband.basics import views
from app.broadband.basics.operations import ID_NUMBERS
from app.core.errors import N_
from app.core.feature import Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant

CATEGORY = N_("Broadband")
_AT_THE_DESK = ("communities", "packages", "materials", "installers")
_RESOURCES = (*_AT_THE_DESK, "employees", "business-types")


def _views(*resources: str) -> frozenset[Grant]:
    return frozenset(Grant(Action.VIEW, resource) for resource in resources)


_OWNER = frozenset(Grant(action, name) for action in (Action.VIEW, Action.EDIT, Action.EXPORT) for name in _RESOURCES)

GRANTS = {
    SUPER_ADMIN: _OWNER | _views(ID_NUMBERS),
    ORDINARY_ADMIN: _views(*_AT_THE_DESK),
    "cashier": _views(*_AT_THE_DESK),
    "service-desk": _views(*_AT_THE_DESK),
    "finance": _views(*_RESOURCES),
    "installer": _views("materials"),
}
PAGES = (
    Page(
        views.CommunitiesView,
        "broadband-communities",
        label=N_("Communities"),
        category=CATEGORY,
        icon="fa-city",
        shows=Grant(Action.VIEW, "communities"),
    ),
    Page(
        views.PackagesView,
        "broadband-packages",
        label=N_("Packages"),
        category=CATEGORY,
        icon="fa-box-open",
        shows=Grant(Action.VIEW, "packages"),
    ),
    Page(
        views.MaterialsView,
        "broadband-materials",
        label=N_("Materials"),
        category=CATEGORY,
        icon="fa-screwdriver-wrench",
        shows=Grant(Action.VIEW, "materials"),
    ),
    Page(
        views.InstallersView,
        "broadband-installers",
        label=N_("Installers"),
        category=CATEGORY,
        icon="fa-helmet-safety",
        shows=Grant(Action.VIEW, "installers"),
    ),
    Page(
        views.EmployeesView,
        "broadband-employees",
        label=N_("Employees"),
        category=CATEGORY,
        icon="fa-id-badge",
        shows=Grant(Action.VIEW, "employees"),
    ),
    Page(
        views.BusinessTypesView,
        "broadband-business-types",
        label=N_("Business types"),
        category=CATEGORY,
        icon="fa-tags",
        shows=Grant(Action.VIEW, "business-types"),
    ),
)
