"""The plug of the clerk watch: for super administrators alone."""

from app.core.errors import N_
from app.core.feature import Feature, Page
from app.core.permissions import SUPER_ADMIN
from app.tables import report_api, report_page
from app.watch.reports import EXPORT, VIEW, clerk_watch, watched_postings

watch = Feature(
    name="watch",
    package=__package__ or "app.watch",
    pages=(
        Page(
            report_page(clerk_watch),
            "clerk-watch",
            label=N_("Clerk watch"),
            category=N_("Reports"),
            icon="fa-binoculars",
            shows=VIEW,
        ),
        Page(report_page(watched_postings)),
    ),
    apis=(report_api(clerk_watch), report_api(watched_postings)),
    grants={SUPER_ADMIN: frozenset({VIEW, EXPORT})},
)
