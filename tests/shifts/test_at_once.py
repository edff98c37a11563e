"""Closing while money comes in: nothing is lost between the report and the ledger. Numbers have no gap."""

import itertools
import secrets
import threading
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from sqlalchemy import event, func, select

from app.core.commands import Request, execute
from app.core.db import in_transaction
from app.core.errors import Unavailable
from app.extensions import db
from app.ledger.drawers import cash_on
from app.ledger.models import Account, Kind, Posting
from app.ledger.operations import consume, open_wallet, recharge
from app.ledger.proofs import verify
from app.shifts.models import ShiftReport
from app.shifts.operations import close_shift, open_shift
from app.shop.models import Method
from app.shop.operations import create_store
from tests.conftest import yuan

CASHIERS = 4
_customers = itertools.count(95_000_000)


def run(*works) -> None:
    failed: list[BaseException] = []

    def guarded(work) -> None:
        try:
            work()
        except BaseException as problem:
            failed.append(problem)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_no_posting_is_lost_between_the_report_and_the_drawer(house, store, new_clerk, owner):
    clerk = new_clerk()
    customers = [next(_customers) for _ in range(CASHIERS)]
    for customer in customers:
        in_transaction(lambda: open_wallet(customer, actor=owner).id)  # noqa: B023 - run at once
    is_over = threading.Event()
    shifts: list[int] = [in_transaction(lambda: open_shift(store, yuan("100.00"), actor=clerk))]

    def cashier(customer: int):
        def work() -> None:
            with house.app_context():
                given = {"method": Method.CASH, "store_id": store, "actor": clerk}
                while not is_over.is_set():
                    with suppress(Unavailable):  # nothing was posted then
                        in_transaction(lambda: recharge(customer, yuan("1.00"), **given))
                    time.sleep(0.005)  # SQLite lets in by chance who waits for its one lock
                db.session.remove()

        return work

    def closer() -> None:
        with house.app_context():
            try:
                for _ in range(4):
                    is_over.wait(0.25)
                    in_transaction(lambda: close_shift(shifts[-1], yuan("100.00"), actor=clerk))
                    shifts.append(in_transaction(lambda: open_shift(store, yuan("100.00"), actor=clerk)))
            finally:
                is_over.set()
                db.session.remove()

    run(closer, *(cashier(customer) for customer in customers))
    in_transaction(lambda: close_shift(shifts[-1], yuan("100.00"), actor=clerk))

    db.session.rollback()
    total = Decimal(0)
    for shift in shifts:
        report = db.session.get_one(ShiftReport, shift)
        posted = db.session.scalar(
            select(func.sum(Posting.amount)).where(Posting.shift_id == shift, Posting.kind == Kind.RECHARGE)
        )
        assert report.expected == 100 + (posted or 0)
        account = db.session.scalars(select(Account.id).where(Account.code == f"drawer:{store}:{shift}")).one()
        assert cash_on(account) == 0
        total += posted or 0
    mine = (Posting.store_id == store, Posting.kind == Kind.RECHARGE)
    everything = db.session.scalar(select(func.sum(Posting.amount)).where(*mine))
    between = db.session.scalar(select(func.sum(Posting.amount)).where(*mine, Posting.shift_id.is_(None))) or 0
    assert everything == total + between
    assert total > 0
    assert {proof.name: proof.found for proof in verify() if not proof.holds} == {}


def test_two_shops_that_close_at_once_number_without_a_gap(house, owner, new_clerk):
    stores = [in_transaction(lambda: create_store(f"n{secrets.token_hex(5)}", "N", actor=owner)) for _ in range(2)]
    boss = new_clerk("super-admin")
    opened = []
    for store in stores:
        for _ in range(5):
            clerk = new_clerk("super-admin")
            opened.append((store, in_transaction(lambda: open_shift(store, yuan("1"), actor=clerk))))  # noqa: B023

    def closer(shift: int):
        def work() -> None:
            with house.app_context():
                in_transaction(lambda: close_shift(shift, yuan("1"), actor=boss))
                db.session.remove()

        return work

    run(*(closer(shift) for _, shift in opened))
    db.session.rollback()
    for store in stores:
        ask = select(ShiftReport.number).where(ShiftReport.store_id == store).order_by(ShiftReport.number)
        assert db.session.scalars(ask).all() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("house", ["postgresql"], indirect=True)
def test_in_a_shift_too_a_posting_is_one_statement(app, store, new_clerk, pay):
    clerk = new_clerk()
    in_transaction(lambda: open_shift(store, yuan("1"), actor=clerk))
    customer = pay("10.00", clerk).row["customer_id"]
    given = {"method": Method.CASH, "store_id": store, "actor": clerk}
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not cursor.connection.autocommit:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        request = Request(f"staff:{customer}", "in a shift", {})
        execute(request, lambda: recharge(customer, yuan("1.00"), **given).answer())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) == 1
    in_transaction(lambda: consume(customer, yuan("1.00"), store_id=store, actor=clerk))
