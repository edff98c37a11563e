"""Who has most with the shop, and who of them stays away. A page of its own: it reads every wallet."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.core import days
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account, Posting, Purse

SHOWN = 20
LOOKED_THROUGH = 1_000  # of the largest balances, for those who stay away
DORMANT_DAYS = 90


class Holder(NamedTuple):
    """A customer and his principal. last_on: the day of his last posting; None when none is online any more."""

    customer_id: int
    name: str
    phone: str | None
    balance: Decimal
    last_on: date | None


def holders(limit: int = LOOKED_THROUGH) -> list[Holder]:
    """Who has most, the largest balance first. Reads every wallet once, then only so many."""
    last_on = (
        select(Posting.business_date)
        .where(Posting.customer_id == Customer.id)
        .order_by(Posting.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    largest = (
        select(Account.customer_id, Account.balance)
        .where(Account.purse == Purse.PRINCIPAL, Account.balance > 0)
        .order_by(Account.balance.desc(), Account.customer_id)
        .limit(limit)
        .subquery()
    )
    ask = (
        select(Customer.id, Customer.name, Customer.phone, largest.c.balance, last_on)
        .join(largest, largest.c.customer_id == Customer.id)
        .order_by(largest.c.balance.desc(), Customer.id)
    )
    return [Holder(*row) for row in db.session.execute(ask)]


def dormant(found: list[Holder], after: int = DORMANT_DAYS) -> list[Holder]:
    """Those of them who have had no posting for so many days, at most twenty."""
    return list(_first(_away(found, days.today() - timedelta(after)), SHOWN))


def _away(found: list[Holder], since: date) -> Iterator[Holder]:
    return (holder for holder in found if holder.last_on is None or holder.last_on <= since)


def _first(found: Iterator[Holder], count: int) -> Iterator[Holder]:
    return (holder for _number, holder in zip(range(count), found, strict=False))
