"""What people call an export in operation records. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

OPERATIONS = (N_("Export"),)
OBJECTS = (N_("Report"),)
FIELDS = (N_("Report"), N_("Format"), N_("From"), N_("To"))
