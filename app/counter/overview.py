"""The owner's first page: the day so far, and the first steps of a new shop."""

from decimal import Decimal

from flask import url_for
from flask_appbuilder import expose
from flask_babel import gettext

from app.core import days
from app.core.permissions import Action
from app.counter.answers import Answer
from app.customers import listing as customers
from app.ledger import queries as ledger
from app.staff.guide import Step, first_steps
from app.ui.guard import current_actor, guarded
from app.ui.views import HouseView

NOTHING = ledger.DaySum(0, Decimal(0))


class OverviewView(HouseView):
    """/overview: money in and value consumed are kept apart, and what was reversed is shown, not hidden."""

    route_base = "/overview"
    default_view = "show"

    @expose("")
    @guarded(Action.VIEW, "totals")
    def show(self) -> Answer:
        today = days.today()
        sums = ledger.sums_of(today)
        return self.render_template(
            "counter/overview.html",
            today=today,
            sum_of=lambda kind: sums.get(kind, NOTHING),
            steps=first_steps(_steps()),
        )


def _steps() -> list[Step]:
    has_customers = bool(customers.find({}, actor=current_actor(), limit=1).rows)
    take_over = gettext("Take over the customer list that you have, or enter the first customer.")
    serve, desk = gettext("Serve the first customer."), url_for("CounterView.show")
    return [
        Step(has_customers, take_over, url_for("ImportView.start"), gettext("Take over a list")),
        Step(ledger.has_any(), serve, desk, gettext("Counter")),
    ]
