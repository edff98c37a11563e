"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from flask_babel import gettext

from app.core.errors import N_
from app.notices.kinds import notice_kinds
from app.notices.models import DeliveryState

STATES = (N_("Waiting"), N_("Sending"), N_("Sent"), N_("Failed"), N_("Unknown"))
PILLS = {
    DeliveryState.WAITING: "pill-info",
    DeliveryState.SENDING: "pill-info",
    DeliveryState.SENT: "pill-good",
    DeliveryState.FAILED: "pill-bad",
    DeliveryState.UNKNOWN: "pill-warn",
}
# In operation records.
OPERATIONS = (N_("Give"), N_("Send again"), N_("Forget"))
OBJECTS = (N_("Notice"),)
FIELDS = (N_("Kind"), N_("Customer"), N_("By email"), N_("Status"), N_("Notices"))


def called(kind: str) -> str:
    """What staff call a kind of notice, by its name; the name of one whose room is switched off."""
    known = notice_kinds().get(kind)
    return gettext(known.label) if known else kind
