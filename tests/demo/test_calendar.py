"""The days of the demo: exact sums, growth, and nothing that has not happened yet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.core.clock import ShopClock
from app.demo.calendar import DAYS, days

SHANGHAI = ShopClock(ZoneInfo("Asia/Shanghai"), timedelta())
EVENING = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)  # half past nine in the shop
HOURS_OF_A_DAY = [datetime(2026, 11, 17, 16, tzinfo=UTC) + timedelta(hours=hour, seconds=30) for hour in range(24)]


def all_days(customers=500, postings=5000, seed=1, now=EVENING, shop=SHANGHAI, over=DAYS):
    return list(days(customers, postings, seed, now=now, shop=shop, over=over))


@pytest.mark.parametrize(("customers", "postings"), [(500, 5000), (1, 1), (3, 10_000), (2000, 7), (181, 179)])
def test_customers_and_postings_add_up(customers, postings):
    found = all_days(customers, postings)
    assert len(found) == DAYS
    assert sum(len(day.moments) for day in found) == postings
    assert [number for day in found for number in day.newcomers] == list(range(customers))


@pytest.mark.parametrize("over", [1, 2, 64, 400])
def test_they_may_lie_over_another_number_of_days(over):
    found = all_days(over=over)
    assert [day.on for day in found] == [found[-1].on - timedelta(days=back) for back in reversed(range(over))]
    assert found[-1].on == SHANGHAI.business_date(EVENING)
    assert sum(len(day.moments) for day in found) == 5000
    assert [number for day in found for number in day.newcomers] == list(range(500))


def test_the_chain_grows_and_has_more_to_do_at_weekends():
    found = all_days(postings=50_000)
    month = 30
    sums = [sum(len(day.moments) for day in found[start : start + month]) for start in range(0, DAYS, month)]
    assert sums == sorted(sums)
    last = found[-8:-1]
    by_weekday = {day.on.weekday(): len(day.moments) for day in last}
    assert min(by_weekday[5], by_weekday[6]) > max(by_weekday[day] for day in range(4))


@pytest.mark.parametrize("day_start", [0, 4, 12])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_every_moment_lies_in_its_day_and_in_the_past(day_start, zone):
    shop = ShopClock(ZoneInfo(zone), timedelta(hours=day_start))
    for now in HOURS_OF_A_DAY:
        found = all_days(postings=1000, now=now, shop=shop)
        moments = [moment for day in found for moment in day.moments]
        assert moments == sorted(moments)
        assert moments[-1] <= found[-1].ends_at <= now
        for day in found:
            assert {shop.business_date(moment) for moment in day.moments} <= {day.on}


def test_the_present_day_has_its_share_whatever_the_hour():
    for now in HOURS_OF_A_DAY:
        today = all_days(now=now)[-1]
        assert today.on == SHANGHAI.business_date(now)
        assert len(today.moments) > 20


def test_the_days_before_do_not_depend_on_the_hour():
    assert all_days(now=HOURS_OF_A_DAY[0])[:-1] == all_days(now=HOURS_OF_A_DAY[23])[:-1]
    assert all_days() == all_days(now=EVENING + timedelta(minutes=29))
    assert all_days(seed=2) != all_days()
