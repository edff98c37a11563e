"""What customers are told about their services. One key for both: each stop date is told of once."""

from app.core.errors import N_
from app.core.notices import NoticeKind

KEY = "broadband.stops:{service}:{day}"

STOPS_SOON = NoticeKind(
    "broadband.stops-soon",
    N_("Service stops soon"),
    N_("Your broadband service %(number)s stops on %(day)s"),
    N_(
        "Dear %(name)s, your broadband service %(number)s (%(package)s) is paid until %(day)s. "
        "To go on it costs %(due)s. Thank you."
    ),
)
STOPPED = NoticeKind(
    "broadband.stopped",
    N_("Service is not paid any more"),
    N_("Your broadband service %(number)s was paid until %(day)s"),
    N_(
        "Dear %(name)s, your broadband service %(number)s (%(package)s) was paid until %(day)s. "
        "To go on it costs %(due)s. Thank you."
    ),
)
NOTICES = (STOPS_SOON, STOPPED)
