"""What the one who asked is told on a page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from app.approvals import queries
from app.approvals.models import ApprovalState


def waiting_text(kept: Mapping[str, Any]) -> str:
    """What has become of a request that needed a second person; nothing when it was posted at once.

    kept: the answer of the command that asked.
    """
    number = _number(kept)
    if number is None:
        return ""
    said = {
        ApprovalState.WAITING: gettext(
            "Nothing is posted yet: this amount waits for a second person, as request %(number)s.",
            number=number,
        ),
        ApprovalState.APPROVED: gettext("Request %(number)s has been approved and is posted.", number=number),
        ApprovalState.DECLINED: gettext("Request %(number)s has been declined. Nothing is posted.", number=number),
        ApprovalState.EXPIRED: gettext("Request %(number)s has expired. Nothing is posted.", number=number),
    }
    return said[queries.state_of(number)]


def _number(kept: Mapping[str, Any]) -> int | None:
    return kept["approval"]["id"] if "approval" in kept and "posting" not in kept else None
