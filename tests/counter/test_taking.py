"""The forms that move money: once for their key, refused with a reason, never stale."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.core.db import in_transaction
from app.customers.operations import change_customer
from app.extensions import db
from app.ledger.models import Account, Posting
from app.ledger.operations import recharge
from app.shop.models import Method
from tests.counter.desk import customer_with, form_of, opened
from tests.staff.people import browser_of, make


@pytest.fixture
def browser(app):
    return browser_of(app, make(store_ids=[1]))


@pytest.fixture
def customer(app, owner, new_phone):
    return customer_with("50.00", new_phone(), owner)


def balance_of(customer: int) -> Decimal:
    db.session.rollback()
    return db.session.scalar(select(Account.balance).where(Account.customer_id == customer))


def postings_of(customer: int) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Posting).where(Posting.customer_id == customer))


def test_a_recharge_shows_its_receipt_and_waits_for_the_next_customer(browser, customer):
    form = opened(browser, customer, "recharge")

    answer = browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "30", "method": "cash"})

    assert answer.status_code == 302
    page = browser.get(answer.location).text
    assert "¥80.00" in page
    assert "¥50.00" in page
    assert "autofocus" in page[page.index("data-finder") - 200 : page.index("data-finder")]
    assert balance_of(customer) == Decimal("80.00")


def test_a_form_that_is_sent_twice_posts_once(browser, customer):
    form = {**opened(browser, customer, "recharge"), "amount": "30", "method": "cash"}

    first = browser.post(f"/counter/{customer}/recharge", data=form)
    second = browser.post(f"/counter/{customer}/recharge", data=form)

    assert first.location == second.location
    assert balance_of(customer) == Decimal("80.00")


def test_a_used_form_with_another_amount_is_not_posted(browser, customer):
    form = {**opened(browser, customer, "recharge"), "method": "cash"}
    browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "30"})

    answer = browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "31"})

    assert answer.status_code == 409
    assert 'value="31' in answer.text
    assert form_of(answer.text, f"/counter/{customer}/recharge")["key"] != form["key"]
    assert balance_of(customer) == Decimal("80.00")


def test_the_same_amount_within_a_minute_is_asked_about_once(browser, customer):
    sent = {"amount": "30", "method": "cash"}
    browser.post(f"/counter/{customer}/recharge", data={**opened(browser, customer, "recharge"), **sent})

    asked = browser.post(f"/counter/{customer}/recharge", data={**opened(browser, customer, "recharge"), **sent})
    assert asked.status_code == 409
    assert balance_of(customer) == Decimal("80.00")

    again = form_of(asked.text, f"/counter/{customer}/recharge")
    answer = browser.post(f"/counter/{customer}/recharge", data={**again, **sent})
    assert answer.status_code == 302
    assert balance_of(customer) == Decimal("110.00")


def test_a_refused_overdraft_keeps_what_was_typed_and_gets_a_new_key(browser, customer):
    form = opened(browser, customer, "consume")

    answer = browser.post(f"/counter/{customer}/consume", data={**form, "amount": "50.01", "note": "two nights"})

    assert answer.status_code == 409
    assert "¥50.00 is available" in answer.text
    assert 'value="two nights"' in answer.text
    assert form_of(answer.text, f"/counter/{customer}/consume")["key"] != form["key"]
    assert postings_of(customer) == 1


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.234", "1e3", "NaN", "1" + "0" * 18, "true"])
def test_what_is_no_amount_is_told_and_nothing_posted(browser, customer, amount):
    form = opened(browser, customer, "recharge")

    answer = browser.post(f"/counter/{customer}/recharge", data={**form, "amount": amount, "method": "cash"})

    assert answer.status_code == 400
    assert "field-error" in answer.text
    assert postings_of(customer) == 1


def test_full_width_digits_are_read_as_people_mean_them(browser, customer):
    form = opened(browser, customer, "recharge")

    browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "１２.５", "method": "cash"})

    assert balance_of(customer) == Decimal("62.50")


def test_a_form_for_a_customer_who_was_renamed_is_stale(browser, customer, owner):
    form = opened(browser, customer, "recharge")
    in_transaction(lambda: change_customer(customer, {"name": "王大明"}, actor=owner))

    answer = browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "30", "method": "cash"})

    assert answer.status_code == 412
    assert "王大明" in answer.text
    assert 'value="30' in answer.text
    assert postings_of(customer) == 1


def test_a_changed_balance_alone_is_not_stale(browser, customer, owner):
    form = opened(browser, customer, "recharge")
    in_transaction(lambda: recharge(customer, Decimal("7.00"), method=Method.CASH, store_id=1, actor=owner))

    answer = browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "30", "method": "cash"})

    assert answer.status_code == 302
    assert balance_of(customer) == Decimal("87.00")


def test_a_mistake_is_put_right_on_its_receipt(browser, customer):
    form = opened(browser, customer, "recharge")
    done = browser.post(f"/counter/{customer}/recharge", data={**form, "amount": "30", "method": "cash"}).location
    posting = done.split("=")[1]
    slip = form_of(browser.get(f"/receipts/{posting}").text, f"/receipts/{posting}/reversal")

    answer = browser.post(f"/receipts/{posting}/reversal", data={**slip, "reason": "typed wrong"})

    assert answer.status_code == 302
    assert balance_of(customer) == Decimal("50.00")
    again = browser.post(f"/receipts/{posting}/reversal", data={**slip, "key": "x" * 20, "reason": "once more"})
    assert again.status_code == 409


def test_a_clerk_cannot_adjust(browser, customer):
    token = opened(browser, customer, "recharge")["csrf_token"]

    answer = browser.post(f"/counter/{customer}/adjust", data={"csrf_token": token, "amount": "1"})

    assert answer.status_code == 403
    assert balance_of(customer) == Decimal("50.00")
