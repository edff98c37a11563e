"""When a job is due: by the shop's own days."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core import clock
from app.core.jobs import EachDay, EachMonth, Every

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def shop_that_opens_its_day_at_four():
    before = clock._shop
    clock.configure("Europe/Berlin", "04:00")
    yield
    clock._shop = before


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.shop_clock().zone)


@pytest.mark.parametrize(
    ("schedule", "last", "due"),
    [
        (Every(timedelta(hours=1)), "2026-03-28T10:00", "2026-03-28T11:00"),
        (EachDay(TEN_MINUTES), "2026-03-28T10:00", "2026-03-29T04:10"),  # the clocks go forward that night
        (EachDay(TEN_MINUTES), "2026-03-29T04:09", "2026-03-29T04:10"),
        (EachDay(TEN_MINUTES), "2026-03-29T04:10", "2026-03-30T04:10"),
        (EachMonth(TEN_MINUTES), "2026-02-28T10:00", "2026-03-01T04:10"),
        (EachMonth(TEN_MINUTES), "2026-03-01T04:09", "2026-03-01T04:10"),
        (EachMonth(TEN_MINUTES), "2026-12-31T23:00", "2027-01-01T04:10"),
        (EachMonth(TEN_MINUTES), "2026-03-01T03:00", "2026-03-01T04:10"),  # still the last day of February
    ],
)
def test_a_job_is_due_when_its_schedule_says(schedule, last, due):
    assert schedule.after(at(last).astimezone(UTC)) == at(due)
