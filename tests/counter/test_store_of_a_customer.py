"""To which store a customer belongs: said by who works in all of them."""

import itertools

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import Forbidden
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers import queries
from app.customers.operations import change_customer
from app.extensions import db
from app.shop.models import Store
from app.shop.operations import change_store, create_store
from tests.conftest import actor_of
from tests.counter.desk import customer_with, opened
from tests.staff.people import browser_of, make

_numbers = itertools.count(1)


@pytest.fixture
def app(own_house):
    return own_house


@pytest.fixture
def owner(app):
    return actor_of(app, SUPER_ADMIN)


@pytest.fixture
def browser(app):
    return browser_of(app, make(store_ids=[1]))


def store_of(owner) -> Store:
    """Another store, open."""
    number = next(_numbers)
    made = in_transaction(lambda: create_store(f"other-{number}", f"Other {number}", actor=owner))
    return db.session.get_one(Store, made)


def fresh(customer_id: int):
    db.session.rollback()
    return queries.get(customer_id)


def test_an_owner_says_to_which_store_a_customer_belongs(app, browser, owner, new_phone):
    boss, phone, store = browser_of(app, make(SUPER_ADMIN, store_ids=[1])), new_phone(), store_of(owner)
    customer = customer_with("5.00", phone, owner)
    typed = {"phone": phone, "name": "A", "type": "personal", "store": store.code}

    by_clerk = browser.post(f"/counter/{customer}/profile", data=opened(browser, customer, "profile") | typed)
    assert (by_clerk.status_code, fresh(customer).store_id) == (302, 1), "he is not asked"
    by_owner = boss.post(f"/counter/{customer}/profile", data=opened(boss, customer, "profile") | typed)

    assert by_owner.status_code == 302
    assert fresh(customer).store_id == store.id
    last = db.session.scalars(select(OperationRecord).order_by(OperationRecord.id.desc()).limit(1)).one()
    assert last.changes == {"store": ["main", store.code]}


def test_who_works_in_some_stores_moves_nobody(app, owner, new_phone):
    customer, store = customer_with("5.00", new_phone(), owner), store_of(owner)
    clerk = actor_of(app, ORDINARY_ADMIN, stores=frozenset({1, store.id}))

    with pytest.raises(Forbidden):
        in_transaction(lambda: change_customer(customer, {"store": store.code}, actor=clerk))
    assert fresh(customer).store_id == 1


def test_nobody_comes_to_a_store_that_is_closed(app, owner, new_phone):
    boss, phone, store = browser_of(app, make(SUPER_ADMIN, store_ids=[1])), new_phone(), store_of(owner)
    customer = customer_with("5.00", phone, owner)
    in_transaction(lambda: change_store(store.id, name=store.name, is_open=False, actor=owner))
    typed = {"phone": phone, "name": "A", "type": "personal", "store": store.code}

    answer = boss.post(f"/counter/{customer}/profile", data=opened(boss, customer, "profile") | typed)

    assert answer.status_code == 400
    assert 'id="profile-store-error"' in answer.text
    assert fresh(customer).store_id == 1
