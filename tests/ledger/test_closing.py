"""Closing days: in order, once, never early; what comes later lands on the next day; totals stay what they were."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import OperationRecord
from app.audit.operations import record
from app.core import clock, days
from app.core.actor import Actor
from app.core.days import DayClose, DayState
from app.core.db import in_transaction, is_postgresql
from app.core.errors import Invalid
from app.extensions import db
from app.ledger import closing
from app.ledger.closing import close_days
from app.ledger.models import Account, DayPostings, Posting
from app.ledger.operations import adjust, consume, hold, open_wallet, recharge, refund, reverse, sell
from app.ledger.operations.days import bar_day
from app.ledger.proofs import verify
from app.ledger.totals import By, all_time, by_group, house_balances, period
from app.shop.models import Method

SOMEBODY = Actor.system("test")
MONDAY = clock.today()  # the house is made, and writes its first records, on the real day
ONE_DAY = timedelta(days=1)
CUSTOMER = 91


@pytest.fixture
def shop(empty_house, shop_time):
    """A shop that opens on a Monday, with a customer who has paid in 100."""
    shop_time(MONDAY)
    in_transaction(lambda: open_wallet(CUSTOMER, actor=SOMEBODY).id)
    pay_in("100.00")
    return empty_house


def pay_in(amount: str, customer: int = CUSTOMER) -> int:
    return in_transaction(
        lambda: recharge(customer, Decimal(amount), method=Method.CASH, store_id=1, actor=SOMEBODY).id
    )


def spend(amount: str) -> int:
    return in_transaction(lambda: consume(CUSTOMER, Decimal(amount), store_id=1, actor=SOMEBODY).id)


def day_of(posting_id: int) -> date:
    return db.session.scalar(select(Posting.business_date).where(Posting.id == posting_id))


def closed_days() -> list[date]:
    db.session.rollback()
    return list(
        db.session.scalars(select(DayClose.day).where(DayClose.state == DayState.CLOSED).order_by(DayClose.day))
    )


def failed() -> dict:
    db.session.rollback()
    return {proof.name: proof.found for proof in verify() if not proof.holds}


def test_every_ended_day_is_closed_in_order_also_days_off(shop, shop_time):
    shop_time(MONDAY + 3 * ONE_DAY)
    spend("10.00")

    closed = close_days(actor=SOMEBODY)

    assert closed == [MONDAY, MONDAY + ONE_DAY, MONDAY + 2 * ONE_DAY] == closed_days()
    assert close_days(actor=SOMEBODY) == []
    assert failed() == {}


def test_a_day_that_has_not_ended_is_not_closed(shop):
    assert close_days(MONDAY, actor=SOMEBODY) == []
    with pytest.raises(Invalid):
        in_transaction(lambda: bar_day(MONDAY, actor=SOMEBODY))


def test_no_day_is_left_out(shop, shop_time):
    shop_time(MONDAY + 5 * ONE_DAY)
    close_days(MONDAY, actor=SOMEBODY)
    with pytest.raises(Invalid):
        in_transaction(lambda: bar_day(MONDAY + 2 * ONE_DAY, actor=SOMEBODY))


def test_the_command_closes_up_to_a_day_and_says_2_for_one_that_has_not_ended(shop, shop_time):
    shop_time(MONDAY + 2 * ONE_DAY)
    runner = shop.test_cli_runner()

    first = runner.invoke(args=["ledger", "close-day", "--day", str(MONDAY)])
    again = runner.invoke(args=["ledger", "close-day", "--day", str(MONDAY)])
    early = runner.invoke(args=["ledger", "close-day", "--day", str(MONDAY + 2 * ONE_DAY)])
    rest = runner.invoke(args=["ledger", "close-day", "--json"])

    assert [answer.exit_code for answer in (first, again, early, rest)] == [0, 0, 2, 0]
    assert first.stdout == f"closed {MONDAY}\n"
    assert rest.stdout == f'{{"closed":["{MONDAY + ONE_DAY}"]}}\n'


def test_a_run_that_was_killed_between_the_steps_is_taken_up(shop, shop_time, monkeypatch):
    shop_time(MONDAY + 2 * ONE_DAY)
    with monkeypatch.context() as broken:
        broken.setattr(closing, "_close", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            close_days(actor=SOMEBODY)
    assert closed_days() == []
    assert failed() == {}
    assert all_time().principal == Decimal("100.00")

    assert close_days(actor=SOMEBODY) == [MONDAY, MONDAY + ONE_DAY]
    assert failed() == {}


def test_what_is_posted_after_the_day_was_barred_lands_on_the_next_day(shop, shop_time):
    shop_time(MONDAY + ONE_DAY)
    in_transaction(lambda: bar_day(MONDAY, actor=SOMEBODY))
    shop_time(MONDAY, hour=23)  # the clock was set back

    late = pay_in("5.00")
    in_transaction(lambda: record("test.late", "test", 1, actor=SOMEBODY))

    assert day_of(late) == MONDAY + ONE_DAY == days.today()
    newest = db.session.scalars(select(OperationRecord.business_date).order_by(OperationRecord.id.desc())).first()
    assert newest == MONDAY + ONE_DAY
    assert failed() == {}


def test_the_database_itself_refuses_a_row_in_a_closed_day(shop, shop_time):
    shop_time(MONDAY + ONE_DAY)
    close_days(actor=SOMEBODY)
    for table in (Posting.__table__, OperationRecord.__table__):
        row = dict(db.session.execute(select(table).order_by(table.c.id).limit(1)).mappings().one())
        with pytest.raises(DBAPIError, match="closed") as refused:
            db.session.execute(insert(table).values(row | {"id": 999_999}))
        db.session.rollback()
        assert not is_postgresql() or refused.value.orig.sqlstate == "40001"


@pytest.mark.parametrize("table", ["day_close", "day_postings", "day_transfers"])
def test_what_is_frozen_cannot_be_changed_or_deleted(shop, shop_time, table):
    shop_time(MONDAY + ONE_DAY)
    close_days(actor=SOMEBODY)
    statements = [f"UPDATE {table} SET day = day", f"DELETE FROM {table}"]  # noqa: S608
    for statement in statements + ([f"TRUNCATE {table} CASCADE"] if is_postgresql() else []):
        with pytest.raises(DBAPIError, match=r"append-only|may only be closed"):
            db.session.execute(text(statement))
        db.session.rollback()


def a_day_of_everything() -> None:
    mistake = pay_in("7.77")
    in_transaction(lambda: reverse(mistake, reason="twice", actor=SOMEBODY).id)
    wrong = spend("12.34")
    in_transaction(lambda: reverse(wrong, reason="not his", actor=SOMEBODY).id)
    spend("20.10")
    in_transaction(
        lambda: refund(CUSTOMER, Decimal("3.00"), method=Method.WECHAT, store_id=1, actor=SOMEBODY, reason="moved").id
    )
    in_transaction(lambda: adjust(CUSTOMER, Decimal("-1.50"), store_id=1, actor=SOMEBODY, reason="a slip").id)
    in_transaction(lambda: sell(Decimal("9.90"), method=Method.CASH, store_id=1, actor=SOMEBODY).id)


def test_totals_are_the_same_to_the_cent_before_and_after_closing(shop, shop_time):
    in_transaction(
        lambda: (
            hold(
                CUSTOMER,
                Decimal("2.00"),
                expires_at=clock.now() + 9 * ONE_DAY,
                store_id=1,
                actor=SOMEBODY,
            ).id
        )
    )
    for day in range(3):
        shop_time(MONDAY + day * ONE_DAY)
        a_day_of_everything()

    def told() -> list:
        db.session.rollback()
        now = all_time()
        groups = [by_group(MONDAY, MONDAY + ONE_DAY, by) for by in By]
        sums = (now.figures, now.principal, now.bonus, now.held)
        return [sums, groups, period(MONDAY + ONE_DAY, MONDAY + 2 * ONE_DAY), house_balances()]

    before = told()
    for day in range(1, 4):
        shop_time(MONDAY + day * ONE_DAY)
        close_days(actor=SOMEBODY)
        assert told() == before

    assert failed() == {}


def test_the_figures_are_those_of_the_ledger(shop, shop_time):
    a_day_of_everything()
    shop_time(MONDAY + ONE_DAY)
    close_days(actor=SOMEBODY)
    pay_in("50.00")

    now = all_time()
    figures = now.figures.as_json()
    wallet = db.session.scalars(select(Account).where(Account.customer_id == CUSTOMER)).one()

    assert figures["recharge"] == {
        "count": 3,
        "gross": Decimal("157.77"),
        "bonus": Decimal("0.00"),
        "reversed": Decimal("7.77"),
        "net": Decimal("150.00"),
    }
    assert figures["consumption"]["net"] == Decimal("20.10")
    assert figures["refund"] == {"count": 1, "amount": Decimal("3.00")}
    assert figures["adjustment"] == {"count": 1, "amount": Decimal("-1.50")}
    assert figures["sale"]["gross"] == Decimal("9.90")
    assert now.principal == wallet.balance == Decimal("125.40")
    assert sum(house_balances().values()) == 0
    assert house_balances()["cash:1"] == -(Decimal("100.00") + Decimal("9.90") + Decimal("50.00"))


def test_a_storm_of_postings_while_days_close_is_neither_refused_nor_lost(shop, shop_time):
    for number in range(6):
        in_transaction(lambda number=number: open_wallet(1000 + number, actor=SOMEBODY).id)
    shop_time(MONDAY + 2 * ONE_DAY)
    errors: list[BaseException] = []
    made: list[int] = []
    is_over = threading.Event()

    def serve(number: int) -> None:
        with shop.app_context():
            try:
                while not is_over.wait(0.02):  # SQLite's writers do not queue: without a pause one of them starves
                    made.append(pay_in("1.00", 1000 + number))
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    try:
        for day in range(2, 6):
            _until(made, len(made) + 10, errors)
            shop_time(MONDAY + (day + 1) * ONE_DAY)  # midnight
            close_days(actor=SOMEBODY)
        _until(made, len(made) + 10, errors)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()

    db.session.rollback()
    assert errors == []
    assert len(set(made)) == len(made) == db.session.scalar(select(func.count()).select_from(Posting)) - 1
    frozen = db.session.scalar(select(func.sum(DayPostings.postings)))
    last = closed_days()[-1]
    assert frozen == db.session.scalar(select(func.count()).select_from(Posting).where(Posting.business_date <= last))
    assert frozen > 10
    assert failed() == {}


def _until(made: list, count: int, errors: list) -> None:
    waiting = threading.Event()
    for _ in range(600):
        if len(made) >= count or errors:
            return
        waiting.wait(0.05)
    raise AssertionError("nobody posts any more")
