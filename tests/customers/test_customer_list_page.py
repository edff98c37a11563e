"""The customer list in a browser: the way to the counter, and the only place where a customer is deleted."""

import pytest

from app.core.db import in_transaction
from app.core.errors import NotFound
from app.core.permissions import SUPER_ADMIN
from app.customers import queries
from app.customers.operations import change_customer
from app.extensions import db
from tests.counter.desk import customer_with, form_of
from tests.staff.people import browser_of, make


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def clerk_browser(app):
    return browser_of(app, make(store_ids=[1]))


def is_there(customer: int) -> bool:
    db.session.rollback()
    try:
        return bool(queries.get(customer))
    except NotFound:
        return False


def removal_form(browser, customer: int) -> dict[str, str]:
    page = browser.get(f"/customers/removal/{customer}").text
    token = form_of(page.replace('method="post" novalidate', 'action="/x" method="post"'), "/x")["csrf_token"]
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    return {"csrf_token": token, "version": version}


def test_a_row_leads_to_the_counter(clerk_browser, owner, new_phone):
    customer = customer_with("0.00", new_phone(), owner)

    answer = clerk_browser.get(f"/customers/show/{customer}")

    assert answer.location == f"/counter?customer={customer}"


def test_a_clerk_sees_no_way_to_delete_and_has_none(clerk_browser, boss, owner, new_phone):
    customer = customer_with("0.00", new_phone(), owner)

    assert "/customers/removal/" not in clerk_browser.get("/customers/list/").text
    assert "/customers/removal/" in boss.get("/customers/list/").text
    assert clerk_browser.get(f"/customers/removal/{customer}").status_code == 403
    assert is_there(customer)


def test_who_owes_nothing_is_deleted_with_a_reason(boss, owner, new_phone):
    customer = customer_with("0.00", new_phone(), owner)

    answer = boss.post(f"/customers/removal/{customer}", data={**removal_form(boss, customer), "reason": "moved away"})

    assert answer.status_code == 302
    assert not is_there(customer)


def test_without_a_reason_nobody_is_deleted(boss, owner, new_phone):
    customer = customer_with("0.00", new_phone(), owner)

    answer = boss.post(f"/customers/removal/{customer}", data=removal_form(boss, customer))

    assert answer.status_code == 400
    assert is_there(customer)


def test_who_has_a_balance_is_not_deleted(boss, owner, new_phone):
    customer = customer_with("0.01", new_phone(), owner)

    answer = boss.post(f"/customers/removal/{customer}", data={**removal_form(boss, customer), "reason": "moved"})

    assert answer.status_code == 409
    assert "¥0.01" in answer.text
    assert is_there(customer)


def test_who_was_changed_meanwhile_is_looked_at_again(boss, owner, new_phone):
    customer = customer_with("0.00", new_phone(), owner)
    form = removal_form(boss, customer)
    in_transaction(lambda: change_customer(customer, {"name": "Somebody else"}, actor=owner))

    answer = boss.post(f"/customers/removal/{customer}", data={**form, "reason": "moved"})

    assert answer.status_code == 412
    assert "Somebody else" in answer.text
    assert is_there(customer)


@pytest.mark.parametrize("name", ["store", "status", "type"])
def test_gaps_choose_nothing(boss, name):
    assert boss.get(f"/customers/list/?{name}=%20%20").status_code == 200
