"""The plug of the customers' room."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.customers import commands
from app.customers.account_details import account_details
from app.customers.api import customers_api, money_api, postings_api
from app.customers.exports import CustomerExportView, StatementExportView
from app.customers.id_numbers import IdNumbersView
from app.customers.merges.views import MergeView, MergingView
from app.customers.newcomers.kind import CUSTOMERS
from app.customers.newcomers.views import ImportView
from app.customers.operations import erase_customer
from app.customers.statements.views import StatementView
from app.customers.subject import SUBJECT
from app.customers.takeover.jobs import FORGET, jobs_of
from app.customers.takeover.maintenance import maintenance
from app.customers.views import CustomersView
from app.tables import report_api, report_page

CATEGORY = N_("Desk")
_IMPORTS = frozenset({Grant(Action.VIEW, "customer-imports"), Grant(Action.POST, "customer-imports")})
_OWNER = frozenset(
    {
        Grant(Action.REMOVE, "customers"),
        Grant(Action.EXPORT, "customers"),
        Grant(Action.POST, "merges"),
        Grant(Action.VIEW, "id-numbers"),
    }
)
_READS = frozenset({Grant(Action.VIEW, "customers")})
_EXPORTS = frozenset({Grant(Action.EXPORT, "postings")})
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
        Page(IdNumbersView),
        Page(StatementView),
        Page(CustomerExportView),
        Page(StatementExportView),
        Page(MergingView),
        Page(MergeView),
        Page(
            report_page(account_details),
            "account-details",
            label=N_("Account details"),
            category=CATEGORY,
            icon="fa-list-ul",
            shows=account_details.grant,
        ),
        Page(
            ImportView,
            "customer-imports",
            label=N_("Take over a list"),
            category=N_("Shop"),
            icon="fa-file-import",
            shows=Grant(Action.VIEW, "customer-imports"),
            href="/customers/import",
        ),
    ),
    apis=(customers_api, money_api, postings_api, maintenance, report_api(account_details)),
    grants={
        SUPER_ADMIN: _IMPORTS | _OWNER,
        ORDINARY_ADMIN: _KEEPS,
        "cashier": _KEEPS,
        "service-desk": _KEEPS,
        "finance": _READS | _EXPORTS,
    },
    erasers=(erase_customer,),
    commands=(commands.customers,),
    jobs=(*jobs_of(CUSTOMERS, N_("Customers")), FORGET),
    field_subjects=(SUBJECT,),
)
