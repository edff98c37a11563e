"""The clerk watch: every figure is that of the rows behind it, for the chosen days, for owners alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core import days
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.ledger.models import Posting
from app.ledger.operations import adjust, recharge, refund, reverse
from app.receipts.operations import mark_printed
from app.shop.models import Method
from app.shop.operations import change_settings
from app.watch import queries
from app.watch.queries import Watched
from tests.conftest import actor_of
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, fetch, make


@pytest.fixture
def clerk(empty_house):
    """A clerk with a reversal of 95, a refund of 10, an adjustment, a first print and two reprints."""
    number = make(SUPER_ADMIN)
    actor = replace(actor_of(empty_house, SUPER_ADMIN), id=number)
    customer = customer_with("0", "+8613812345678", actor)
    in_transaction(lambda: change_settings({"approval_reversals_above": "100"}, actor=actor))
    given = {"store_id": 1, "actor": actor}
    made = in_transaction(lambda: recharge(customer, Decimal(95), method=Method.CASH, **given).answer())["posting"][
        "id"
    ]
    in_transaction(lambda: reverse(made, reason="-", actor=actor))
    in_transaction(lambda: recharge(customer, Decimal(50), method=Method.CASH, **given).answer())
    in_transaction(lambda: refund(customer, Decimal(10), method=Method.CASH, reason="-", **given).answer())
    in_transaction(lambda: adjust(customer, Decimal("-3.50"), reason="-", **given).answer())
    for _ in range(3):
        in_transaction(lambda: mark_printed(made, actor=actor))
    return number


def line(number: int, day=None):
    day = day or days.today()
    ask = queries.by_clerk(day, day)
    return next((row for row in db.session.execute(ask) if row.clerk_id == number), None)


def test_figures_are_those_of_the_rows(empty_house, clerk):
    row, today = line(clerk), days.today()
    assert (row.postings, row.reversals, row.refunds, row.adjustments, row.reprints) == (5, 1, 1, 1, 2)
    assert (row.reversed_amount, row.refunded_amount, row.adjusted_amount) == (
        Decimal("95.00"), Decimal("10.00"), Decimal("3.50"),
    )  # fmt: skip
    assert (row.share, row.just_below, row.after_hours) == (20, 1, 0)
    for each in set(Watched) - {Watched.REPRINTS}:
        found = db.session.execute(queries.rows(today, today, each, clerk)).all()
        assert len(found) == getattr(row, each.name.lower()), each
    assert len(db.session.execute(queries.rows(today, today, Watched.REPRINTS, clerk)).all()) == 1


def test_other_days_and_other_clerks_are_not_counted(empty_house, clerk):
    assert line(clerk, days.today() - timedelta(days=1)) is None
    other = make(ORDINARY_ADMIN)
    assert line(other) is None
    today = days.today()
    assert db.session.execute(queries.rows(today, today, Watched.REVERSALS, other)).all() == []


def test_hours_may_end_after_midnight(empty_house, clerk):
    """Opening and closing so many hours after the hour of the postings, round the clock."""
    hour = db.session.scalar(select(Posting.hour).limit(1))
    for opens, closes, is_outside in ((0, 1, False), (1, 2, True), (1, 0, True), (20, 2, False), (2, 20, True)):
        condition = queries.outside(str((hour + opens) % 24), str((hour + closes) % 24))
        found = db.session.scalar(select(func.count()).select_from(Posting).where(condition))
        assert bool(found) is is_outside, (hour, opens, closes)
    for opens, closes in (("", ""), ("9", "9")):
        assert not db.session.scalar(select(func.count()).select_from(Posting).where(queries.outside(opens, closes)))


def test_a_figure_leads_to_its_rows(empty_house, clerk):
    browser = browser_of(empty_house, clerk)
    page = browser.get("/reports/clerk-watch/").text
    assert fetch(clerk).username in page
    today = days.today().isoformat()
    rows = browser.get(f"/reports/watched-postings/?clerk={clerk}&what=reversals&from={today}&to={today}")
    assert rows.status_code == 200
    assert "95.00" in rows.text
    assert f"clerk={clerk}" in page


def test_clerks_do_not_see_it(empty_house):
    browser = browser_of(empty_house, make(ORDINARY_ADMIN, store_ids=[1]))
    for path in ("/reports/clerk-watch/", "/reports/watched-postings/"):
        assert browser.get(path).status_code == 403
