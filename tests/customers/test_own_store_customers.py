"""A9: with the setting on, a clerk finds the customers of his stores alone, wherever he asks."""

import secrets

import pytest

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers.operations import create_customer
from app.shop.operations import change_settings, create_store
from tests.conftest import actor_of
from tests.customers.desk import Desk
from tests.staff.people import browser_of


@pytest.fixture
def elsewhere(app, new_phone):
    """A customer of another store, by id and phone, while the setting is on."""
    owner = actor_of(app, SUPER_ADMIN)
    store_id = in_transaction(lambda: create_store(f"s{secrets.token_hex(4)}", "Elsewhere", actor=owner))
    phone = new_phone()
    values = {"phone": phone, "name": f"Far {phone}"}
    customer_id = in_transaction(lambda: create_customer(values, store_id=store_id, actor=owner).id)
    in_transaction(lambda: change_settings({"own_store_customers": True}, actor=owner))
    yield customer_id, phone
    in_transaction(lambda: change_settings({"own_store_customers": False}, actor=owner))


def test_programs_of_a_clerk_find_nobody_of_another_store(app, elsewhere):
    customer_id, phone = elsewhere
    clerk, owner = Desk(app, ORDINARY_ADMIN, store_ids=[1]), Desk(app, SUPER_ADMIN)
    assert clerk.get("/customers", phone=phone).json["items"] == []
    assert len(owner.get("/customers", phone=phone).json["items"]) == 1
    for path in (f"/customers/{customer_id}", f"/customers/{customer_id}/statement"):
        assert clerk.get(path).status_code == 404
        assert owner.get(path).status_code == 200
    assert clerk.recharge(customer_id, "1.00").status_code == 404
    assert clerk.patch(f"/customers/{customer_id}", {"name": "Mine"}).status_code == 404
    assert owner.recharge(customer_id, "1.00").status_code == 201
    assert clerk.get("/postings", customer=customer_id).json["items"] == []
    assert clerk.get("/postings", phone=phone).json["items"] == []


def test_a_clerk_finds_nobody_of_another_store_at_the_counter_and_in_the_list(app, elsewhere):
    customer_id, phone = elsewhere
    clerk = Desk(app, ORDINARY_ADMIN, store_ids=[1])
    browser = browser_of(app, clerk.id)
    assert f"Far {phone}" not in browser.get("/counter", query_string={"q": phone}).text
    assert browser.get(f"/counter?customer={customer_id}").status_code == 404
    assert f"Far {phone}" not in browser.get("/customers/list/").text
    assert browser.get(f"/customers/show/{customer_id}").status_code == 404
    # The forms too: the address alone opens nothing.
    token = browser.get("/profile").text.split('name="csrf_token" value="')[1].split('"')[0]
    for action in ("recharge", "consume", "refund", "profile"):
        answer = browser.post(f"/counter/{customer_id}/{action}", data={"csrf_token": token, "amount": "1"})
        assert answer.status_code == 404, action


def test_everybody_finds_everybody_as_long_as_it_is_off(app, new_phone):
    owner = actor_of(app, SUPER_ADMIN)
    store_id = in_transaction(lambda: create_store(f"s{secrets.token_hex(4)}", "Elsewhere", actor=owner))
    values = {"phone": new_phone(), "name": "Near and far"}
    customer_id = in_transaction(lambda: create_customer(values, store_id=store_id, actor=owner).id)
    clerk = Desk(app, ORDINARY_ADMIN, store_ids=[1])
    assert clerk.get(f"/customers/{customer_id}").status_code == 200
