"""The pages of shifts: blind until it is counted, once for its key, and each sees what is his."""

import re
from decimal import Decimal

import pytest

from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.ledger.operations import open_wallet, recharge
from app.shifts import queries
from app.shifts.operations import open_shift
from app.shop.models import Method
from app.shop.operations import change_settings
from app.staff.rights import actor_for
from tests.conftest import actor_of, yuan
from tests.staff import people


def form_of(page: str, action: str) -> dict[str, str]:
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert found, f"no form for {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group(0)))


def send(client, path: str, action: str, **typed: str):
    """Open a page, take up the form with that address, and send it."""
    return client.post(action, data={**form_of(client.get(path).text, action), **typed})


@pytest.fixture
def clerks(app):
    """Two clerks of the first store: their numbers and browsers."""
    numbers = [people.make("ordinary-admin", store_ids=[1]) for _ in range(2)]
    return [(number, people.browser_of(app, number)) for number in numbers]


def actor(number: int):
    return actor_for(people.fetch(number), None)


def shift_of(number: int) -> int:
    return queries.own_open(1, actor=actor(number)).id


def pay(amount: str, number: int, app) -> None:
    given = {"method": Method.CASH, "store_id": 1, "actor": actor(number)}
    customer = 96_000_000 + number
    in_transaction(lambda: open_wallet(customer, actor=actor_of(app, SUPER_ADMIN)).id)
    in_transaction(lambda: recharge(customer, yuan(amount), **given))


def test_a_whole_shift_by_two_people_without_a_script(app, clerks):
    (first, browser), (second, other) = clerks
    assert send(browser, "/shift", "/shift", of_100="1", of_0_5="4", rest="0.30").status_code == 302
    shift = shift_of(first)
    pay("723.45", first, app)
    cash = {"way": "in", "place": "store", "amount": "50", "reason": "change"}
    assert send(browser, "/shift", f"/shift/{shift}/cash", **cash).status_code == 302

    closing = f"/shift/{shift}/close"
    asked = send(browser, closing, closing, of_100="8", of_50="1", rest="25.75")
    assert "Yes, close the shift" in asked.text
    done = browser.post(closing, data={**form_of(asked.text, closing), "of_100": "8", "of_50": "1", "rest": "25.75"})
    assert done.location == f"/shift-reports/{shift}"
    report = browser.get(done.location).text
    assert "¥875.75" in report
    assert "The drawer was right." in report

    taking = f"/shift/{shift}/take-over"
    assert taking in other.get("/shift").text
    assert "875.75" not in other.get(taking).text
    assert send(other, taking, taking, rest="875.00").status_code == 409
    assert send(other, taking, taking, rest="875.75").status_code == 302
    assert shift_of(second) != shift
    assert taking not in browser.get("/shift").text
    assert people.fetch(second).username in browser.get(f"/shift-reports/{shift}").text


def test_what_is_expected_stands_on_no_page_before_the_count(app, clerks):
    (first, browser), _ = clerks
    send(browser, "/shift", "/shift", rest="111.10")
    shift = shift_of(first)
    pay("222.22", first, app)
    closing = f"/shift/{shift}/close"
    pages = [browser.get("/shift").text, browser.get(closing).text, browser.get("/counter").text]
    pages.append(send(browser, closing, closing, rest="5").text)
    for page in pages:
        assert "333.32" not in page
        assert not re.search(r"expected", page, re.I)
    assert browser.get(f"/shift-reports/{shift}").status_code == 404


def test_another_count_is_asked_about_anew(app, clerks):
    (first, browser), _ = clerks
    send(browser, "/shift", "/shift", rest="10")
    closing = f"/shift/{shift_of(first)}/close"
    asked = send(browser, closing, closing, rest="10")
    again = browser.post(closing, data={**form_of(asked.text, closing), "rest": "9"})
    assert again.status_code == 200
    assert "¥9.00" in again.text
    assert shift_of(first)


def test_a_form_that_is_sent_twice_does_its_work_once(app, clerks):
    (first, browser), _ = clerks
    send(browser, "/shift", "/shift", rest="10")
    shift = shift_of(first)
    address = f"/shift/{shift}/cash"
    form = form_of(browser.get("/shift").text, address)
    typed = {**form, "way": "out", "place": "petty", "amount": "4", "reason": "paper"}
    assert [browser.post(address, data=typed).status_code for _ in range(2)] == [302, 302]
    assert browser.post(address, data={**typed, "amount": "5"}).status_code == 409
    closing = f"/shift/{shift}/close"
    asked = send(browser, closing, closing, rest="6")
    browser.post(closing, data={**form_of(asked.text, closing), "rest": "6"})
    assert "The drawer was right." in browser.get(f"/shift-reports/{shift}").text


def test_a_refused_form_comes_back_as_it_was_typed(clerks):
    (_, browser), _ = clerks
    answer = send(browser, "/shift", "/shift", rest="abc")
    assert answer.status_code == 400
    assert "abc" in answer.text
    assert send(browser, "/shift", "/shift", rest="-1").status_code == 400


def test_the_counter_leads_to_a_shift_where_one_is_demanded(app, clerks):
    (first, browser), _ = clerks
    in_transaction(lambda: change_settings({"cash_taken": "shift"}, actor=actor_of(app, SUPER_ADMIN)))
    customer = 97_000_000 + first
    try:
        assert "No shift is open." in browser.get("/counter").text
        created = send(browser, "/counter/new", "/counter/new", phone=f"139{customer:08d}", name="A", type="personal")
        path = created.location
        number = path.rpartition("=")[2]
        answer = send(browser, path, f"/counter/{number}/recharge", amount="5", method="cash")
        assert answer.status_code == 409
        assert "My shift" in answer.text
        send(browser, "/shift", "/shift", rest="0")
        assert send(browser, path, f"/counter/{number}/recharge", amount="5", method="cash").status_code == 302
        assert "Your shift is open since" in browser.get("/counter").text
    finally:
        in_transaction(lambda: change_settings({"cash_taken": "always"}, actor=actor_of(app, SUPER_ADMIN)))


def test_the_owner_sees_every_shift_and_closes_a_forgotten_one(app, clerks):
    (first, browser), (_, other) = clerks
    shift = in_transaction(lambda: open_shift(1, Decimal(10), actor=actor(first)))
    boss_id = people.make(SUPER_ADMIN)
    boss = people.browser_of(app, boss_id)
    closing = f"/shift/{shift}/close"
    assert other.get(closing).status_code == 404
    assert closing in boss.get("/shifts/list/").text
    asked = send(boss, closing, closing, rest="9.50")
    assert people.fetch(first).username in asked.text
    boss.post(closing, data={**form_of(asked.text, closing), "rest": "9.50"})
    listed = boss.get("/shifts/list/").text
    assert f"/shifts/show/{shift}" in listed
    assert listed.count("-¥0.50") == 2  # of the shift, and of the person
    assert boss.get(f"/shifts/show/{shift}").location == f"/shift-reports/{shift}"
    assert "Too little in the drawer: ¥0.50" in boss.get(f"/shift-reports/{shift}").text
    assert browser.get("/shifts/list/").status_code == 403
