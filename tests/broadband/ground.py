"""A small provider: a community, packages, a way of access; services of customers; and days that pass."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.broadband import operations
from app.broadband.models import BusinessType, Community, Document, Package, Payment, Service, Usage
from app.core import clock
from app.core.db import in_transaction
from app.extensions import db
from app.ledger.models import Account, Posting
from tests.counter.desk import customer_with

_numbers = itertools.count(1)


def basics(**package: Any) -> dict[str, int]:
    """Ids of a new community, package and way of access. package: its columns, as far as they matter."""
    number = next(_numbers)
    said = {"package_fee": Decimal("300.00"), "package_months": 3, "maintenance_fee": Decimal("5.00"), **package}

    def make() -> dict[str, int]:
        kind = db.session.scalar(select(BusinessType).where(BusinessType.usage == Usage.OPENING).limit(1))
        kind = kind or BusinessType(usage=Usage.OPENING, business_type="FTTH")
        made = (
            Community(community_code=f"K{number}-{clock.real_now().timestamp()}", community=f"Garden {number}"),
            Package(package_type=f"100M {number} {clock.real_now().timestamp()}", **said),
            kind,
        )
        db.session.add_all(made)
        db.session.flush()
        return dict(zip(("community_id", "package_id", "business_type_id"), (each.id for each in made), strict=True))

    return in_transaction(make)


def opened(owner: Any, phone: str, balance: str = "1000.00", **wanted: Any) -> tuple[int, int]:
    """A customer who has paid in so much, and his service that waits for its installation: their ids."""
    customer_id = customer_with(balance, phone, owner)
    asked = operations.Wanted(**{**basics(), **wanted})
    service = in_transaction(lambda: operations.open_service(customer_id, asked, store_id=1, actor=owner).id)
    return customer_id, service


def running(owner: Any, phone: str, balance: str = "1000.00", **wanted: Any) -> tuple[int, int]:
    """The same, switched on today."""
    customer_id, service_id = opened(owner, phone, balance, **wanted)
    in_transaction(lambda: operations.activate(service_id, actor=owner) and None)
    return customer_id, service_id


def done(verb: Any, *given: Any, owner: Any, **said: Any) -> int:
    """Do something with a service in store 1; the number of its document."""
    return in_transaction(lambda: verb(*given, store_id=1, actor=owner, **said).id)


def paid(service_id: int, owner: Any, method: Any = None, **bill: Any) -> int:
    """Pay for a service; the number of the document."""
    asked = operations.Bill(**bill)
    return done(operations.pay, service_id, asked, owner=owner, method=method)


def service_of(service_id: int) -> Service:
    """As it stands in the database now."""
    db.session.rollback()
    return db.session.get(Service, service_id, populate_existing=True)


def document_of(document_id: int) -> Document:
    db.session.rollback()
    return db.session.get(Document, document_id, populate_existing=True)


def payment_of(document_id: int) -> Payment:
    db.session.rollback()
    return db.session.get(Payment, document_id, populate_existing=True)


def today() -> date:
    return clock.today()


def after(days: int) -> date:
    return clock.today() + timedelta(days=days)


def balance(customer_id):
    db.session.rollback()
    ask = select(Account.balance).where(Account.customer_id == customer_id, Account.purse == "principal")
    return db.session.scalar(ask)


def posting(document):
    return db.session.get(Posting, document.posting_id)


def undone(document_id, owner, reason="mistake"):
    return in_transaction(lambda: operations.reverse(document_id, reason=reason, actor=owner).id)
