"""`flask customers`: customers from the command line."""

from flask.cli import AppGroup

from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover.commands import import_command

customers = AppGroup("customers", help="Customers: the list, and taking one over.")
customers.add_command(import_command(CUSTOMERS, "Take over a customer list (XLSX or CSV), all of it or nothing."))
