"""A shift: its drawer, its blind count, its report that stays; whose cash a reversal takes; two people."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import Forbidden, NotFound
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger.drawers import cash_on
from app.ledger.models import Account, Drawer, Kind, Posting, Transfer, WalletStatus
from app.ledger.operations import refund, reverse, sell
from app.ledger.proofs import verify
from app.ledger.refusals import AlreadyOpen, NoOpenShift, NotReversible, ShiftClosed
from app.shifts import queries
from app.shifts.operations import close_shift, move_cash, open_shift, take_over
from app.shifts.refusals import AlreadyTakenOver, CountsDiffer, NeedsSecondPerson
from app.shop.models import Method
from tests.conftest import actor_of, yuan
from tests.staff import people


def opened(store: int, actor, cash: str = "100.00") -> int:
    return in_transaction(lambda: open_shift(store, yuan(cash), actor=actor))


def closed(shift: int, counted: str, actor) -> int:
    return in_transaction(lambda: close_shift(shift, yuan(counted), actor=actor))


def drawer_of(store: int, shift: int) -> Account:
    db.session.rollback()
    ask = select(Account).where(Account.code == f"drawer:{store}:{shift}")
    return db.session.scalars(ask.execution_options(populate_existing=True)).one()


def accounts_of(posting_id: int) -> set[str]:
    ask = select(Account.code).join(Transfer, Account.id.in_((Transfer.debit_id, Transfer.credit_id)))
    return {code for code in db.session.scalars(ask.where(Transfer.posting_id == posting_id)) if code}


def cash_of_store(store: int) -> Decimal:
    db.session.rollback()
    return cash_on(db.session.scalars(select(Account.id).where(Account.code == f"cash:{store}")).one())


def test_expected_is_float_and_takings_less_what_was_given(store, new_clerk, pay, report_of):
    clerk = new_clerk()
    shift = opened(store, clerk, "100.00")
    paid = pay("50.00", clerk)
    undone = pay("7.00", clerk)
    pay("999.00", clerk, Method.ALIPAY)
    in_transaction(lambda: sell(yuan("20.50"), method=Method.CASH, store_id=store, actor=clerk))
    customer = paid.row["customer_id"]
    given = {"method": Method.CASH, "store_id": store, "actor": clerk}
    in_transaction(lambda: refund(customer, yuan("5.00"), reason="asked", **given))
    in_transaction(lambda: reverse(undone.id, reason="typed twice", actor=clerk))
    in_transaction(lambda: move_cash(shift, yuan("30.00"), is_in=True, is_petty=False, reason="change", actor=clerk))
    in_transaction(lambda: move_cash(shift, yuan("12.30"), is_in=False, is_petty=True, reason="paper", actor=clerk))

    closed(shift, "183.00", clerk)

    report = report_of(shift)
    assert (report.expected, report.counted, report.difference) == (yuan("183.20"), yuan("183.00"), yuan("-0.20"))
    lines = {(each["kind"], each["method"], each["is_of_shift"]): each for each in report.content["lines"]}
    assert lines["recharge", "alipay", False]["amount"] == "999.00"
    assert (lines["recharge", "cash", False]["times"], lines["recharge", "cash", False]["amount"]) == (2, "57.00")
    assert lines["cash-in", "cash", True]["amount"] == "100.00"
    assert lines["difference", "cash", True]["amount"] == "0.20"


def test_a_closed_drawer_is_empty_and_its_cash_is_the_stores(store, new_clerk, pay):
    clerk = new_clerk()
    shift = opened(store, clerk, "40.00")
    pay("60.00", clerk)
    assert cash_of_store(store) == yuan("-40.00")
    closed(shift, "103.00", clerk)

    account = drawer_of(store, shift)
    assert account.status is WalletStatus.CLOSED
    assert cash_on(account.id) == 0
    assert cash_of_store(store) == yuan("63.00")
    assert db.session.scalar(select(Drawer.shift_id).where(Drawer.shift_id == shift)) is None


def test_the_difference_is_posted_to_the_one_who_closed(store, new_clerk):
    clerk = new_clerk()
    shift = opened(store, clerk)
    closed(shift, "98.50", clerk)

    ask = select(Posting).where(Posting.shift_id == shift, Posting.kind == Kind.DIFFERENCE)
    (posting,) = db.session.scalars(ask)
    assert (posting.amount, posting.operator_id, posting.source_id) == (yuan("1.50"), clerk.id, shift)
    assert accounts_of(posting.id) == {"over-short", f"drawer:{store}:{shift}"}
    record = select(OperationRecord).filter_by(operation="shifts.close-shift", object_id=shift)
    assert db.session.scalars(record).one().changes["difference"] == [None, "-1.50"]


def test_a_closed_shift_refuses_everything(store, new_clerk):
    clerk = new_clerk()
    shift = opened(store, clerk)
    closed(shift, "100.00", clerk)

    with pytest.raises(ShiftClosed):
        in_transaction(lambda: move_cash(shift, yuan("1"), is_in=True, is_petty=False, reason="late", actor=clerk))
    with pytest.raises(ShiftClosed):
        closed(shift, "100.00", clerk)


def test_a_clerk_has_one_open_shift_in_a_store(store, new_clerk):
    clerk = new_clerk()
    opened(store, clerk)
    with pytest.raises(AlreadyOpen):
        opened(store, clerk)
    opened(store, new_clerk())


def test_a_shift_is_opened_by_staff_in_a_store_of_theirs(app, store, new_clerk):
    with pytest.raises(NotFound):
        opened(1, new_clerk())
    with pytest.raises(Forbidden):
        opened(store, people.SYSTEM)


def test_without_a_shift_cash_goes_to_the_stores_drawer(store, new_clerk, pay):
    posted = pay("10.00", new_clerk())
    assert accounts_of(posted.id) == {f"cash:{store}"}
    assert posted.row["shift_id"] is None


def test_where_shifts_are_demanded_no_cash_is_taken_without_one(store, new_clerk, pay, cash_in_shifts_only):
    clerk = new_clerk()
    with pytest.raises(NoOpenShift):
        pay("10.00", clerk)
    assert pay("10.00", clerk, Method.ALIPAY).row["shift_id"] is None
    shift = opened(store, clerk)
    posted = pay("10.00", clerk)
    assert posted.row["shift_id"] == shift
    closed(shift, "110.00", clerk)
    with pytest.raises(NoOpenShift):
        pay("10.00", clerk)
    with pytest.raises(NoOpenShift):
        in_transaction(lambda: reverse(posted.id, reason="mistake", actor=clerk))


def test_another_clerks_cash_goes_to_his_own_drawer(store, new_clerk, pay):
    first, second = new_clerk(), new_clerk()
    shifts = [opened(store, clerk) for clerk in (first, second)]
    assert [pay("1.00", clerk).row["shift_id"] for clerk in (first, second)] == shifts


def test_a_reversal_uses_the_drawer_of_the_original_while_it_is_open(store, new_clerk, pay):
    first, second = new_clerk(), new_clerk()
    shift = opened(store, first)
    opened(store, second)
    posted = pay("10.00", first)
    back = in_transaction(lambda: reverse(posted.id, reason="mistake", actor=second))
    assert back.row["shift_id"] == shift
    assert accounts_of(back.id) == {f"drawer:{store}:{shift}"}


def test_a_reversal_of_a_closed_shifts_cash_comes_out_of_the_present_drawer(store, new_clerk, pay):
    clerk = new_clerk()
    first = opened(store, clerk, "0.00")
    in_shift, without = pay("10.00", clerk), pay("4.00", clerk)
    closed(first, "14.00", clerk)
    second = opened(store, clerk, "50.00")
    back = in_transaction(lambda: reverse(in_shift.id, reason="mistake", actor=clerk))
    assert back.row["shift_id"] == second
    assert accounts_of(back.id) == {f"drawer:{store}:{second}"}
    closed(second, "40.00", clerk)
    later = in_transaction(lambda: reverse(without.id, reason="mistake", actor=clerk))
    assert later.row["shift_id"] is None
    assert accounts_of(later.id) == {f"cash:{store}"}


def test_float_difference_and_cash_movements_are_not_reversible(store, new_clerk):
    clerk = new_clerk()
    shift = opened(store, clerk)
    given = {"is_in": True, "is_petty": False, "reason": "change", "actor": clerk}
    moved = in_transaction(lambda: move_cash(shift, yuan("5.00"), **given)).id
    closed(shift, "100.00", clerk)
    of_shift = select(Posting.id).where(Posting.shift_id == shift, Posting.source_id == shift)
    for posting_id in db.session.scalars(of_shift).all():
        with pytest.raises(NotReversible):
            in_transaction(lambda: reverse(posting_id, reason="no", actor=clerk))  # noqa: B023 - run at once
    with pytest.raises(NotReversible):
        in_transaction(lambda: reverse(moved, reason="no", actor=clerk))


def test_another_person_takes_over_what_he_counts_too(store, new_clerk):
    first, second = new_clerk(), new_clerk()
    shift = opened(store, first)
    closed(shift, "100.00", first)
    with pytest.raises(CountsDiffer):
        in_transaction(lambda: take_over(shift, yuan("99.00"), actor=second))
    following = in_transaction(lambda: take_over(shift, yuan("100.00"), actor=second))

    taken = queries.taken_over_by(shift)
    assert (taken.id, taken.clerk_id, taken.opening_cash, taken.is_alone) == (
        following,
        second.id,
        yuan("100.00"),
        False,
    )
    with pytest.raises(AlreadyTakenOver):
        in_transaction(lambda: take_over(shift, yuan("100.00"), actor=new_clerk()))


def test_who_is_alone_takes_over_himself_and_it_is_written_down(empty_house):
    house_clerk = replace(actor_of(empty_house, "ordinary-admin"), name="alone")
    shift = opened(1, house_clerk)
    closed(shift, "100.00", house_clerk)
    following = in_transaction(lambda: take_over(shift, yuan("100.00"), actor=house_clerk))
    assert queries.taken_over_by(shift).is_alone
    closed(following, "100.00", house_clerk)
    people.make("ordinary-admin", store_ids=[1])
    with pytest.raises(NeedsSecondPerson):
        in_transaction(lambda: take_over(following, yuan("100.00"), actor=house_clerk))


def test_a_forgotten_shift_is_closed_by_the_owner_and_by_nobody_else(store, new_clerk, report_of):
    clerk, other, boss = new_clerk(), new_clerk(), new_clerk(SUPER_ADMIN)
    shift = opened(store, clerk)
    with pytest.raises(NotFound):
        closed(shift, "100.00", other)
    closed(shift, "100.00", boss)
    report = report_of(shift)
    assert (report.clerk_id, report.closed_by_id) == (clerk.id, boss.id)


def test_a_clerk_sees_the_reports_of_today_that_he_took_part_in(store, new_clerk):
    first, second, third, boss = new_clerk(), new_clerk(), new_clerk(), new_clerk(SUPER_ADMIN)
    shift = opened(store, first)
    closed(shift, "100.00", first)
    in_transaction(lambda: take_over(shift, yuan("100.00"), actor=second))
    for seeing in (first, second, boss):
        assert queries.report(shift, actor=seeing).shift_id == shift
    with pytest.raises(NotFound):
        queries.report(shift, actor=third)


@pytest.mark.parametrize("table", ["shift", "shift_report"])
def test_a_shift_and_its_report_stay_for_ever(store, new_clerk, table):
    clerk = new_clerk()
    closed(opened(store, clerk), "100.00", clerk)
    for statement in (f"UPDATE {table} SET clerk_name = 'x'", f"DELETE FROM {table}"):  # noqa: S608
        db.session.rollback()
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text(statement))
    db.session.rollback()


def test_every_proof_holds_with_shifts(app):
    assert {proof.name: proof.found for proof in verify() if not proof.holds} == {}


def test_cash_that_is_left_in_a_closed_drawer_is_found(empty_house):
    clerk = actor_of(empty_house, "ordinary-admin")
    shift = opened(1, clerk)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE ledger_account SET status = 'closed' WHERE code LIKE 'drawer:%'"))
    (proof,) = [each for each in verify() if each.name == "drawers"]
    told = [finding.what for finding in proof.found]
    assert shift
    assert told == ["is open without a clerk, or closed with one", "is closed with 10000 in it"]
