"""What people call the codes of this room. `app.ui.formats.choice` makes these messages of the codes."""

from app.core.errors import N_

STATUSES = (N_("Active"), N_("Inactive"), N_("Removed"))
SESSIONS = (N_("Browser"), N_("Api"))

# In operation records.
OPERATIONS = (
    N_("Create"),
    N_("Change"),
    N_("Remove"),
    N_("Set password"),
    N_("Change own password"),
    N_("Sign in"),
    N_("Sign out"),
    N_("Sign in failed"),
    N_("End other sessions"),
    N_("Unlock"),
    N_("Set up second factor"),
    N_("Renew recovery codes"),
    N_("Remove second factor"),
    N_("Reset second factor"),
    N_("Make key"),
    N_("Revoke key"),
    N_("Sync roles"),
    N_("Forget sessions"),
)
OBJECTS = (N_("Staff"), N_("Role"), N_("Api key"))
FIELDS = (
    N_("Username"),
    N_("Display name"),
    N_("Role"),
    N_("Stores"),
    N_("Is active"),
    N_("Kind"),
    N_("Ended"),
    N_("Sessions ended"),
    N_("Sessions"),
    N_("Failures"),
    N_("Locked until"),
    N_("Second factor"),
    N_("Expires at"),
    # What a role may do is written down under its name.
    N_("Super admin"),
    N_("Ordinary admin"),
    N_("Cashier"),
    N_("Service desk"),
    N_("Finance"),
    N_("Installer"),
)
