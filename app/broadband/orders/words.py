"""What people call the codes of work orders, and numbers that are kept sealed."""

from app.core.errors import N_

STATES = (
    N_("Draft"),
    N_("Accepted"),
    N_("Scheduled"),
    N_("In progress"),
    N_("Work done"),
    N_("Billed"),
    N_("Cancelled"),
)
KINDS = (
    N_("Installation"),
    N_("Relocation"),
    N_("Transfer"),
    N_("Package change"),
    N_("Repair"),
    N_("Removal"),
)

# In operation records.
OPERATIONS = (
    N_("Create"),
    N_("Change"),
    N_("Accept"),
    N_("Appoint"),
    N_("Start"),
    N_("Finish"),
    N_("Bill"),
    N_("Cancel"),
    N_("Reopen"),
    N_("Add line"),
    N_("Change line"),
    N_("Remove line"),
)
OBJECTS = (N_("Work order"), N_("Broadband"))
FIELDS = (
    N_("Work kind"),
    N_("Business type id"),
    N_("Installer id"),
    N_("Installation fee"),
    N_("Handling fee"),
    N_("Labour material fee"),
    N_("Other fee"),
    N_("Total"),
    N_("New customer id"),
    N_("New customer name"),
    N_("New phone"),
    N_("New id card no"),
    N_("New package id"),
    N_("New community id"),
    N_("New address"),
    N_("Customer request"),
    N_("Remark"),
    N_("Document status"),
    N_("Document"),
    N_("Work date"),
    N_("Accepted at"),
    N_("Appointment at"),
    N_("Billing start at"),
    N_("Material no"),
    N_("Quantity"),
    N_("Reason"),
)
