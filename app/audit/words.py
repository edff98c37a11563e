"""Who can have acted, in words. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

ACTORS = (N_("Staff"), N_("Customer"), N_("Distributor"), N_("System"))
