"""What people see of it: at the counter, on a receipt, and on the page of the second person."""

import re

import pytest

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from tests.counter.desk import form_of, opened
from tests.customers.desk import Desk
from tests.staff.people import browser_of, form_token, make, post


@pytest.fixture
def owner_browser(app):
    return browser_of(app, make(SUPER_ADMIN, store_ids=[1]))


@pytest.fixture
def clerk_browser(app):
    return browser_of(app, make(ORDINARY_ADMIN, store_ids=[1]))


def ask_to_reverse(browser, posting: int):
    page = f"/receipts/{posting}"
    slip = form_of(browser.get(page).text, f"{page}/reversal")
    return slip, browser.post(f"{page}/reversal", data={**slip, "reason": "typed wrong"})


def number_in(text: str) -> int:
    return int(re.search(r"request (\d+)", text).group(1))


def approve_on_page(browser, number: int, **typed: str):
    form = form_of(browser.get(f"/approvals/{number}").text, f"/approvals/{number}/approve")
    return form, browser.post(f"/approvals/{number}/approve", data={**form, **typed})


def test_a_clerk_is_told_that_his_reversal_waits(clerk_browser, boss, customer, posting):
    slip, answer = ask_to_reverse(clerk_browser, posting)
    assert answer.status_code == 302
    assert answer.location == f"/receipts/{posting}"
    page = clerk_browser.get(answer.location).text
    assert "Nothing is posted yet" in page
    assert f"/receipts/{posting}/reversal" not in page
    again = clerk_browser.post(f"/receipts/{posting}/reversal", data={**slip, "reason": "typed wrong"})
    assert again.status_code == 302
    token = form_token(clerk_browser, "/profile")
    other = {"csrf_token": token, "key": "k" * 20, "reason": "once more"}
    refused = clerk_browser.post(f"/receipts/{posting}/reversal", data=other)
    assert refused.status_code == 409
    assert "waits for a second person already" in refused.text
    assert boss.customer(customer)["balance"] == "500.00"


def test_the_second_person_sees_the_figures_and_approves_once(clerk_browser, owner_browser, boss, customer, posting):
    boss.recharge(customer, "70")
    _slip, answer = ask_to_reverse(clerk_browser, posting)
    number = number_in(clerk_browser.get(answer.location).text)
    assert f"/approvals/{number}" in owner_browser.get("/approvals").text
    page = owner_browser.get(f"/approvals/{number}").text
    for said in ("¥500.00", "¥570.00", "¥70.00", "typed wrong", "Li Lei"):
        assert said in page, said
    form, approved = approve_on_page(owner_browser, number, note="looked at it")
    assert approved.status_code == 302
    shown = owner_browser.get(approved.location).text
    assert "Approved: the posting is made." in shown
    assert "looked at it" in shown
    assert "/approve" not in shown
    assert owner_browser.post(f"/approvals/{number}/approve", data={**form, "note": "looked at it"}).status_code == 302
    assert owner_browser.post(f"/approvals/{number}/approve", data={**form, "key": "k" * 20}).status_code == 409
    assert boss.customer(customer)["balance"] == "70.00"


def test_what_a_rule_refuses_is_said_and_the_request_stays(clerk_browser, owner_browser, boss, customer, posting):
    _slip, answer = ask_to_reverse(clerk_browser, posting)
    number = number_in(clerk_browser.get(answer.location).text)
    boss.consume(customer, "5")
    _form, refused = approve_on_page(owner_browser, number)
    assert refused.status_code == 409
    assert "The balance is not enough" in refused.text
    assert f"/approvals/{number}/approve" in refused.text


def test_an_adjustment_at_the_counter_waits_and_its_asker_cannot_approve_it(owner_browser, customer, boss):
    form = opened(owner_browser, customer, "adjust")
    answer = owner_browser.post(f"/counter/{customer}/adjust", data={**form, "amount": "250", "reason": "found a note"})
    assert answer.status_code == 302
    number = number_in(owner_browser.get(answer.location).text)
    page = owner_browser.get(f"/approvals/{number}").text
    assert "You asked for this yourself" in page
    assert f"/approvals/{number}/approve" not in page
    token = form_token(owner_browser, f"/approvals/{number}")
    data = {"csrf_token": token, "key": "k" * 20}
    assert owner_browser.post(f"/approvals/{number}/approve", data=data).status_code == 409
    assert boss.customer(customer)["balance"] == "500.00"


def test_declining_needs_a_reason_and_is_shown(clerk_browser, owner_browser, posting):
    _slip, answer = ask_to_reverse(clerk_browser, posting)
    number = number_in(clerk_browser.get(answer.location).text)
    place = f"/approvals/{number}"
    assert post(owner_browser, f"{place}/decline", page=place, reason="").status_code == 400
    done = post(owner_browser, f"{place}/decline", page=place, reason="ask the customer first")
    assert done.status_code == 302
    assert "ask the customer first" in owner_browser.get(place).text
    assert post(owner_browser, f"{place}/decline", page=place, reason="again").status_code == 409
    assert f"/receipts/{posting}/reversal" in clerk_browser.get(f"/receipts/{posting}").text


def test_clerks_have_no_entry_in_the_menu(clerk_browser, owner_browser):
    assert 'href="/approvals"' not in clerk_browser.get("/counter").text
    assert 'href="/approvals"' in owner_browser.get("/counter").text


def test_the_only_owner_is_told_that_it_will_be_recorded(empty_house, new_phone):
    from tests.approvals.conftest import limit  # noqa: PLC0415

    limit()
    alone = Desk(empty_house, SUPER_ADMIN)
    made = alone("POST", "/customers", {"phone": new_phone(), "name": "Li Lei", "store": "main"}).json["id"]
    body = {"amount": "250", "reason": "miscounted", "store": "main"}
    number = alone.post(f"/customers/{made}/adjustments", body).json["approval"]["id"]
    browser = browser_of(empty_house, alone.id)
    assert "that it was you is recorded" in browser.get(f"/approvals/{number}").text
    assert approve_on_page(browser, number)[1].status_code == 302
    assert "he was the only super administrator" in browser.get(f"/approvals/{number}").text
    db.session.rollback()
