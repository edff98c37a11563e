"""Consecutive payments never gap nor overlap, over years, leap days and month ends; frozen days count once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.broadband.periods import ONE_DAY, beginning_after, days_left, frozen_days, next_period, period

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
MONTHS = st.integers(1, 24)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-15", 1, "2026-02-14"),
        ("2026-01-31", 1, "2026-02-27"),
        ("2028-01-31", 1, "2028-02-28"),
        ("2026-01-31", 2, "2026-03-30"),
        ("2028-02-29", 12, "2029-02-27"),
        ("2026-12-01", 1, "2026-12-31"),
        ("2026-11-30", 3, "2027-02-27"),
    ],
)
def test_a_period_ends_the_day_before_the_next_begins(start, months, end):
    first = date.fromisoformat(start)
    assert period(first, months, first.day).end == date.fromisoformat(end)


def test_the_31st_comes_back_after_a_short_month():
    paid, stop, anchor = [], None, None
    for _ in range(4):
        one = next_period(1, stop_date=stop, anchor=anchor, today=date(2026, 1, 31))
        paid.append((one.start.isoformat(), one.end.isoformat()))
        stop, anchor = one.end, one.anchor
    assert paid == [
        ("2026-01-31", "2026-02-27"),
        ("2026-02-28", "2026-03-30"),
        ("2026-03-31", "2026-04-29"),
        ("2026-04-30", "2026-05-30"),
    ]


@given(DAYS, st.lists(MONTHS, min_size=1, max_size=30))
def test_payments_in_time_follow_each_other_without_gap_or_overlap(first, terms):
    stop, anchor, begun = None, None, first
    for months in terms:
        one = next_period(months, stop_date=stop, anchor=anchor, today=first)
        assert one.start == begun
        assert one.end >= one.start
        begun, stop, anchor = one.end + ONE_DAY, one.end, one.anchor
    # However the months were parted into payments, they end where one payment for all of them would.
    assert stop == period(first, sum(terms), first.day).end


@given(DAYS, st.integers(1, 400), MONTHS)
def test_a_late_payment_begins_today(stop, days_late, months):
    today = stop + timedelta(days=days_late)
    one = next_period(months, stop_date=stop, anchor=stop.day, today=today)
    assert one.start == today
    assert one.end == period(today, months, one.anchor).end


@given(DAYS, MONTHS, st.integers(0, 400), MONTHS)
def test_frozen_days_move_the_stop_date_once_and_nothing_is_lost_after_them(first, months, frozen, more):
    one = next_period(months, stop_date=None, anchor=None, today=first)
    suspended = first + timedelta(days=min(5, (one.end - first).days))
    back = suspended + timedelta(days=frozen)
    stop = one.end + timedelta(days=frozen_days(suspended, back, one.end))
    assert (stop - back).days == (one.end - suspended).days, "as many days are left as when it was suspended"
    after = next_period(more, stop_date=stop, anchor=one.anchor, today=back)
    assert after.start == stop + ONE_DAY


@given(DAYS, st.integers(1, 60), st.integers(0, 60))
def test_nothing_waits_where_nothing_was_paid(stop, late, frozen):
    suspended = stop + timedelta(days=late)
    assert frozen_days(suspended, suspended + timedelta(days=frozen), stop) == 0


@given(DAYS, st.integers(1, 120))
def test_a_beginning_is_the_anchor_or_the_end_of_a_shorter_month(start, months):
    begins = beginning_after(start, months, start.day)
    assert begins.day == start.day or (begins.day < start.day and (begins + ONE_DAY).day == 1)


def test_days_left_are_counted_after_today():
    assert days_left(date(2026, 3, 10), date(2026, 3, 10)) == 0
    assert days_left(date(2026, 3, 10), date(2026, 3, 12)) == -2
