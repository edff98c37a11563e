"""Services that come due: written down once for each stop date."""

from sqlalchemy.dialects import postgresql, sqlite

from app.broadband.models import Reminder, Service
from app.core import days
from app.core.db import is_postgresql
from app.extensions import db


def note_due(service: Service) -> None:
    """Write down, once for each stop date, that a service came due."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    said = {"service_id": service.id, "stop_date": service.stop_date, "due_on": days.today()}
    made = insert(Reminder).values(**said, salesperson_id=service.salesperson_id)
    db.session.execute(made.on_conflict_do_nothing(index_elements=["service_id", "stop_date"]))
