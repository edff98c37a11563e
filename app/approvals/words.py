"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

STATES = (N_("Waiting"), N_("Approved"), N_("Declined"), N_("Expired"))

# In operation records.
OPERATIONS = (N_("Ask"), N_("Approve"), N_("Decline"))
OBJECTS = (N_("Approval"),)
FIELDS = (N_("Kind"), N_("State"), N_("Amount"), N_("Asked by"), N_("Posting"), N_("Reason"), N_("Approved by himself"))
