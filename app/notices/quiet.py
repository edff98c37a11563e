"""The hours in which nothing leaves for customers."""

from datetime import datetime

from app.core import clock
from app.shop.queries import settings


def is_quiet(moment: datetime) -> bool:
    """Whether the shop wants nothing sent at that moment (aware). The hours may go on past midnight."""
    hours = settings(("quiet_from", "quiet_to"))
    return bool(hours["quiet_from"]) and _within(
        clock.shop_clock().local(moment).hour, int(hours["quiet_from"]), int(hours["quiet_to"])
    )


def _within(hour: int, first: int, last: int) -> bool:
    return first <= hour < last if first < last else hour >= first or hour < last
