"""The statement page: opening + movements = closing at any past moment, with the document behind each line."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core import days
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers.statements import periods
from app.customers.statements.periods import Period
from app.customers.statements.reading import statement_of
from app.ledger.operations import consume, recharge, reverse
from app.shop.models import Method
from tests.counter.desk import customer_with
from tests.customers.merging import merge, pair, postings_of
from tests.staff.people import browser_of, make

D = Decimal


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def till(app):
    return browser_of(app, make(store_ids=[1]))


@pytest.fixture
def busy(app, owner, new_phone) -> int:
    """A customer with a recharge, a consumption, its reversal and another consumption: 93.00 in the end."""
    made = customer_with("100.00", new_phone(), owner)
    spent = in_transaction(lambda: consume(made, D("25"), store_id=1, actor=owner).id)
    in_transaction(lambda: reverse(spent, reason="wrong customer", actor=owner))
    in_transaction(lambda: consume(made, D("7"), store_id=1, actor=owner))
    return made


def test_opening_and_movements_make_the_closing(app, busy):
    today = days.today()

    found = statement_of(busy, Period(today, today), below=None, limit=50)

    assert found.principal == (D("0.00"), D("125.00"), D("32.00"), D("93.00"))
    assert found.is_whole
    assert found.goes_on is None
    assert [line.change for line in found.lines] == [D("-7.00"), D("25.00"), D("-25.00"), D("100.00")]


def test_a_statement_adds_up_at_every_past_moment(app, owner, new_phone, shop_time):
    """Ten days of movements: every range of days opens where the one before it closed."""
    first = days.today()
    made = customer_with("0.00", new_phone(), owner)
    for nth in range(10):
        shop_time(first + timedelta(days=nth))
        in_transaction(lambda nth=nth: recharge(made, D(10 + nth), method=Method.CASH, store_id=1, actor=owner))
        if nth % 2:
            in_transaction(lambda: consume(made, D("3.50"), store_id=1, actor=owner))

    for length in (1, 3, 4):
        closing = D(0)
        for start in range(0, 12, length):
            period = Period(first + timedelta(days=start), first + timedelta(days=start + length - 1))
            found = statement_of(made, period, below=None, limit=50)
            assert found.principal.opening == closing
            assert found.is_whole
            closing = found.principal.closing
        assert closing == D("145.00") - 5 * D("3.50")


def test_the_page_shows_the_sums_and_the_document_of_each_line(boss, busy):
    page = boss.get(f"/customers/{busy}/statement").text

    assert "+ ¥125.00" in page
    assert "= ¥93.00" in page
    first, spent, undone, _last = postings_of(busy)
    assert f'href="/receipts/{first.id}"' in page
    assert f"undone by {undone.receipt_no}" in page
    assert f"undoes {spent.receipt_no}" in page


def test_the_kept_customers_statement_names_the_merge(app, boss, till, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    number = merge(gone, kept, owner)

    assert f'href="/customers/merges/{number}"' in boss.get(f"/customers/{kept}/statement").text
    page = till.get(f"/customers/{kept}/statement").text
    assert f"Merge M{number:06d}" in page
    assert "/customers/merges/" not in page
    assert boss.get(f"/customers/{gone}/statement").status_code == 200
    assert till.get(f"/customers/{gone}/statement").status_code == 404


def test_pages_go_by_key_and_each_adds_up(boss, busy):
    newest = boss.get(f"/customers/{busy}/statement?rows=2").text
    older = re.search(r'rel="next" href="([^"]+)"', newest).group(1).replace("&amp;", "&")

    page = boss.get(older).text

    assert newest.count('data-label="When"') == page.count('data-label="When"') == 2
    assert "Carried over" in newest
    assert "Opening balance" in page


@pytest.mark.parametrize("query", ["from=x", "to=2026-13-01", "from=2026-02-02&to=2026-02-01"])
def test_days_that_cannot_be_meant_are_told(boss, busy, query):
    assert boss.get(f"/customers/{busy}/statement?{query}").status_code == 400


@pytest.mark.parametrize("query", ["rows=0", "rows=1001", "rows=x", "below=-1", "below=9" + "9" * 30])
def test_places_that_cannot_be_meant_are_refused(boss, busy, query):
    assert boss.get(f"/customers/{busy}/statement?{query}").status_code == 400


def test_a_period_that_is_empty_has_the_balance_of_its_day(boss, busy):
    page = boss.get(f"/customers/{busy}/statement?from=2001-01-01&to=2001-01-31").text

    assert "= ¥0.00" in page
    assert "Nothing moved in these days." in page


def test_the_balance_leads_there_from_counter_and_list(boss, till, busy):
    for browser in (boss, till):
        assert f'href="/customers/{busy}/statement"' in browser.get(f"/counter?customer={busy}").text
        assert f'href="/customers/{busy}/statement"' in browser.get("/customers/list/").text


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 6, 30), 6, date(2025, 12, 30)),
    ],
)
def test_months_before_a_day_end_with_the_month(day, months, expected):
    assert periods.months_before(day, months) == expected


def test_what_is_offered_ends_today_and_never_begins_after_it():
    offered = periods.presets(date(2026, 3, 1), date(2026, 4, 1))
    assert all(each.period.first <= each.period.last for each in offered)
    assert offered[2].period == Period(date(2026, 2, 1), date(2026, 2, 28))
