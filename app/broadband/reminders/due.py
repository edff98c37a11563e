"""Services that come due: written down once for each stop date, and told to their customers once."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager

from app.broadband.bills import Bill, reckon
from app.broadband.models import Package, Reminder, Service, ServiceStatus
from app.broadband.reminders.notices import KEY, STOPPED, STOPS_SOON
from app.broadband.reminders.queries import is_due, is_muted, is_one_of
from app.core import days
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.customers.models import Customer
from app.extensions import db
from app.notices.operations import give


@dataclass(frozen=True, slots=True)
class Portion:
    """What was done at once. looked_at: how many services, none when nothing is left; given: how many notices."""

    looked_at: int
    given: int


def remind_some(*, most: int, actor: Actor) -> Portion:
    """Write down some of the services that have come due, and give their customers notices.

    Each service once for each stop date, however often this is called and by how many at once. Who is muted gets his
    notice when he is not any more, if it is due then; a service that is suspended by force stops nobody's days, and
    its customer gets none.
    """
    found = db.session.scalars(_left().limit(most)).all()
    return Portion(len(found), sum(_remind(service, actor) for service in found))


def note_due(service: Service) -> None:
    """Write down, once for each stop date, that a service came due."""
    insert = postgresql.insert if is_postgresql() else sqlite.insert
    said = {"service_id": service.id, "stop_date": service.stop_date, "due_on": days.today()}
    made = insert(Reminder).values(**said, salesperson_id=service.salesperson_id)
    db.session.execute(made.on_conflict_do_nothing(index_elements=["service_id", "stop_date"]))


def _left() -> Select[Any]:
    """The services of which something is left to do, locked: who pays at this moment is asked again afterwards."""
    today = days.today()
    same = and_(Reminder.service_id == Service.id, Reminder.stop_date == Service.stop_date)
    to_be_told = and_(Reminder.noticed_on.is_(None), _is_told(today))
    ask = select(Service).join(Package, Package.id == Service.package_id).outerjoin(Reminder, same)
    ask = ask.join(Customer, Customer.id == Service.customer_id).options(contains_eager(Service.customer))
    ask = ask.where(is_due(today), Customer.deleted_at.is_(None), or_(Reminder.id.is_(None), to_be_told))
    ask = ask.order_by(Service.stop_date, Service.id).with_for_update(of=Service)
    return ask.execution_options(populate_existing=True)


def _is_told(today: Any) -> Any:
    return and_(is_one_of(ServiceStatus.ACTIVE), ~is_muted(today))


def _remind(service: Service, actor: Actor) -> bool:
    """Whether a notice was given."""
    note_due(service)
    today = days.today()
    is_muted_now = service.muted_until is not None and service.muted_until > today
    if service.stop_date is None or service.status is not ServiceStatus.ACTIVE or is_muted_now:
        return False
    kind = STOPPED if service.stop_date < today else STOPS_SOON
    values = {
        "name": service.customer.name,
        "number": service.service_no,
        "package": service.package_type,
        "day": service.stop_date,
        "due": reckon(Bill(), service).total,
    }
    key = KEY.format(service=service.id, day=service.stop_date)
    is_new = give(service.customer_id, kind, key=key, values=values, actor=actor)
    noticed = update(Reminder).where(Reminder.service_id == service.id, Reminder.stop_date == service.stop_date)
    db.session.execute(noticed.values(noticed_on=today).execution_options(synchronize_session=False))
    return is_new
