"""What people call the codes of this room; programs and tables keep the codes."""

from app.core.errors import N_

KINDS = (N_("Postings"), N_("Records"))
STATES = (N_("Planned"), N_("Written"), N_("Verified"), N_("Checkpointed"), N_("Purging"), N_("Purged"))

# In operation records.
OPERATIONS = (N_("Run"), N_("Look"), N_("Erase person"))
OBJECTS = (N_("Archive"),)
FIELDS = (
    N_("Today"),
    N_("Months"),
    N_("Month"),
    N_("Erased"),
    N_("Proof holds"),
    N_("Transfers"),
    N_("Records"),
    N_("Is erased"),
)
