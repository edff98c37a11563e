"""What people call the codes of this room in operation records."""

from app.core.errors import N_

OPERATIONS = (N_("Rotate"),)
OBJECTS = (N_("Sealed values"),)
FIELDS = (
    N_("Unreadable"),
    N_("Customer.id number"),
    N_("Customer import row.id number"),
    N_("Broadband employee.id card"),
    N_("Broadband service.password"),
)
