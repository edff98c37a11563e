"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

# In operation records.
OPERATIONS = (N_("Define"), N_("Change field"), N_("Retire"), N_("Restore"), N_("Hide"), N_("Set values"))
OBJECTS = (N_("Fields"), N_("Custom field"))
FIELDS = (
    N_("Subject"),
    N_("Kind of field"),
    N_("Name for programs"),
    N_("Position"),
    N_("Labels"),
    N_("Choices"),
    N_("Is required"),
    N_("Is listed"),
    N_("Is retired"),
)
