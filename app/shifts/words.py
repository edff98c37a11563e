"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

# In operation records.
OPERATIONS = (N_("Open shift"), N_("Close shift"), N_("Receive cash"))
OBJECTS = (N_("Shift"),)
FIELDS = (
    N_("Opening cash"),
    N_("Handed over by"),
    N_("Is alone"),
    N_("Number"),
    N_("Expected"),
    N_("Counted"),
    N_("Difference"),
    N_("Clerk"),
)
