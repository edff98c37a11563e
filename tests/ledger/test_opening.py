from dataclasses import asdict
from decimal import Decimal

import pytest
from sqlalchemy import func, insert, select

from app.core.actor import Actor
from app.core.commands import Request, execute, new_key
from app.core.db import in_transaction
from app.core.numbering import take_ids
from app.extensions import db
from app.ledger.models import Account, Kind, Posting, Purse, Receipt, Transfer
from app.ledger.opening import Opening, open_wallets
from app.ledger.operations import reverse
from app.ledger.refusals import NotReversible

BOSS = Actor.system("test")


def open_for(*brought: tuple[str, str], document: int) -> list[int]:
    """Open wallets for as many customers that exist in no list; the ledger knows customers by number alone."""
    first = 50_000_000 + document * 1000
    rows = [Opening(first + n, Decimal(principal), Decimal(bonus)) for n, (principal, bonus) in enumerate(brought)]
    request = Request("test", new_key(), {})
    execute(request, lambda: asdict(open_wallets(rows, document_id=document, store_id=1, actor=BOSS)))
    return [row.customer_id for row in rows]


def wallets_of(customer_id: int) -> dict[Purse, Account]:
    found = db.session.scalars(select(Account).where(Account.customer_id == customer_id))
    return {wallet.purse: wallet for wallet in found}


def test_a_wallet_opens_with_a_chain_that_anyone_can_check(app):
    (customer,) = open_for(("12.30", "4.50"), document=next_document())
    wallets = wallets_of(customer)
    posting = db.session.scalars(select(Posting).where(Posting.customer_id == customer)).one()
    lines = db.session.scalars(select(Transfer).where(Transfer.posting_id == posting.id).order_by(Transfer.line)).all()

    assert (posting.kind, posting.amount) == (Kind.OPENING, Decimal("16.80"))
    assert (posting.balance_after, posting.bonus_after) == (Decimal("12.30"), Decimal("4.50"))
    assert posting.receipt_no == f"{posting.id:08d}"
    assert posting.source_type == "customer-import"
    assert [(line.seq, line.amount, line.balance_after) for line in lines] == [
        (1, Decimal("12.30"), Decimal("12.30")),
        (1, Decimal("4.50"), Decimal("4.50")),
    ]
    assert [line.wallet_id for line in lines] == [wallets[Purse.PRINCIPAL].id, wallets[Purse.BONUS].id]
    assert wallets[Purse.PRINCIPAL].balance == Decimal("12.30")
    assert wallets[Purse.PRINCIPAL].seq == 1
    assert db.session.get(Receipt, posting.receipt_no).posting_id == posting.id


def test_an_opening_balance_is_not_reversible_by_the_document_that_brought_it_either(app, owner):
    (customer,) = open_for(("12.30", "0"), document=next_document())
    posting = db.session.scalars(select(Posting).where(Posting.customer_id == customer)).one()
    for source in (None, "customer-import"):
        with pytest.raises(NotReversible):
            in_transaction(lambda: reverse(posting.id, reason="no", actor=owner, source_type=source))  # noqa: B023


def test_who_brings_nothing_gets_a_wallet_and_no_posting(app):
    (customer,) = open_for(("0", "0"), document=next_document())
    assert wallets_of(customer).keys() == {Purse.PRINCIPAL}
    assert wallets_of(customer)[Purse.PRINCIPAL].seq == 0
    assert not db.session.scalars(select(Posting).where(Posting.customer_id == customer)).all()


def test_a_bonus_alone_makes_one_posting_of_one_line(app):
    (customer,) = open_for(("0", "8"), document=next_document())
    posting = db.session.scalars(select(Posting).where(Posting.customer_id == customer)).one()
    assert posting.amount == Decimal(8)
    assert db.session.scalar(select(func.count()).where(Transfer.posting_id == posting.id)) == 1
    assert wallets_of(customer)[Purse.BONUS].balance == Decimal(8)


def test_nobody_brings_a_debt_along(app):
    document = next_document()
    with pytest.raises(ValueError, match="debt"):
        open_for(("5", "0"), ("-1", "0"), document=document)
    assert not db.session.scalars(select(Account).where(Account.customer_id == 50_000_000 + document * 1000)).all()


def test_ordinary_numbering_goes_on_after_numbers_were_taken(app):
    taken = in_transaction(lambda: take_ids(Account.__table__, 3))
    assert taken == sorted(set(taken))
    before = open_for(("1", "0"), document=next_document())
    in_transaction(lambda: db.session.execute(insert(Account).values(code=f"test:{before[0]}")))
    newest = db.session.scalar(select(Account.id).where(Account.code == f"test:{before[0]}"))
    assert newest > wallets_of(before[0])[Purse.PRINCIPAL].id


_documents = iter(range(1, 1000))


def next_document() -> int:
    return next(_documents)
