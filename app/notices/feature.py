"""The plug of the notices."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN, Action, Grant
from app.notices.forgetting import FORGET
from app.notices.operations import erase_notices
from app.notices.panel import panel
from app.notices.reports import EXPORT, VIEW, notices_report
from app.notices.sending import SEND_DUE
from app.notices.settings import SETTINGS
from app.notices.views import NoticeView
from app.tables import report_api, report_page

SEND = Grant(Action.POST, "notices")

notices = Feature(
    name="notices",
    package=__package__ or "app.notices",
    pages=(
        Page(
            report_page(notices_report),
            "notices",
            label=N_("Notices"),
            category=N_("Reports"),
            icon="fa-envelope",
            shows=VIEW,
        ),
        Page(NoticeView),
    ),
    apis=(report_api(notices_report),),
    grants={
        SUPER_ADMIN: frozenset({VIEW, SEND, EXPORT}),
        ORDINARY_ADMIN: frozenset({VIEW}),
        "service-desk": frozenset({VIEW, SEND}),
    },
    customer_panels=(panel,),
    erasers=(erase_notices,),
    jobs=(SEND_DUE, FORGET),
    settings=SETTINGS,
)
