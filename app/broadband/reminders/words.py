"""What people call the codes of reminders. `formats.choice` makes these messages of the codes."""

from flask_babel import gettext

from app.broadband.reminders.suspending import REASON
from app.core.errors import N_

OUTCOMES = (
    N_("Reached"),
    N_("Not reached"),
    N_("Promised to pay"),
    N_("Refuses"),
    N_("Moved away"),
    N_("Other"),
)
MUTINGS = (N_("Not muted"), N_("Muted"), N_("All of them"))

# In operation records.
OPERATIONS = (N_("Call"), N_("Mute"), N_("Unmute"))
FIELDS = (N_("Outcome"), N_("Promised on"), N_("Muted until"))


def remark_in_words(remark: str | None) -> str | None:
    """What a document says, but for what the house itself writes into it."""
    return gettext("By the rule: overdue for too long") if remark == REASON else remark
