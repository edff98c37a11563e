"""`flask customers`: customers from the command line."""

from flask.cli import AppGroup

from app.customers.takeover.commands import import_

customers = AppGroup("customers", help="Customers: the list, and taking one over.")
customers.add_command(import_)
