"""/broadband/import: take over the subscriber list that a provider already has."""

from flask_babel import gettext, ngettext

from app.broadband.subscribers.kind import SUBSCRIBERS
from app.customers.takeover.views import ListView


class SubscriberImportView(ListView):
    """Services with their customers. What they have paid until is a fact of the past: no money is posted."""

    route_base = "/broadband/import"
    kind = SUBSCRIBERS
    resource = "broadband-imports"
    list_url = "BroadbandServicesView.show"

    def words(self) -> dict[str, str]:
        return {
            "title": gettext("Take over a subscriber list"),
            "file": gettext("Subscriber list"),
            "list": gettext("Services"),
        }

    def apply_words(self, count: int) -> str:
        return ngettext("Take over %(num)s service", "Take over %(num)s services", count)
