"""At every moment list = totals = programs = chart: around midnight, month ends, 29 February, zones with summer time.

Each instant sets the shop's clock and posts, the first ones close days too; then the same question is asked of the
list, the totals, the API's report and the chart. INSTANTS sets how many: 1000 is the full size.
"""

import os
import random
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.core import clock, days
from app.core.actor import Actor
from app.core.db import in_transaction
from app.extensions import db
from app.ledger import queries as ledger
from app.ledger import totals
from app.ledger.closing import close_days
from app.ledger.models import Kind
from app.ledger.operations import consume, open_wallet, recharge, reverse
from app.ledger.totals import By
from app.reports import queries
from app.reports.board import board
from app.reports.queries import Asked
from app.reports.views import chart
from app.shop.models import Method
from app.shop.operations import change_settings

INSTANTS = int(os.environ.get("INSTANTS", "24"))
SOMEBODY = Actor.system("test")
CUSTOMER = 77
BEGAN = datetime(2027, 6, 1, 4, tzinfo=UTC)  # whenever the test itself is run: which days close depends on it
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
EDGES = (
    datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2028, 2, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
    datetime(2028, 3, 26, 1, 59, 59, tzinfo=UTC),  # the clocks go forward in Europe
    datetime(2028, 4, 30, 23, 59, 59, tzinfo=UTC),
    datetime(2028, 10, 29, 2, 30, 0, tzinfo=UTC),  # this hour happens twice in Europe
    datetime(2028, 11, 5, 1, 30, 0, tzinfo=UTC),  # and this one in America
)


@pytest.fixture
def at():
    """Call it with an instant, a zone and the start of the day, to set the shop's clock to."""
    before = clock.shop_clock()
    yield lambda instant, zone, start="00:00": clock.configure(zone, start, instant.isoformat())
    clock.configure(before.zone.key, "00:00", (clock.real_now() + before.shift).isoformat())


def instants(count: int) -> list[datetime]:
    """Moments around the edges, each a little later or earlier; the clock is set back now and then."""
    chance = random.Random(7)  # noqa: S311
    shifts = [timedelta(seconds=chance.randint(-14 * 3600, 26 * 3600)) for _ in range(count)]
    return [EDGES[number * len(EDGES) // count] + shift for number, shift in enumerate(shifts)]


def listed(first: date, last: date) -> dict[str, Decimal]:
    """What the list of postings says, row by row, to its end."""
    sums = {"recharge": Decimal(0), "consumption": Decimal(0), "undone": Decimal(0)}
    below = None
    while True:
        rows = ledger.page({"first_day": first, "last_day": last}, actor=SOMEBODY, below=below, limit=200)
        for row in rows[:200]:
            is_reversal = row.kind is Kind.REVERSAL
            sums["undone" if is_reversal else row.kind.value] += row.amount
        if len(rows) <= 200:
            return sums
        below = rows[199].id


def figure(said: str) -> Decimal:
    """An amount as a chart says it."""
    return Decimal(re.sub(r"[^0-9.-]", "", said.replace("\u2212", "-")))


def told(figures: totals.Figures) -> dict[str, Decimal]:
    recharged, consumed = figures.of(Kind.RECHARGE), figures.of(Kind.CONSUMPTION)
    undone = recharged.reversed + consumed.reversed
    return {"recharge": recharged.gross, "consumption": consumed.gross, "undone": undone}


def check(last: date) -> None:
    """The same figures wherever they are asked for: of the last day, of the week before it, and of all time."""
    db.session.rollback()
    for first in (last, last - timedelta(6)):
        wanted = listed(first, last)
        asked = Asked(first=first, last=last)
        for by in (None, By.DAY, By.HOUR):
            report = queries.report(asked, by, actor=SOMEBODY)
            assert told(report.figures) == wanted
        drawn = chart([(str(group.key), group.figures) for group in report.groups], "")
        said = [mark.text.rpartition(": ")[2] for mark in drawn.marks if mark.series == 0] if drawn else []
        assert sum(map(figure, said), Decimal(0)) == report.figures.takings
    whole = totals.all_time()
    assert told(whole.figures) == listed(date.min, date.max)
    assert whole.principal == whole.figures.takings - whole.figures.of(Kind.CONSUMPTION).net


def test_list_totals_programs_and_chart_agree_at_every_moment(empty_house, at):
    chance = random.Random(11)  # noqa: S311
    at(BEGAN, ZONES[0])
    in_transaction(lambda: change_settings({"keep_postings": "never"}, actor=SOMEBODY))  # years are listed
    in_transaction(lambda: open_wallet(CUSTOMER, actor=SOMEBODY).id)
    in_transaction(lambda: recharge(CUSTOMER, Decimal("5000.00"), method=Method.CASH, store_id=1, actor=SOMEBODY).id)
    # Some days that close, then moments years ahead, whose days stay open.
    moments = [BEGAN + timedelta(hours=7 * number) for number in range(9)] + sorted(instants(INSTANTS))
    for number, instant in enumerate(moments):
        back = timedelta(days=2) if number % 7 == 6 else timedelta()  # the clock was set back
        at(instant - back, chance.choice(ZONES), chance.choice(("00:00", "04:00")))
        amount = Decimal(chance.randint(100, 99_999)) / 100
        made = in_transaction(lambda a=amount: recharge(CUSTOMER, a, method=Method.CASH, store_id=1, actor=SOMEBODY).id)
        if number % 3 == 0:
            in_transaction(lambda: consume(CUSTOMER, Decimal("1.00"), store_id=1, actor=SOMEBODY).id)
        if number % 4 == 0:
            in_transaction(lambda posting=made: reverse(posting, reason="x", actor=SOMEBODY).id)
        if number in (4, 8):
            assert close_days(actor=SOMEBODY)
        check(days.today())


def test_the_overview_is_the_same_before_and_after_a_day_is_closed(empty_house, shop_time):
    today = clock.today()
    shop_time(today)
    in_transaction(lambda: open_wallet(CUSTOMER, actor=SOMEBODY).id)
    for amount in ("100.00", "23.45"):
        in_transaction(
            lambda a=amount: recharge(CUSTOMER, Decimal(a), method=Method.ALIPAY, store_id=1, actor=SOMEBODY).id
        )
    shop_time(today + timedelta(days=1))
    in_transaction(lambda: consume(CUSTOMER, Decimal("3.45"), store_id=1, actor=SOMEBODY).id)

    def shown():
        db.session.rollback()
        found = board(30)
        return found.figures, found.trend, found.parts

    before = shown()
    close_days(actor=SOMEBODY)
    assert shown() == before
    assert shown() == before  # and as it is remembered
    assert board(30).owed.principal == Decimal("123.45")
    trend = {group.key: group.figures for group in before[1]}
    assert trend[today].takings == Decimal("123.45")
    assert trend[today + timedelta(days=1)].consumed == Decimal("3.45")
    by_day = totals.by_group(today, today + timedelta(days=1), By.DAY)
    assert {day: (f.takings, f.consumed) for (day,), f in by_day.items()} == {
        day: (f.takings, f.consumed) for day, f in trend.items() if f.lines
    }


def test_an_hour_that_happens_twice_is_told_once(empty_house, at):
    in_transaction(lambda: open_wallet(CUSTOMER, actor=SOMEBODY).id)
    berlin = ZoneInfo("Europe/Berlin")
    for fold in (0, 1):
        at(datetime(2028, 10, 29, 2, 30, tzinfo=berlin, fold=fold).astimezone(UTC), "Europe/Berlin")
        in_transaction(lambda: recharge(CUSTOMER, Decimal("5.00"), method=Method.CASH, store_id=1, actor=SOMEBODY).id)
    day = date(2028, 10, 29)
    report = queries.report(Asked(first=day, last=day, from_hour=2, to_hour=2), By.HOUR, actor=SOMEBODY)
    assert [(group.key, group.figures.of(Kind.RECHARGE).gross) for group in report.groups] == [(2, Decimal("10.00"))]
