"""The plug of the customers' room."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.customers import commands
from app.customers.api import customers_api, money_api, postings_api
from app.customers.operations import erase_customer
from app.customers.takeover.maintenance import maintenance
from app.customers.takeover.views import ImportView
from app.customers.views import CustomersView

CATEGORY = N_("Desk")
_IMPORTS = frozenset({Grant(Action.VIEW, "customer-imports"), Grant(Action.POST, "customer-imports")})
_REMOVES = frozenset({Grant(Action.REMOVE, "customers")})
_READS = frozenset({Grant(Action.VIEW, "customers")})
_KEEPS = _READS | {Grant(Action.EDIT, "customers")}

customers = Feature(
    name="customers",
    package=__package__,
    pages=(
        Page(
            CustomersView,
            "customers",
            label=N_("Customers"),
            category=CATEGORY,
            icon="fa-users",
            shows=Grant(Action.VIEW, "customers"),
        ),
        Page(
            ImportView,
            "customer-imports",
            label=N_("Take over a list"),
            category=CATEGORY,
            icon="fa-file-import",
            shows=Grant(Action.VIEW, "customer-imports"),
            href="/customers/import",
        ),
    ),
    apis=(customers_api, money_api, postings_api, maintenance),
    grants={
        SUPER_ADMIN: _IMPORTS | _REMOVES,
        ORDINARY_ADMIN: _KEEPS,
        "cashier": _KEEPS,
        "service-desk": _KEEPS,
        "finance": _READS,
    },
    erasers=(erase_customer,),
    commands=(commands.customers,),
)
