"""Who can have acted, in words."""

from app.core.errors import N_

# `app.ui.formats.choice` makes these messages of the codes.
ACTORS = (N_("Staff"), N_("API key"), N_("Customer"), N_("Distributor"), N_("System"))
# The names under which the house acts by itself; commands go by their own.
HOUSE = frozenset({N_("sign-in"), N_("start"), N_("first start"), N_("holds"), N_("jobs")})
