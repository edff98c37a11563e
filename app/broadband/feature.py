"""The plug of broadband billing."""

from pathlib import Path

from app.broadband import commands
from app.broadband.basics.pages import CATEGORY, GRANTS, PAGES
from app.broadband.operations.details import PASSWORDS
from app.broadband.operations.erasing import erase_customer
from app.broadband.operations.moves import END
from app.broadband.orders import pages as orders
from app.broadband.orders.plug import GRANTS as ORDER_GRANTS
from app.broadband.pages.document import DocumentView
from app.broadband.pages.opening import OpeningView
from app.broadband.pages.panel import panel
from app.broadband.pages.subscription import ServiceView
from app.broadband.queries import require_none_open
from app.broadband.reminders import pages as reminders
from app.broadband.reminders.jobs import JOBS
from app.broadband.reminders.notices import NOTICES
from app.broadband.reminders.plug import GRANTS as REMINDER_GRANTS
from app.broadband.reminders.settings import SETTINGS as REMINDER_SETTINGS
from app.broadband.reports.communities import communities_report
from app.broadband.reports.documents import document_reports
from app.broadband.reports.openings import openings_report
from app.broadband.reports.payments import DOCUMENTS, EXPORT, payments_report
from app.broadband.reports.subscribers import SERVICES, TAKE_OUT, services_report
from app.broadband.reports.takings import takings_report
from app.broadband.settings import SETTINGS
from app.broadband.subjects import SUBJECTS
from app.broadband.subscribers.kind import SUBSCRIBERS
from app.broadband.subscribers.views import SubscriberImportView
from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, ROLES, SUPER_ADMIN, Action, Grant
from app.customers.takeover.jobs import jobs_of
from app.tables import report_api, report_page

OPEN = Grant(Action.POST, "services")
REPORTS = (
    services_report,
    payments_report,
    takings_report,
    communities_report,
    openings_report,
    *document_reports,
)
_READS = frozenset({SERVICES, DOCUMENTS})
_DESK = _READS | {OPEN, Grant(Action.POST, "broadband-payments")}
_ENDS = frozenset({END})
_PASSWORDS = frozenset({Grant(Action.VIEW, PASSWORDS)})
_TAKES_OUT = frozenset({EXPORT, TAKE_OUT})
IMPORTS = Grant(Action.VIEW, "broadband-imports")
_IMPORTS = frozenset({IMPORTS, Grant(Action.POST, "broadband-imports")})
_NONE: frozenset[Grant] = frozenset()
_GRANTS = {
    SUPER_ADMIN: _DESK | _ENDS | _TAKES_OUT | _PASSWORDS | _IMPORTS,
    ORDINARY_ADMIN: _DESK,
    "cashier": _DESK,
    "service-desk": _DESK | _ENDS | _PASSWORDS,
    "finance": _READS | _TAKES_OUT,
}
_ALL_GRANTS = (_GRANTS, ORDER_GRANTS, REMINDER_GRANTS, GRANTS)

broadband = Feature(
    name="broadband",
    package=__package__ or "app.broadband",
    pages=(
        Page(OpeningView, "open-service", label=N_("Open a service"), category=CATEGORY, icon="fa-plug", shows=OPEN),
        *(
            Page(report_page(report), report.name, label=report.title, category=CATEGORY, icon=icon, shows=report.grant)
            for report, icon in zip(
                REPORTS,
                (
                    "fa-wifi",
                    "fa-coins",
                    "fa-cash-register",
                    "fa-city",
                    "fa-chart-column",
                    "fa-truck",
                    "fa-right-left",
                    "fa-pause",
                    "fa-ban",
                    "fa-play",
                    "fa-door-closed",
                ),
                strict=True,
            )
        ),
        Page(ServiceView),
        Page(DocumentView),
        *reminders.PAGES,
        *orders.PAGES,
        *PAGES,
        Page(
            SubscriberImportView,
            "broadband-imports",
            label=N_("Take over subscribers"),
            category=CATEGORY,
            icon="fa-file-import",
            shows=IMPORTS,
            href="/broadband/import",
        ),
    ),
    apis=(*(report_api(report) for report in REPORTS), *reminders.APIS),
    grants={role: frozenset().union(*(each.get(role, _NONE) for each in _ALL_GRANTS)) for role in ROLES},
    customer_panels=(panel,),
    customer_ties=(require_none_open,),
    erasers=(erase_customer,),
    commands=(commands.broadband_group,),
    jobs=(*JOBS, *jobs_of(SUBSCRIBERS, N_("Services"))),
    notices=NOTICES,
    settings=(*SETTINGS, *REMINDER_SETTINGS),
    field_subjects=SUBJECTS,
    help_texts=Path(__file__).parent / "help_texts",
)
