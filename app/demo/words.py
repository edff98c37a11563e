"""What people call the codes of this room in operation records."""

from app.core.errors import N_

OPERATIONS = (N_("Load"),)
OBJECTS = (N_("Demo"),)
FIELDS = (N_("Customers"), N_("Postings"), N_("Seed"), N_("Days"), N_("Subscribers"))
