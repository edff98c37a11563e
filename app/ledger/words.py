"""What people call the codes of the ledger. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

KINDS = (
    N_("Recharge"),
    N_("Consumption"),
    N_("Reversal"),
    N_("Refund"),
    N_("Adjustment"),
    N_("Opening"),
    N_("Sale"),
    N_("Cash in"),
    N_("Cash out"),
    N_("Difference"),
)
STATUSES = (N_("Open"), N_("Active"), N_("Frozen"), N_("Closed"), N_("Captured"), N_("Voided"), N_("Expired"))
CATEGORIES = (N_("General"),)  # the one that every shop has; the others have the names that the owner gave them

# In operation records.
OPERATIONS = (
    N_("Set credit limit"),
    N_("Wallet open"),
    N_("Wallet frozen"),
    N_("Wallet closed"),
    N_("Hold"),
    N_("Hold captured"),
    N_("Hold voided"),
    N_("Hold expired"),
    N_("Close day"),
)
OBJECTS = (N_("Posting"), N_("Hold"), N_("Day"))
FIELDS = (
    N_("Amount"),
    N_("Principal"),
    N_("Bonus"),
    N_("Principal held"),
    N_("Bonus held"),
    N_("Reverses"),
    N_("Forced"),
    N_("Credit limit"),
    N_("Status"),
    N_("Reason"),
    N_("Day"),
    N_("Seal"),
    N_("Postings"),
)
