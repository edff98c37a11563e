"""Recharge, consume, refund, adjust, sell: each works, refuses, and leaves its record."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core import clock
from app.core.db import in_transaction
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.chart import till
from app.ledger.models import Account, Kind, Receipt, Transfer, WalletStatus
from app.ledger.operations import adjust, consume, freeze, recharge, refund, sell, set_credit_limit, unfreeze
from app.ledger.refusals import BalanceLimit, InsufficientBalance, MethodOff, WalletFrozen
from app.shop.models import Method, PaymentMethod, Setting
from app.shop.operations import create_store

HUNDRED = Decimal("100.00")


@pytest.fixture
def rule(app):
    """Call it to set a rule of the shop for the length of the test."""
    names = []

    def put(name: str, value: str) -> None:
        names.append(name)
        in_transaction(lambda: db.session.merge(Setting(name=name, value=value)))

    yield put
    for name in names:
        in_transaction(lambda name=name: db.session.delete(db.session.get(Setting, name)))


def test_recharge_credits_the_principal_and_debits_the_drawer(new_wallet, wallet_of, transfers_of, clerk):
    customer = new_wallet()

    posted = in_transaction(lambda: recharge(customer, HUNDRED, method=Method.CASH, store_id=1, actor=clerk))

    wallet = wallet_of(customer)
    assert (wallet.balance, wallet.seq) == (HUNDRED, 1)
    assert (posted.balance, posted.bonus, posted.held, posted.available) == (HUNDRED, 0, 0, HUNDRED)
    (transfer,) = transfers_of(posted.id)
    assert (transfer.credit_id, transfer.amount, transfer.seq, transfer.balance_after) == (
        wallet.id,
        HUNDRED,
        1,
        HUNDRED,
    )
    assert posted.row["kind"] is Kind.RECHARGE


def test_a_posting_leaves_one_record_and_one_receipt(new_wallet, clerk):
    customer = new_wallet("50.00")

    posted = in_transaction(lambda: consume(customer, Decimal("20.00"), store_id=1, actor=clerk))

    records = db.session.scalars(
        select(OperationRecord).where(OperationRecord.object_type == "posting", OperationRecord.object_id == posted.id)
    ).all()
    assert [(r.operation, r.actor_name, r.changes) for r in records] == [
        ("ledger.consumption", "ordinary-admin", {"amount": [None, "20.00"], "principal": ["50.00", "30.00"]})
    ]
    receipt = db.session.get(Receipt, posted.row["receipt_no"])
    assert (receipt.posting_id, receipt.business_date) == (posted.id, posted.row["business_date"])


def test_overdraft_is_refused_with_its_figures_and_leaves_no_trace(new_wallet, wallet_of, count_postings, clerk):
    customer = new_wallet("5.00")

    with pytest.raises(InsufficientBalance) as refusal:
        in_transaction(lambda: consume(customer, Decimal("9.00"), store_id=1, actor=clerk))

    assert refusal.value.figures == {"available": Decimal("5.00"), "needed": Decimal("9.00")}
    assert wallet_of(customer).balance == Decimal("5.00")
    assert count_postings(customer) == 1


def test_credit_limit_is_available_and_no_more(new_wallet, wallet_of, owner):
    customer = new_wallet("5.00")
    in_transaction(lambda: set_credit_limit(customer, Decimal("10.00"), actor=owner))

    posted = in_transaction(lambda: consume(customer, Decimal("14.00"), store_id=1, actor=owner))
    with pytest.raises(InsufficientBalance):
        in_transaction(lambda: consume(customer, Decimal("1.01"), store_id=1, actor=owner))

    assert (posted.balance, posted.available) == (Decimal("-9.00"), Decimal("1.00"))
    assert wallet_of(customer).balance == Decimal("-9.00")


def test_a_debtor_can_pay_in(new_wallet, owner):
    customer = new_wallet("5.00")
    in_transaction(lambda: set_credit_limit(customer, Decimal("10.00"), actor=owner))
    in_transaction(lambda: consume(customer, Decimal("15.00"), store_id=1, actor=owner))
    in_transaction(lambda: set_credit_limit(customer, Decimal("0.00"), actor=owner))

    posted = in_transaction(lambda: recharge(customer, Decimal("3.00"), method=Method.CASH, store_id=1, actor=owner))

    assert posted.balance == Decimal("-7.00")


def test_bonus_by_rule_is_paid_by_promotions_and_spent_last(new_wallet, wallet_of, rule, transfers_of, clerk):
    rule("bonus_from", "100.00")
    rule("bonus_gift", "20.00")
    customer = new_wallet()

    posted = in_transaction(lambda: recharge(customer, HUNDRED, method=Method.WECHAT, store_id=1, actor=clerk))
    assert (posted.balance, posted.bonus, posted.available) == (HUNDRED, Decimal("20.00"), Decimal("120.00"))
    assert len(transfers_of(posted.id)) == 2

    posted = in_transaction(lambda: consume(customer, Decimal("110.00"), store_id=1, actor=clerk))
    assert (posted.balance, posted.bonus) == (Decimal("0.00"), Decimal("10.00"))
    assert wallet_of(customer, "bonus").seq == 2


def test_below_the_rule_there_is_no_bonus(new_wallet, wallet_of, rule, clerk):
    rule("bonus_from", "100.00")
    rule("bonus_gift", "20.00")
    customer = new_wallet("99.99")

    assert wallet_of(customer, "bonus") is None


def test_refund_takes_back_the_share_of_the_bonus(new_wallet, rule, owner):
    rule("bonus_from", "100.00")
    rule("bonus_gift", "20.00")
    customer = new_wallet("100.00")

    half = in_transaction(
        lambda: refund(customer, Decimal("50.00"), method=Method.CASH, store_id=1, actor=owner, reason="half")
    )
    rest = in_transaction(
        lambda: refund(customer, Decimal("50.00"), method=Method.CASH, store_id=1, actor=owner, reason="rest")
    )

    assert (half.balance, half.bonus) == (Decimal("50.00"), Decimal("10.00"))
    assert (rest.balance, rest.bonus) == (0, 0)


def test_bonus_is_never_paid_out(new_wallet, rule, owner):
    rule("bonus_from", "100.00")
    rule("bonus_gift", "20.00")
    customer = new_wallet("100.00")

    with pytest.raises(InsufficientBalance):
        in_transaction(
            lambda: refund(customer, Decimal("100.01"), method=Method.CASH, store_id=1, actor=owner, reason="x")
        )


def test_a_method_that_is_off_is_refused(new_wallet, clerk, app):
    customer = new_wallet()

    def switch(is_on: bool) -> None:
        db.session.get(PaymentMethod, Method.VOUCHER).is_on = is_on

    in_transaction(lambda: switch(False))
    try:
        with pytest.raises(MethodOff):
            in_transaction(lambda: recharge(customer, HUNDRED, method=Method.VOUCHER, store_id=1, actor=clerk))
    finally:
        in_transaction(lambda: switch(True))


def test_the_balance_limit_refuses_a_recharge(new_wallet, rule, clerk):
    rule("balance_limit", "150.00")
    customer = new_wallet("100.00")

    with pytest.raises(BalanceLimit):
        in_transaction(lambda: recharge(customer, Decimal("50.01"), method=Method.CASH, store_id=1, actor=clerk))


def test_a_frozen_wallet_does_not_move(new_wallet, wallet_of, owner):
    customer = new_wallet("10.00")
    in_transaction(lambda: freeze(customer, actor=owner, reason="lost phone"))

    with pytest.raises(WalletFrozen):
        in_transaction(lambda: consume(customer, Decimal("1.00"), store_id=1, actor=owner))
    with pytest.raises(WalletFrozen):
        in_transaction(lambda: recharge(customer, Decimal("1.00"), method=Method.CASH, store_id=1, actor=owner))

    in_transaction(lambda: unfreeze(customer, actor=owner))
    in_transaction(lambda: consume(customer, Decimal("1.00"), store_id=1, actor=owner))
    assert wallet_of(customer).status is WalletStatus.OPEN


@pytest.mark.parametrize(("amount", "balance"), [("-4.00", "6.00"), ("4.00", "14.00")])
def test_adjustment_is_signed(new_wallet, owner, amount, balance):
    customer = new_wallet("10.00")

    posted = in_transaction(lambda: adjust(customer, Decimal(amount), store_id=1, actor=owner, reason="miscounted"))

    assert (posted.row["amount"], posted.balance) == (Decimal(amount), Decimal(balance))


def test_sale_moves_no_wallet(new_wallet, wallet_of, clerk):
    customer = new_wallet("10.00")

    posted = in_transaction(
        lambda: sell(Decimal("7.00"), method=Method.ALIPAY, store_id=1, actor=clerk, customer_id=customer)
    )

    assert posted.balance is None
    assert posted.row["customer_id"] == customer
    assert wallet_of(customer).seq == 1


def test_the_first_sale_of_a_store_in_a_category_of_its_own_makes_its_accounts(app, owner):
    store = in_transaction(lambda: create_store(f"new-{clock.real_now():%H%M%S%f}", "New", actor=owner))
    category = f"new-{store}"
    given = {"method": Method.CASH, "store_id": store, "actor": owner, "category": category}
    posted = in_transaction(lambda: sell(Decimal("7.00"), **given))
    line = db.session.scalars(select(Transfer).where(Transfer.posting_id == posted.id)).one()
    codes = [db.session.get(Account, number).code for number in (line.debit_id, line.credit_id)]
    assert codes == [till(Method.CASH, store), f"revenue:{category}"]


def test_a_customer_without_wallet_is_not_found(app, clerk):
    with pytest.raises(NotFound):
        in_transaction(lambda: consume(999_999_999, HUNDRED, store_id=1, actor=clerk))
