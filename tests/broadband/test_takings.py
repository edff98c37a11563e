"""The takings of a day are what the ledger has posted for documents of broadband."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import case, func, select

from app.broadband import operations
from app.broadband.operations.filing import CATEGORY, DOCUMENT, Fee
from app.broadband.reports.takings import FEES, takings_report
from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.extensions import db
from app.ledger.models import Kind, Posting
from app.shop.models import Method
from app.shop.operations import create_store
from app.tables import rows
from tests.broadband.asking import asked, found
from tests.broadband.ground import basics, done, paid, running, undone
from tests.broadband.work import billed, ordered
from tests.conftest import actor_of

ZERO, ONE_DAY = Decimal(0), timedelta(days=1)


def test_the_takings_of_a_day_are_what_the_ledger_posted_for_documents(app, owner, new_phone, shop_time):
    shop_time(date(2029, 1, 10))
    customer, number = running(owner, new_phone(), "5000.00")
    payer, other = running(owner, new_phone(), "5000.00")
    old = paid(other, owner, Method.CASH)
    shop_time(date(2029, 1, 11))
    there = basics()["community_id"]
    billed(ordered(number, owner, installation_fee=Decimal(80), other_fee=Decimal("0.50")), owner)
    paid(number, owner, Method.CASH)
    done(operations.relocate, number, there, "1 Far Road", owner=owner, fee=Fee(Decimal(30)))
    done(operations.suspend, number, owner=owner, fee=Fee(Decimal(10), Method.WECHAT))
    done(operations.reactivate, number, owner=owner, fee=Fee(Decimal(20)))
    undone(done(operations.relocate, number, there, "2 Far Road", owner=owner, fee=Fee(Decimal(7))), owner)
    done(operations.transfer, number, payer, owner=owner, fee=Fee(Decimal(40)), with_balance=True)
    undone(old, owner)
    gone, last = running(owner, new_phone(), "5000.00")
    paid(last, owner)
    done(operations.close, last, owner=owner)
    told = {row.customer_id: row for row in found(takings_report, owner, clock.today())}
    one = told[customer]
    assert [getattr(one, name) for name in FEES] == [Decimal(f) for f in ("80.50", "315", "20", "30", "40", "10")]
    assert one.total_amount == Decimal("495.50")
    assert (told[payer].usage_fee, told[payer].total_amount) == (Decimal(-315), Decimal(-315)), "of yesterday"
    assert told[gone].total_amount == 315
    assert len(told) == 3
    assert_is_the_ledgers(owner, clock.today())
    assert_is_the_ledgers(owner, clock.today() - ONE_DAY)


def assert_is_the_ledgers(owner, day):
    sums = rows.sums(takings_report, asked(takings_report, owner, day)).figures
    assert sums["total_amount"] == sum((sums[name] for name in FEES), ZERO)
    assert (sums["total_amount"], sums["given_back"]) == ledger_of(day)


def ledger_of(day):
    """What was posted that day for documents of broadband: taken, and given back; reversals taken off."""
    sign = case((Posting.kind == Kind.REVERSAL, -1), else_=1)
    kind = func.coalesce(Posting.reverses_kind, Posting.kind)
    ask = select(kind, Posting.amount, sign).where(Posting.source_type == DOCUMENT, Posting.business_date == day)
    taken = {True: ZERO, False: ZERO}
    for kind_of, amount, signed in db.session.execute(ask.where(Posting.category == CATEGORY)):
        taken[kind_of in (Kind.CONSUMPTION.value, Kind.SALE.value)] += amount * signed
    return taken[True], taken[False]


def test_a_clerk_has_the_takings_of_today_in_his_stores(app, owner, new_phone, shop_time):
    shop_time(date(2029, 3, 1))
    east = in_transaction(lambda: create_store(f"e{new_phone()[-6:]}", "East", actor=owner))
    before = paid(running(owner, new_phone(), "5000.00")[1], owner)
    shop_time(date(2029, 3, 2))
    paid(running(owner, new_phone(), "5000.00")[1], owner)
    elsewhere = running(owner, new_phone(), "5000.00")[1]
    in_transaction(lambda: operations.pay(elsewhere, operations.Bill(), method=None, store_id=east, actor=owner).id)
    undone(before, owner)

    def total(actor, first, last=None):
        return rows.sums(takings_report, asked(takings_report, actor, first, last)).figures["total_amount"]

    today, clerk = clock.today(), replace(actor_of(app, ORDINARY_ADMIN), stores=frozenset({1}))
    assert total(owner, today) == Decimal(315)
    assert total(owner, today - ONE_DAY) == Decimal(315)
    assert total(clerk, today) == ZERO, "the one of yesterday was taken back today"
    assert total(clerk, date(2020, 1, 1), date(2030, 1, 1)) == ZERO
    assert total(clerk, today - ONE_DAY) is None
    assert total(replace(clerk, stores=frozenset({east})), today) == Decimal(315)
