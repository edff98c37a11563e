"""The pages of reminders, for the plug of the room."""

from app.broadband.reminders.figures import figures_report
from app.broadband.reminders.plug import SEE, SEE_FIGURES
from app.broadband.reminders.report import reminders_report
from app.broadband.reminders.views import ReminderView
from app.core.errors import N_
from app.core.feature import Page
from app.tables import report_api, report_page

CATEGORY = N_("Broadband")
PAGES = (
    Page(
        report_page(reminders_report),
        "broadband-reminders",
        label=N_("Broadband reminders"),
        category=CATEGORY,
        icon="fa-bell",
        shows=SEE,
    ),
    Page(
        report_page(figures_report),
        "broadband-salespersons",
        label=N_("Figures of salespersons"),
        category=CATEGORY,
        icon="fa-chart-simple",
        shows=SEE_FIGURES,
        href="/broadband/salespersons/?group=salesperson",
    ),
    Page(ReminderView),
)
APIS = (report_api(reminders_report), report_api(figures_report))
