"""What lists say of the state of a service: its own, or that it is on though nothing is paid any more (A20)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Enum, String, and_, case, not_, type_coerce

from app.broadband.models import Service, ServiceStatus
from app.core import days


class UserStatus(StrEnum):
    """The states of a service, and `expired`, which follows from its stop date."""

    PENDING = ServiceStatus.PENDING.value
    ACTIVE = ServiceStatus.ACTIVE.value
    EXPIRED = "expired"
    SUSPENDED = ServiceStatus.SUSPENDED.value
    FORCED = ServiceStatus.FORCED.value
    CLOSED = ServiceStatus.CLOSED.value

    @property
    def words(self) -> str | None:
        """Its name where that is not the code."""
        return None if self is UserStatus.EXPIRED else ServiceStatus(self).words


_KEPT = Enum(UserStatus, native_enum=False, values_callable=lambda kind: [each.value for each in kind])


def user_status() -> Any:
    """The column, as it is today."""
    shown = case((_is_expired(), UserStatus.EXPIRED.value), else_=type_coerce(Service.status, String))
    return type_coerce(shown, _KEPT).label("user_status")


def has_status(wanted: UserStatus) -> ColumnElement[bool]:
    """The condition that a list calls it so today."""
    if wanted is UserStatus.EXPIRED:
        return _is_expired()
    kept = Service.status == ServiceStatus(wanted)
    return and_(kept, not_(_is_expired())) if wanted is UserStatus.ACTIVE else kept


def _is_expired() -> ColumnElement[bool]:
    """As `Service.is_expired` says."""
    is_over = and_(Service.stop_date.is_not(None), Service.stop_date < days.today())
    return and_(Service.status == ServiceStatus.ACTIVE, is_over)
