"""What people call the codes of this room in operation records."""

from app.core.errors import N_

OPERATIONS = (N_("Rotate"),)
OBJECTS = (N_("Sealed values"),)
FIELDS = (
    N_("Unreadable"),
    N_("Id number"),
    N_("Id card"),
    N_("Password"),
)
