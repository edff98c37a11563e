"""Wallets to try things on, and one place to read what became of them."""

import itertools
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import in_transaction
from app.extensions import db
from app.ledger.models import Account, Posting, Transfer
from app.ledger.operations import open_wallet, recharge
from app.shop.models import Method

_numbers = itertools.count(50_000_000)


@pytest.fixture
def new_wallet(app, owner):
    """Call it for the number of a customer whose wallet holds that much."""

    def make(balance: str = "0.00") -> int:
        customer_id = next(_numbers)
        in_transaction(lambda: open_wallet(customer_id, actor=owner).id)
        if Decimal(balance):
            in_transaction(lambda: recharge(customer_id, Decimal(balance), method=Method.CASH, store_id=1, actor=owner))
        return customer_id

    return make


@pytest.fixture
def wallet_of(app):
    """Call it for a customer's wallet as the database has it now."""

    def read(customer_id: int, purse: str = "principal") -> Account | None:
        db.session.rollback()
        ask = select(Account).where(Account.customer_id == customer_id, Account.purse == purse)
        return db.session.scalar(ask.execution_options(populate_existing=True))

    return read


@pytest.fixture
def count_postings(app):
    """Call it for how many postings a customer has."""
    return lambda customer_id: db.session.scalar(
        select(func.count()).select_from(Posting).where(Posting.customer_id == customer_id)
    )


@pytest.fixture
def transfers_of(app):
    """Call it for the transfers of a posting, in their order."""
    return lambda posting_id: db.session.scalars(
        select(Transfer).where(Transfer.posting_id == posting_id).order_by(Transfer.line)
    ).all()


@pytest.fixture
def shop_time():
    """Call it with a day, and an hour, to which the shop's clock is set for the rest of the test."""
    before = clock.shop_clock()

    def set_to(day: date, hour: int = 12) -> None:
        at = datetime.combine(day, time(hour), before.zone)
        clock.configure(before.zone.key, "00:00", at.isoformat())

    yield set_to
    clock.configure(before.zone.key, "00:00", (clock.real_now() + before.shift).isoformat())
