"""What people call the codes of basic information. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

USAGES = (N_("Account opening"), N_("Work order"))

# In operation records.
OPERATIONS = (N_("Create"), N_("Change"), N_("Remove"), N_("Reveal"), N_("Export"))
OBJECTS = (
    N_("Broadband community"),
    N_("Broadband package"),
    N_("Broadband material"),
    N_("Broadband installer"),
    N_("Broadband employee"),
    N_("Broadband business type"),
)
FIELDS = (
    N_("Business type"),
    N_("Usage"),
    N_("Community"),
    N_("Community code"),
    N_("Responsible person"),
    N_("Package type"),
    N_("Package fee"),
    N_("Package months"),
    N_("Maintenance fee"),
    N_("Remind days before"),
    N_("Is offered"),
    N_("Material no"),
    N_("Material name"),
    N_("Spec"),
    N_("Unit"),
    N_("Unit price"),
    N_("Installer no"),
    N_("Installer name"),
    N_("Employee no"),
    N_("Employee id"),
    N_("Department"),
    N_("Id card no"),
    N_("Id card mark"),
    N_("Landline"),
    N_("Phone"),
    N_("Home address"),
    N_("Gender"),
    N_("Birth date"),
    N_("Staff id"),
    N_("Remark"),
    N_("Format"),
)
