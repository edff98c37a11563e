"""The run of 31 March 2026 on fourteen months: August and older leave, September in April, every figure stays."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core.months import months_before
from app.extensions import db
from app.ledger.archives.models import Archive, ArchiveKind, ArchiveState
from app.ledger.archives.queries import archived_through
from app.ledger.models import Account, DayPostings, DayTransfers, Kind, Posting
from app.ledger.totals import By, all_time, by_group, house_balances
from app.retention.run import rehearse, retain
from tests.retention.conftest import FIRST, RUN_DAY, SOMEBODY, failed, open_shop, totals

ZERO = Decimal(0)


@pytest.fixture(scope="module")
def long_shop(own_house, tmp_path_factory):
    open_shop(own_house, tmp_path_factory.mktemp("archives"), FIRST, RUN_DAY, every=3)
    return own_house


@pytest.fixture(scope="module")
def ran(long_shop) -> dict:
    """Every figure before and after the run, and its report."""
    before = totals()
    report = retain(actor=SOMEBODY)
    return {"before": before, "after": totals(), "report": report}


def test_every_balance_total_and_monthly_chart_is_the_same_to_the_cent(ran):
    assert ran["after"] == ran["before"]
    assert ran["report"].holds
    assert failed() == {}


def test_august_and_older_have_left_and_september_is_here(ran):
    assert ran["report"].cut_offs[ArchiveKind.POSTINGS] == date(2025, 9, 30)
    assert {month["month"] for month in ran["report"].months} == {f"2025-{number:02d}" for number in range(2, 9)}
    assert db.session.scalar(select(func.min(Posting.business_date))) == date(2025, 9, 1)
    assert archived_through(db.session, ArchiveKind.POSTINGS) == date(2025, 8, 31)
    assert set(db.session.scalars(select(Archive.state))) == {ArchiveState.PURGED}


def test_september_leaves_on_the_first_run_in_april(ran):
    assert rehearse(today=RUN_DAY).months == []
    assert {month["month"] for month in rehearse(today=RUN_DAY + timedelta(days=1)).months} == {"2025-09"}


def test_every_total_and_house_balance_is_recomputed_from_the_frozen_tables_alone(ran):
    today = RUN_DAY
    balances: dict[str, Decimal] = {}
    for debit, credit, amount in db.session.execute(
        select(DayTransfers.debit, DayTransfers.credit, DayTransfers.amount)
    ):
        balances[debit] = balances.get(debit, ZERO) - amount
        balances[credit] = balances.get(credit, ZERO) + amount
    for code, amount in (("cash:1", Decimal("-1.00")), ("principal", Decimal("1.00"))):  # what was posted today
        balances[code] = balances.get(code, ZERO) + amount
    assert balances == house_balances()

    lines = db.session.execute(select(DayPostings.__table__)).all()
    charts = by_group(FIRST, today, By.DAY)
    for kind in (Kind.RECHARGE, Kind.CONSUMPTION, Kind.REFUND):
        gross = sum((line.amount for line in lines if line.kind == kind), ZERO)
        undone = sum((line.amount for line in lines if line.reverses_kind == kind), ZERO)
        posted_today = Decimal("1.00") if kind is Kind.RECHARGE else ZERO
        assert all_time().figures.of(kind).net == gross - undone + posted_today
        assert sum((figures.of(kind).net for figures in charts.values()), ZERO) == gross - undone + posted_today
    principal = sum((line.principal for line in lines), Decimal("1.00"))
    bonus = sum((line.bonus for line in lines), ZERO)
    held = dict(
        db.session.execute(
            select(Account.purse, func.sum(Account.balance)).where(Account.customer_id.is_not(None)).group_by("purse")
        ).all()
    )
    assert (principal, bonus) == tuple(Decimal(held[purse]) for purse in ("principal", "bonus"))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 6, date(2025, 9, 30)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_a_month_that_has_no_such_day_ends_earlier(day, months, before):
    assert months_before(day, months) == before
