"""The plug of the reports."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.reports.api import totals_api
from app.reports.views import CustomerMoneyView, DashboardView, PeriodView, TodayView, TotalsView

DESK, REPORTS = N_("Desk"), N_("Reports")
TOTALS = Grant(Action.VIEW, "totals")
POSTINGS = Grant(Action.VIEW, "postings")

reports = Feature(
    name="reports",
    package=__package__ or "app.reports",
    pages=(
        Page(DashboardView, "overview", label=N_("Overview"), category=DESK, icon="fa-chart-simple", shows=TOTALS),
        Page(TodayView, "today", label=N_("Today"), category=REPORTS, icon="fa-calendar-day", shows=POSTINGS),
        Page(
            PeriodView,
            "period-totals",
            label=N_("Period query"),
            category=REPORTS,
            icon="fa-calendar-days",
            shows=POSTINGS,
        ),
        Page(TotalsView, "totals", label=N_("All-time totals"), category=REPORTS, icon="fa-coins", shows=TOTALS),
        Page(
            CustomerMoneyView,
            "customer-money",
            label=N_("Customers' money"),
            category=REPORTS,
            icon="fa-piggy-bank",
            shows=TOTALS,
        ),
    ),
    apis=(totals_api,),
    grants={SUPER_ADMIN: frozenset({TOTALS, Grant(Action.EXPORT, "totals")})},
)
