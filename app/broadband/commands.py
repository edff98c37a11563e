"""`flask broadband`: a provider's work from the command line."""

from flask.cli import AppGroup

from app.broadband.reminders.commands import suspend_overdue_command
from app.broadband.subscribers.kind import SUBSCRIBERS
from app.customers.takeover.commands import import_command

broadband_group = AppGroup("broadband", help="Broadband: taking over subscribers, suspending who is overdue.")
broadband_group.add_command(
    import_command(SUBSCRIBERS, "Take over a list of subscribers (XLSX or CSV), all of it or nothing.")
)
broadband_group.add_command(suspend_overdue_command)
