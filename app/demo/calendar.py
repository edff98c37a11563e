"""When things happen in the demo: how the chain grows over the months, and the hours of its days. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from app.core.clock import ShopClock

DAYS = 180
GROWTH = 0.8  # below 1: more newcomers in the beginning than later
WEEKDAYS = (0.92, 0.88, 0.93, 1.0, 1.18, 1.42, 1.3)  # from Monday
HOURS = {8: 5, 9: 8, 10: 7, 11: 8, 12: 11, 13: 9, 14: 8, 15: 9, 16: 8, 17: 8, 18: 9, 19: 8, 20: 6, 21: 3}
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of trade. newcomers: the customers, by number, who come for the first time; moments: of postings."""

    on: date
    opens_at: datetime
    ends_at: datetime
    newcomers: range
    moments: list[datetime]


def days(
    customers: int, postings: int, seed: int, *, now: datetime, shop: ShopClock, over: int = DAYS
) -> Iterator[Day]:
    """The days up to the present one, `over` so many, with so many newcomers and postings in all.

    Days that are over depend on the seed and the date alone. What happened today happened before the hour that
    has begun, so that nothing lies in the future.
    """
    chance = Random(f"days {seed}")  # noqa: S311 - nothing here is a secret
    today = shop.business_date(now)
    dates = [today - timedelta(days=back) for back in reversed(range(over))]
    known = [_share(customers, (number + 1) / over) for number in range(over)]
    busy = [count * WEEKDAYS[on.weekday()] * chance.uniform(0.9, 1.1) for count, on in zip(known, dates, strict=True)]
    reached = list(accumulate(busy))
    made = came = 0
    for on, due, count in zip(dates, reached, known, strict=True):
        until = round(postings * due / reached[-1])
        opens_at, ends_at = _hours(on, shop, now)
        moments = _moments(until - made, on, seed, shop)
        if on == today:
            moments = _squeezed(moments, opens_at, ends_at)
        yield Day(on, opens_at, ends_at, range(came, count), moments)
        made, came = until, count


def _share(customers: int, of_time: float) -> int:
    """How many customers the chain has after a part of the time: at least one, in the end all."""
    return max(1, min(customers, round(customers * of_time**GROWTH)))


def _at(on: date, hour: int, shop: ShopClock) -> datetime:
    """The moment at which the shop's clock shows that hour in that business day."""
    after_midnight = timedelta(hours=hour) < shop.day_start
    local = datetime.combine(on + timedelta(days=after_midnight), time(hour), shop.zone)
    return local.astimezone(UTC)


def _hours(on: date, shop: ShopClock, now: datetime) -> tuple[datetime, datetime]:
    """From when till when there is trade. Today it ends before now, and begins early if it must."""
    begins = [_at(on, hour, shop) for hour in HOURS]
    opens_at, closes_at = min(begins), max(begins) + HOUR
    if closes_at <= now:
        return opens_at, closes_at
    local = shop.local(now)
    ends_at = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    if ends_at >= opens_at + HOUR:
        return opens_at, ends_at
    starts_at = (datetime.combine(on, time()) + shop.day_start).replace(tzinfo=shop.zone).astimezone(UTC)
    return starts_at, ends_at if ends_at > starts_at else now.replace(second=0, microsecond=0)


def _moments(count: int, on: date, seed: int, shop: ShopClock) -> list[datetime]:
    chance = Random(f"moments {seed} {on}")  # noqa: S311
    begins = [_at(on, hour, shop) for hour in HOURS]
    found = chance.choices(begins, list(HOURS.values()), k=count)
    return sorted(begin + timedelta(seconds=chance.randrange(3600)) for begin in found)


def _squeezed(moments: list[datetime], opens_at: datetime, ends_at: datetime) -> list[datetime]:
    """The same moments in the same order, within what has passed of the day. To the second, as the others are."""
    if not moments:
        return []
    first, whole = moments[0], max((moments[-1] - moments[0]) / timedelta(seconds=1), 1)
    room = max((ends_at - opens_at) / timedelta(seconds=1), 0)
    parts = ((moment - first) / timedelta(seconds=1) / whole for moment in moments)
    return [opens_at + timedelta(seconds=int(part * room)) for part in parts]
