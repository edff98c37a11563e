"""Pairs of customers who are one person, for the tests of merges and statements."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.db import in_transaction
from app.customers import queries
from app.customers.merges.operations import merge_customers
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Posting
from app.ledger.operations import hold
from tests.counter.desk import customer_with


def pair(new_phone: Any, owner: Any, first: str = "30.00", second: str = "12.00") -> tuple[int, int]:
    """The one who goes and the one who stays."""
    return customer_with(first, new_phone(), owner, "Li Lei"), customer_with(second, new_phone(), owner, "Lei Li")


def merge(from_id: int, into_id: int, actor: Any, **more: Any) -> int:
    return in_transaction(lambda: merge_customers(from_id, into_id, reason="one person", actor=actor, **more).id)


def customer(customer_id: int) -> Customer:
    """As the database has it now, also when he is deleted."""
    db.session.rollback()
    return queries.get(customer_id, is_deleted_too=True)


def balance(customer_id: int) -> Decimal:
    return customer(customer_id).balance


def postings_of(customer_id: int) -> list[Posting]:
    db.session.rollback()
    return list(db.session.scalars(select(Posting).where(Posting.customer_id == customer_id).order_by(Posting.id)))


def held(customer_id: int, amount: str, actor: Any, *, minutes: int = 10) -> None:
    until = clock.now() + timedelta(minutes=minutes)
    in_transaction(lambda: hold(customer_id, Decimal(amount), expires_at=until, store_id=1, actor=actor).id)
