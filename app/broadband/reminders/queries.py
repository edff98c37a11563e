"""Named reads of reminders: which services are announced, what was last said about them, which the rule suspends."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, false, func, literal, or_, select

from app.broadband.models import Call, Package, Service, ServiceStatus
from app.broadband.models.subscriptions import ANNOUNCED
from app.broadband.reminders.settings import REMIND_DAYS, SUSPEND_AFTER
from app.core import days
from app.extensions import db
from app.shop.queries import setting

MOST_CALLS = 50  # of one service on its page


def is_one_of(*states: ServiceStatus) -> ColumnElement[bool]:
    """The condition that a service is in one of these states, in the words that the partial indexes know."""
    others = [each for each in ServiceStatus if each not in states]
    return Service.status.not_in([literal(each, Service.status.type, literal_execute=True) for each in others])


def is_due(today: date) -> ColumnElement[bool]:
    """The condition that a service, joined with its package, stops within the days of reminder, or has stopped.

    Suspended services are not: their paid days wait. Nor are those that wait for their installation.
    """
    usual, own = setting(REMIND_DAYS), _days_of_packages()
    latest = Service.stop_date <= _in(max([usual, *own]), today)  # what an index knows
    if not own:
        return and_(is_one_of(*ANNOUNCED), latest)
    last = case({each: _in(each, today) for each in own}, value=Package.remind_days_before, else_=_in(usual, today))
    return and_(is_one_of(*ANNOUNCED), latest, Service.stop_date <= last)


def _days_of_packages() -> list[int]:
    own = select(Package.remind_days_before).where(Package.remind_days_before.is_not(None))
    return [number for number in db.session.scalars(own.distinct()) if number is not None]


def _in(number: int, today: date) -> ColumnElement[date]:
    return literal(today + timedelta(days=number), Date)


def is_muted(today: date) -> ColumnElement[bool]:
    """The condition that nobody is to be reminded of a service now."""
    return func.coalesce(Service.muted_until > today, false())


def with_last_call(ask: Select[Any]) -> Select[Any]:
    """Services with the last call about their present stop date, if there was one: a new stop date begins anew.

    What a former owner of the service said does not count.
    """
    same = (Call.service_id == Service.id, Call.stop_date == Service.stop_date, Call.customer_id == Service.customer_id)
    last = select(func.max(Call.id)).where(*same).correlate(Service).scalar_subquery()
    return ask.outerjoin(Call, Call.id == last)


def to_be_suspended(today: date) -> ColumnElement[bool]:
    """The condition that the rule suspends a service by force; it is joined with its last call.

    That is: it runs, nothing is paid for more days than the owner has set, its reminders are not muted, and its
    customer has not promised to pay by today or a later day. What the last call says holds: who promised, and refuses
    in a later call, has promised nothing. Without the setting no service is suspended.
    """
    number = setting(SUSPEND_AFTER)
    if number is None:
        return false()
    is_overdue = and_(is_one_of(*ANNOUNCED), is_one_of(ServiceStatus.ACTIVE), Service.stop_date < _in(-number, today))
    has_not_promised = or_(Call.promised_on.is_(None), Call.promised_on < today)
    return and_(is_overdue, ~is_muted(today), has_not_promised)


def overdue() -> Select[Any]:
    """What the rule suspends today, the longest overdue first: what the job does, and what its dry run prints."""
    shown: tuple[Any, ...] = (Service.id, Service.service_no, Service.stop_date)
    return with_last_call(select(*shown)).where(to_be_suspended(days.today())).order_by(Service.stop_date, Service.id)


def calls_of(service_id: int) -> Sequence[Call]:
    """What came of the calls about a service, the latest first."""
    ask = select(Call).where(Call.service_id == service_id).order_by(Call.id.desc())
    return db.session.scalars(ask.limit(MOST_CALLS)).all()


def last_call_id(service_id: int) -> int:
    """The number of the last call about a service; 0 before the first."""
    return db.session.scalar(select(func.max(Call.id)).where(Call.service_id == service_id)) or 0
