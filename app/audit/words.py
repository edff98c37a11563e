"""Who can have acted, in words."""

from app.core.errors import N_

# `app.ui.formats.choice` makes these messages of the codes.
ACTORS = (N_("Staff"), N_("API key"), N_("Customer"), N_("Distributor"), N_("System"))
# The names under which the house acts by itself; commands go by their own.
HOUSE = frozenset({N_("sign-in"), N_("start"), N_("first start"), N_("holds"), N_("jobs")})
OBJECTS = (N_("Operation record"),)
# The rooms that operations are done in: the beginning of their codes.
ROOMS = (
    N_("Approvals"),
    N_("Audit"),
    N_("Backup"),
    N_("Customers"),
    N_("Demo"),
    N_("Jobs"),
    N_("Ledger"),
    N_("Receipts"),
    N_("Retention"),
    N_("Shifts"),
    N_("Shop"),
    N_("Staff"),
    N_("Tables"),
)
FIELDS = (N_("Operation"), N_("Object type"), N_("Object id"), N_("Actor id"), N_("Actor name"), N_("Business date"))
