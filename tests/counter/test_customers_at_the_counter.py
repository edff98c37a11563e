"""Finding, entering and changing customers at the counter."""

import re
from decimal import Decimal

import pytest

from app.core.db import in_transaction
from app.core.errors import Forbidden
from app.core.permissions import SUPER_ADMIN
from app.customers import queries
from app.customers.operations import change_customer
from app.extensions import db
from app.ledger.operations import consume
from tests.counter.desk import customer_with, form_of, opened
from tests.staff.people import browser_of, make


@pytest.fixture
def browser(app):
    return browser_of(app, make(store_ids=[1]))


def token_of(browser) -> str:
    return form_of(browser.get("/counter/new").text, "/counter/new")["csrf_token"]


def enter(browser, **typed):
    return browser.post("/counter/new", data={"csrf_token": token_of(browser), "type": "personal", **typed})


def fresh(customer_id: int):
    db.session.rollback()
    return queries.get(customer_id)


@pytest.mark.parametrize("typed", ["{local}", "+86 {local}", "{spaced}", "{wide}", "{last4}"])
def test_one_query_by_phone_opens_the_customer_with_all_his_forms(browser, owner, new_phone, typed):
    phone = new_phone()
    local = phone.removeprefix("+86")
    name = f"Only {local}"
    customer_with("0.00", phone, owner, name)
    wide = local.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    spaced = f"{local[:3]} {local[3:7]} {local[7:]}"
    asked = typed.format(local=local, spaced=spaced, wide=wide, last4=local[-7:])

    page = browser.get("/counter", query_string={"q": asked}).text

    assert name in page
    for form in ("recharge", "consume", "profile"):
        assert f"/{form}" in page


def test_a_name_finds_several_and_nobody_is_offered_a_new_customer(browser, owner, new_phone):
    family = f"Ouyang{new_phone()[-6:]}"
    for first in ("Ann", "Bob"):
        customer_with("0.00", new_phone(), owner, f"{family} {first}")

    both = browser.get("/counter", query_string={"q": family}).text
    nobody = browser.get("/counter", query_string={"q": f"{family}x"}).text

    assert f"{family} Ann" in both
    assert f"{family} Bob" in both
    assert "/counter/new?phone=" in nobody


def test_a_new_customer_is_entered_and_shown(browser, new_phone):
    phone = new_phone()

    answer = enter(browser, phone=phone.removeprefix("+86"), name="  陈 静 ")

    assert answer.status_code == 302
    customer = fresh(int(answer.location.split("=")[1]))
    assert (customer.phone, customer.name, customer.store_id) == (phone, "陈 静", 1)
    assert customer.principal.balance == 0


def test_a_phone_is_taken_once(browser, owner, new_phone):
    phone = new_phone()
    customer_with("0.00", phone, owner)

    answer = enter(browser, phone=phone, name="Second")

    assert answer.status_code == 409
    assert 'value="Second"' in answer.text


@pytest.mark.parametrize(("phone", "name"), [("12345", "Ann"), ("", "Ann"), ("13800000000", ""), ("abc", "Ann")])
def test_what_cannot_be_a_customer_is_told_at_the_field(browser, phone, name):
    answer = enter(browser, phone=phone, name=name)

    assert answer.status_code == 400
    assert "field-error" in answer.text


def test_a_phone_change_frees_the_old_number(browser, owner, new_phone):
    old, new = new_phone(), new_phone()
    customer = customer_with("5.00", old, owner)
    form = opened(browser, customer, "profile")

    answer = browser.post(f"/counter/{customer}/profile", data={**form, "phone": new, "name": "Renamed", "type": "vip"})

    assert answer.status_code == 302
    assert (fresh(customer).phone, fresh(customer).name) == (new, "Renamed")
    assert enter(browser, phone=old, name="Next owner of the number").status_code == 302


def test_a_stale_profile_is_refused_with_the_fresh_values(browser, owner, new_phone):
    customer = customer_with("5.00", new_phone(), owner, "Before")
    form = opened(browser, customer, "profile")
    in_transaction(lambda: change_customer(customer, {"name": "Meanwhile"}, actor=owner))

    answer = browser.post(
        f"/counter/{customer}/profile", data={**form, "phone": fresh(customer).phone, "name": "Mine", "type": "vip"}
    )

    assert answer.status_code == 412
    assert "Meanwhile" in answer.text
    assert fresh(customer).name == "Meanwhile"


def test_the_balance_is_not_a_field(browser, owner, new_phone):
    phone = new_phone()
    customer = customer_with("5.00", phone, owner)
    form = opened(browser, customer, "profile")

    browser.post(
        f"/counter/{customer}/profile", data={**form, "phone": phone, "name": "A", "type": "vip", "balance": "9999"}
    )

    assert fresh(customer).principal.balance == 5


def test_a_clerk_cannot_freeze_a_wallet(browser, owner, new_phone):
    customer = customer_with("5.00", new_phone(), owner)
    data = {"csrf_token": token_of(browser), "version": "1", "status": "frozen"}

    assert browser.post(f"/counter/{customer}/status", data=data).status_code == 403


def test_an_owner_sets_how_far_below_zero_a_balance_may_fall(app, browser, owner, new_phone):
    boss, customer = browser_of(app, make(SUPER_ADMIN)), customer_with("5.00", new_phone(), owner)
    typed = opened(boss, customer, "credit") | {"credit_limit": "20"}

    assert boss.post(f"/counter/{customer}/credit", data=typed).status_code == 302

    page = browser.get(f"/counter?customer={customer}").text
    assert re.search("Credit limit</dt><dd[^>]*>¥20.00", page)
    assert re.search("Available</dt><dd[^>]*>¥25.00", page)
    assert boss.post(f"/counter/{customer}/credit", data=typed).status_code == 412, "it was changed since"
    taken = in_transaction(lambda: consume(customer, Decimal(25), category="general", store_id=1, actor=owner).id)
    assert fresh(customer).balance == -20
    assert "In debt" in browser.get(f"/counter?customer={customer}").text
    assert re.search('class="done-after is-owed">-¥20.00', boss.get(f"/counter?done={taken}").text)


@pytest.mark.parametrize("typed", ["", "-1", "1.001", "99999999999"])
def test_a_credit_limit_that_is_none_comes_back(app, owner, new_phone, typed):
    boss, customer = browser_of(app, make(SUPER_ADMIN)), customer_with("5.00", new_phone(), owner)

    answer = boss.post(f"/counter/{customer}/credit", data=opened(boss, customer, "credit") | {"credit_limit": typed})

    assert answer.status_code == 400
    assert 'id="credit-credit_limit-error"' in answer.text
    assert fresh(customer).credit_limit == 0


def test_a_clerk_gives_no_credit(browser, owner, clerk, new_phone):
    customer = customer_with("5.00", new_phone(), owner)
    data = {"csrf_token": token_of(browser), "version": "1", "credit_limit": "20"}

    assert "/credit" not in browser.get(f"/counter?customer={customer}").text
    assert browser.post(f"/counter/{customer}/credit", data=data).status_code == 403
    with pytest.raises(Forbidden):
        in_transaction(lambda: change_customer(customer, {"credit_limit": Decimal(20)}, actor=clerk))
    assert fresh(customer).credit_limit == 0


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999", "-1", "123456789012"])
def test_a_customer_who_is_not_there_is_not_found(browser, number):
    assert browser.get(f"/counter?customer={number}").status_code == 404
