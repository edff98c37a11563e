"""/customers/import: take over the customer list that a shop already has."""

from flask_babel import gettext, ngettext

from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover.views import ListView


class ImportView(ListView):
    """Customers with their balances."""

    route_base = "/customers/import"
    kind = CUSTOMERS
    resource = "customer-imports"
    list_url = "CustomersView.list"

    def words(self) -> dict[str, str]:
        return {
            "title": gettext("Take over a customer list"),
            "file": gettext("Customer list"),
            "list": gettext("Customers"),
        }

    def apply_words(self, count: int) -> str:
        return ngettext("Take over %(num)s customer", "Take over %(num)s customers", count)
