"""Customers with ID numbers, and all that a database holds as one text, to look for what must not be there."""

import random
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import Model, in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers.models import Customer
from app.customers.operations import change_customer, create_customer
from app.extensions import db
from tests.staff.people import browser_of, form_token, make


def new_number() -> str:
    """An ID number that no other test has."""
    return f"110105{random.randint(10**10, 10**11 - 1)}X"  # noqa: S311 - no secret


def everything() -> str:
    db.session.rollback()
    with db.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Model.metadata.sorted_tables
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # noqa: S608 - our own names
        )


@contextmanager
def keys_of(app, *keys: str):
    """The house with other keys for a while."""
    former = app.config["FIELD_KEYS"]
    app.config["FIELD_KEYS"] = keys
    try:
        yield
    finally:
        app.config["FIELD_KEYS"] = former


@pytest.fixture(scope="module")
def desks(house):
    """The browsers of an owner and of a clerk."""
    with house.app_context():
        return browser_of(house, make(SUPER_ADMIN)), browser_of(house, make(ORDINARY_ADMIN, store_ids=[1]))


@pytest.fixture
def number() -> str:
    return new_number()


@pytest.fixture
def customer_of(app, owner, new_phone):
    """Call it for the id of a new customer who has that ID number."""

    def made(number: str | None) -> int:
        values = {"phone": new_phone(), "name": "Li Lei", "id_number": number}
        return in_transaction(lambda: create_customer(values, store_id=1, actor=owner).id)

    return made


def kept(customer_id: int) -> Customer:
    db.session.rollback()
    return db.session.get(Customer, customer_id)


def change(customer_id: int, actor, **values) -> None:
    in_transaction(lambda: change_customer(customer_id, values, actor=actor))


def last_record(operation: str) -> OperationRecord:
    db.session.rollback()
    ask = select(OperationRecord).where(OperationRecord.operation == operation).order_by(OperationRecord.id.desc())
    return db.session.scalars(ask.limit(1)).one()


def post(browser, path: str, **fields: str):
    return browser.post(path, data={"csrf_token": form_token(browser, "/profile"), **fields})
