"""A past that is written at once is the one that the verbs would have left, day by day."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.commands import Request, execute, new_key
from app.core.db import in_transaction
from app.extensions import db
from app.ledger import operations
from app.ledger.history import History, Occasion
from app.ledger.models import Account, Posting, Purse, Receipt, Reversal, Transfer
from app.ledger.proofs import verify
from app.ledger.refusals import HasPostings, InsufficientBalance
from app.shop.models import Method
from app.shop.operations import change_settings

CLERK = Actor(ActorKind.STAFF, 77, "clerk", stores=frozenset({1}))
RULES = {"bonus_from": Decimal(100), "bonus_gift": Decimal("9.99")}
OWN = {"id", "posted_at", "business_date", "hour", "customer_id", "command_id", "receipt_no", "source_type"}
PAST, PRESENT = 81, 82


def write(work, postings: int = 100) -> None:
    """Let `work` write a past with one customer, who has the place 0."""

    def apply() -> dict[str, int]:
        history = History(postings, rules=RULES, source="test")
        history.open_wallets([PAST])
        work(history)
        history.close()
        return {}

    if refusal := execute(Request("test", new_key(), {}), apply).refusal:
        raise refusal


def ago(**time: float) -> Occasion:
    return Occasion(clock.now() - timedelta(**time), 1, CLERK)


def a_life(history: History) -> None:
    history.recharge(0, Decimal(50), Method.CASH, ago(days=40))
    history.recharge(0, Decimal(100), Method.ALIPAY, ago(days=39))
    history.consume(0, Decimal("30.25"), ago(days=30), category="茶")
    history.refund(0, Decimal("19.75"), Method.CASH, ago(days=29), reason="moved")
    history.consume(0, Decimal("105.00"), ago(days=28))
    slip = history.recharge(0, Decimal(200), Method.WECHAT, ago(days=2, hours=1))
    history.reverse(slip, ago(days=2).at, actor=CLERK, reason="slip")
    history.consume(0, Decimal("1.01"), ago(minutes=1))


def the_same_by_verbs() -> None:
    def do(verb, *args, **named):
        return in_transaction(lambda: verb(*args, actor=CLERK, **named)).id

    change = {name: str(amount) for name, amount in RULES.items()}
    in_transaction(lambda: change_settings(change, actor=Actor.system("test")))
    do(operations.open_wallet, PRESENT)
    money = {"store_id": 1}
    do(operations.recharge, PRESENT, Decimal(50), method=Method.CASH, **money)
    do(operations.recharge, PRESENT, Decimal(100), method=Method.ALIPAY, **money)
    do(operations.consume, PRESENT, Decimal("30.25"), category="茶", **money)
    do(operations.refund, PRESENT, Decimal("19.75"), method=Method.CASH, reason="moved", **money)
    do(operations.consume, PRESENT, Decimal("105.00"), **money)
    slip = do(operations.recharge, PRESENT, Decimal(200), method=Method.WECHAT, **money)
    do(operations.reverse, slip, reason="slip")
    do(operations.consume, PRESENT, Decimal("1.01"), **money)


def postings_of(customer_id: int) -> list[dict]:
    """The customer's postings; of a reversal how far back the reversed one is, for the numbers differ."""
    rows = db.session.execute(select(*Posting.__table__.c).where(Posting.customer_id == customer_id).order_by("id"))
    found = [dict(row._mapping) for row in rows]
    for row in found:
        row["reverses_id"] = row["reverses_id"] and row["id"] - row["reverses_id"]
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def transfers_of(customer_id: int) -> list[tuple]:
    purses = {row.id: row.purse for row in wallets_of(customer_id).values()}
    ask = select(Transfer).join(Posting).where(Posting.customer_id == customer_id)
    return [
        (
            line.line,
            purses.get(line.debit_id, line.debit_id),
            purses.get(line.credit_id, line.credit_id),
            line.amount,
            purses[line.wallet_id],
            line.seq,
            line.balance_after,
        )
        for line in db.session.scalars(ask.order_by(Transfer.posting_id, Transfer.line))
    ]


def wallets_of(customer_id: int) -> dict[Purse, Account]:
    return {row.purse: row for row in db.session.scalars(select(Account).where(Account.customer_id == customer_id))}


def test_a_past_is_what_the_verbs_would_have_left(empty_house):
    write(a_life, postings=8)
    the_same_by_verbs()

    assert postings_of(PAST) == postings_of(PRESENT)
    assert transfers_of(PAST) == transfers_of(PRESENT)
    past, present = wallets_of(PAST), wallets_of(PRESENT)
    assert past.keys() == present.keys() == {Purse.PRINCIPAL, Purse.BONUS}
    for purse, wallet in past.items():
        assert (wallet.balance, wallet.seq) == (present[purse].balance, present[purse].seq)
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_a_posting_of_the_past_stands_on_its_own_day(empty_house):
    when = ago(days=100)
    write(lambda history: history.recharge(0, Decimal(5), Method.CASH, when))

    posting = db.session.scalars(select(Posting)).one()
    shop = clock.shop_clock()
    assert posting.posted_at == when.at
    assert (posting.business_date, posting.hour) == (shop.business_date(when.at), shop.local(when.at).hour)
    assert (posting.operator_kind, posting.operator_id, posting.source_type) == (ActorKind.STAFF, 77, "test")
    assert db.session.get(Receipt, posting.receipt_no).business_date == posting.business_date
    assert not db.session.scalars(select(Reversal)).all()


def test_ordinary_numbering_goes_on_after_a_past(empty_house):
    write(a_life, postings=8)
    newest = max(row.id for row in db.session.scalars(select(Posting)))
    the_same_by_verbs()
    following = db.session.scalars(select(Posting.id).where(Posting.id > newest).order_by(Posting.id)).first()
    assert following == newest + 1


@pytest.mark.parametrize(
    ("life", "fault"),
    [
        (lambda history: history.consume(0, Decimal("0.01"), ago(days=1)), InsufficientBalance),
        (lambda history: history.refund(0, Decimal(1), Method.CASH, ago(days=1), reason="-"), InsufficientBalance),
        (lambda history: history.recharge(0, Decimal(1), Method.CASH, ago(days=-1)), ValueError),
        (
            lambda history: [history.recharge(0, Decimal(1), Method.CASH, ago(days=days)) for days in (1, 2)],
            ValueError,
        ),
    ],
    ids=["more than there is", "refund of nothing", "tomorrow", "backwards"],
)
def test_an_impossible_past_leaves_no_trace(own_house, life, fault):
    with pytest.raises(fault):
        write(life)
    assert wallets_of(PAST) == {}


def test_what_was_spent_cannot_be_reversed(empty_house):
    def life(history: History) -> None:
        paid = history.recharge(0, Decimal(50), Method.CASH, ago(days=2))
        history.consume(0, Decimal(1), ago(days=1))
        history.reverse(paid, ago().at, actor=CLERK, reason="late")

    with pytest.raises(InsufficientBalance):
        write(life)
    assert wallets_of(PAST) == {}


def test_a_ledger_with_postings_gets_no_past(empty_house):
    write(a_life, postings=8)
    before = postings_of(PAST)
    with pytest.raises(HasPostings):
        write(a_life, postings=8)
    assert postings_of(PAST) == before


def test_a_past_belongs_to_a_command(empty_house):
    with pytest.raises(RuntimeError, match="command"):
        in_transaction(lambda: History(1, rules={}, source="test"))
