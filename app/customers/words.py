"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

# The codes of types stand in operation records without the enum: there "vip" is the message "Vip".
TYPES = (N_("Personal"), N_("Company"), N_("VIP"), N_("Vip"), N_("Distributors customer"), N_("Staff"))
GENDERS = (N_("Female"), N_("Male"), N_("Other"))
STATES = (N_("Uploaded"), N_("Staging"), N_("Staged"), N_("Applying"), N_("Applied"), N_("Failed"))

# In operation records.
OPERATIONS = (
    N_("Create"),
    N_("Change"),
    N_("Delete"),
    N_("Take over"),
    N_("Merge"),
    N_("Export"),
    N_("Export statement"),
    N_("Reveal"),
)
OBJECTS = (N_("Customer"), N_("Customer import"))
FIELDS = (
    N_("Customer no"),
    N_("Phone"),
    N_("Name"),
    N_("Type"),
    N_("Gender"),
    N_("Birthday"),
    N_("Language"),
    N_("Landline"),
    N_("Contact phone"),
    N_("Email"),
    N_("Id number"),
    N_("Address"),
    N_("Note"),
    N_("Store"),
    N_("Deleted"),
    N_("Reason"),
    N_("Document no"),
    N_("Customers"),
    N_("Opening postings"),
    N_("Opening total"),
    N_("Bonus total"),
    N_("Merged customer"),
    N_("Principal moved"),
    N_("Bonus moved"),
    N_("Format"),
    N_("From"),
    N_("To"),
    N_("Phone start"),
    N_("Store id"),
    N_("Balance min"),
    N_("Balance max"),
    N_("Created from"),
    N_("Created to"),
    N_("Active from"),
    N_("Active to"),
    N_("Revealed"),
)

# What account details were looked for by, in the record of an export.
LOOKED_FOR = (
    N_("Kind"),
    N_("Method"),
    N_("Operator"),
    N_("Receipt"),
    N_("Amount min"),
    N_("Amount max"),
    N_("Customer"),
)
