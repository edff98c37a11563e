"""The owner's first page: the day so far, and the first steps of a new shop."""

from decimal import Decimal

from flask_appbuilder import expose

from app.core import days
from app.core.permissions import Action
from app.counter.answers import Answer
from app.customers import listing as customers
from app.ledger import queries as ledger
from app.staff.queries import count_staff
from app.ui.guard import guarded
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
            has_customers=bool(customers.find({}, limit=1).rows),
            has_clerk=count_staff() > 1,
            has_posting=ledger.has_any(),
        )
