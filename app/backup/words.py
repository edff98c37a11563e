"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

OPERATIONS = (N_("Create"), N_("Download"))
OBJECTS = (N_("Backup"),)
FIELDS = (N_("File"), N_("Rows"))
