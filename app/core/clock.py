"""The shop's time: instants in UTC, business days in the zone of the deployment.

Business time may be set for tests (TEST_NOW); sessions, tokens and lockouts keep `real_now()`.
"""

import time
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class ShopClock(NamedTuple):
    """How instants become business days.

    zone: the shop's time zone; day_start: how long after midnight its day begins;
    shift: what is added to the real time (zero but in tests).
    """

    zone: ZoneInfo
    day_start: timedelta
    shift: timedelta = timedelta()

    def business_date(self, instant: datetime) -> date:
        """The shop's day that an aware instant falls on."""
        return (instant.astimezone(self.zone).replace(tzinfo=None) - self.day_start).date()

    def local(self, instant: datetime) -> datetime:
        """The same instant as the shop's clock shows it."""
        return instant.astimezone(self.zone)


_shop = ShopClock(ZoneInfo("Asia/Shanghai"), timedelta())


def configure(zone: str, day_start: str, starts_at: str | None = None) -> None:
    """Set the clock of this deployment, once, at start.

    zone: an IANA name. day_start: "HH:MM". starts_at: an ISO instant with zone at which business time
    begins, for tests. Raises ValueError or ZoneInfoNotFoundError for anything else.
    """
    global _shop
    began = time.strptime(day_start, "%H:%M")
    shift = timedelta()
    if starts_at:
        instant = datetime.fromisoformat(starts_at)
        if instant.tzinfo is None:
            raise ValueError(f"TEST_NOW needs a time zone: {starts_at}")
        shift = instant - real_now()
    _shop = ShopClock(ZoneInfo(zone), timedelta(hours=began.tm_hour, minutes=began.tm_min), shift)


def shop_clock() -> ShopClock:
    return _shop


def real_now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time, aware, in UTC."""
    return real_now() + _shop.shift


def today() -> date:
    """The shop's present day by the clock."""
    return _shop.business_date(now())


def start_of(day: date) -> datetime:
    """The instant at which the shop's day begins, aware, in UTC."""
    return (datetime.combine(day, datetime.min.time(), _shop.zone) + _shop.day_start).astimezone(UTC)
