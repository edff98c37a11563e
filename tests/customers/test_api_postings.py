"""Account details and statements over HTTP: what they show, to whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core import clock
from tests.customers.desk import Desk, refused, wrong_field
from tests.customers.test_api_money import settings_of


@contextmanager
def days_ago(days: int) -> Iterator[date]:
    """Business time that many days back, until it is left."""
    before, then = clock._shop, clock.now() - timedelta(days=days)
    clock.configure(before.zone.key, "00:00", then.isoformat())
    try:
        yield clock.today()
    finally:
        clock._shop = before


@pytest.fixture
def old(app, boss, new_customer) -> tuple[int, int]:
    """A customer of two days ago who recharged 100 then, in the main store; and that posting."""
    with days_ago(2):
        customer_id = new_customer()
        return customer_id, boss.recharge(customer_id, "100", note="old").json["posting"]["id"]


def seen(desk: Desk, **query: object) -> list[int]:
    answer = desk.get("/postings", limit=200, **query)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json["items"]]


def test_account_details_are_filtered(boss, till, new_customer, new_phone, east):
    phone = new_phone()
    mine = {"customer": new_customer(phone=phone)}
    customer_id = mine["customer"]
    first = till.recharge(customer_id, "100").json["posting"]
    second = boss.recharge(customer_id, "50", method="wechat", store=east[1]).json["posting"]
    third = till.consume(customer_id, "20").json["posting"]
    fourth = till.reverse(third["id"]).json["posting"]
    one, two, three, four = (each["id"] for each in (first, second, third, fourth))
    today = clock.today().isoformat()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert seen(boss, **mine) == [four, three, two, one]
    assert seen(boss, **mine, kind="recharge") == [two, one]
    assert seen(boss, **mine, kind="reversal") == [four]
    assert seen(boss, **mine, kind="sale") == []
    assert seen(boss, **mine, method="wechat") == [two]
    assert seen(boss, **mine, store=east[1]) == [two]
    assert seen(boss, **mine, operator=boss.username) == [two]
    assert seen(boss, **mine, operator="nobody") == []
    assert seen(boss, **mine, amount_min="50.00", amount_max="100") == [two, one]
    assert seen(boss, **mine, from_=today, to=today) == [four, three, two, one]
    assert seen(boss, **mine, from_=tomorrow) == []
    assert seen(boss, receipt=third["receipt_no"]) == [three]
    assert seen(boss, phone=phone) == [four, three, two, one]
    assert seen(boss, phone=phone[-7:], kind="consumption", customer=customer_id) == [three]
    assert seen(boss, **mine, kind="recharge", method="cash", store="main", operator=till.username) == [one]


def test_every_kind_that_the_contract_names_can_be_asked_for(boss, new_customer):
    customer_id = new_customer("1")
    kinds = "recharge consumption reversal refund adjustment opening sale cash-in cash-out difference"
    for kind in kinds.split():
        assert len(seen(boss, customer=customer_id, kind=kind)) == (kind == "recharge")


def test_a_posting_shows_todays_number_and_its_reversal(till, new_customer, new_phone):
    customer_id, phone = new_customer(), new_phone()
    paid = till.recharge(customer_id, "5").json["posting"]
    back = till.reverse(paid["id"]).json["posting"]
    till.patch(f"/customers/{customer_id}", {"phone": phone})
    shown = till.get(f"/postings/{paid['id']}").json
    assert (shown["phone"], shown["reversed_by"], shown["reverses"]) == (phone, back["id"], None)
    assert {**paid, "phone": phone, "reversed_by": back["id"]} == shown
    listed = till.get("/postings", customer=customer_id).json["items"]
    assert listed[1] == shown
    assert listed[0] == {**back, "phone": phone}


def test_a_clerk_sees_today_in_his_stores_whatever_he_asks(till, eastern, boss, old, new_customer, east):
    customer_id, yesterdays = old
    here = till.recharge(customer_id, "1").json["posting"]
    there = eastern.recharge(customer_id, "2").json["posting"]
    phone = here["phone"]
    for query in ({}, {"from_": "2020-01-01"}, {"phone": phone}, {"kind": "recharge"}, {"operator": boss.username}):
        assert yesterdays not in seen(till, **query)
        assert there["id"] not in seen(till, **query)
    assert seen(till, phone=phone) == [here["id"]]
    assert seen(eastern, phone=phone) == [there["id"]]
    assert seen(boss, phone=phone) == [there["id"], here["id"], yesterdays]
    assert seen(till, to=(clock.today() - timedelta(days=1)).isoformat()) == []
    assert seen(till, receipt=boss.get(f"/postings/{yesterdays}").json["receipt_no"]) == []
    assert seen(till, receipt=there["receipt_no"]) == []
    wrong_field(till.get("/postings", store=east[1]), "store")
    for hidden in (yesterdays, there["id"]):
        refused(till.get(f"/postings/{hidden}"), 404, "not-found")
        assert boss.get(f"/postings/{hidden}").status_code == 200
    shown = [each for page in till.pages("/postings", limit=200, from_="2020-01-01") for each in page["items"]]
    assert {(each["store"], each["business_date"]) for each in shown} == {("main", clock.today().isoformat())}


def test_the_named_exceptions_show_one_customers_history_of_all_stores(till, eastern, old, east):
    customer_id, first = old
    second = eastern.recharge(customer_id, "2").json["posting"]["id"]
    for desk in (till, eastern):
        assert seen(desk, customer=customer_id) == [second, first]
        assert seen(desk, customer=customer_id, store=east[1]) == [second]
        assert seen(desk, customer=customer_id, store="main") == [first]
        wrong_field(desk.get("/postings", customer=customer_id, store="nowhere"), "store")
        shown = desk.get(f"/customers/{customer_id}/statement").json
        assert [each["id"] for each in shown["movements"]] == [second, first]
        assert desk.customer(customer_id)["balance"] == "102.00"


def test_another_persons_cursor_opens_nothing(boss, till, old):
    customer_id, _ = old
    till.recharge(customer_id, "1")
    eldest = boss.get("/postings", limit=1).json["next"]
    shown = till.get("/postings", cursor=eldest, limit=200)
    assert shown.status_code == 200
    assert {each["business_date"] for each in shown.json["items"]} <= {clock.today().isoformat()}


def test_a_clerk_reverses_what_was_posted_today_in_his_stores(till, eastern, roving, boss, old):
    customer_id, yesterdays = old
    there = eastern.recharge(customer_id, "2").json["posting"]["id"]
    refused(till.reverse(yesterdays), 409, "not-today")
    refused(till.reverse(there), 404, "not-found")
    refused(eastern.reverse(yesterdays), 404, "not-found")
    assert roving.reverse(there).status_code == 201
    back = boss.reverse(yesterdays)
    assert back.status_code == 201
    assert back.json["posting"]["business_date"] == clock.today().isoformat()
    assert boss.get(f"/postings/{yesterdays}").json["business_date"] != clock.today().isoformat()


def adds_up(pages: list[dict]) -> None:
    """Opening and all movements make closing, on every page and of both purses."""
    moved = [each for page in pages for each in page["movements"]]
    first = pages[0]
    for end, start, change in (("closing", "opening", "change"), ("closing_bonus", "opening_bonus", "bonus_change")):
        total = Decimal(first[start]) + sum((Decimal(each[change]) for each in moved), Decimal(0))
        assert f"{total:.2f}" == first[end]
        assert {page[start] for page in pages} == {first[start]}
    if moved:
        assert moved[0]["balance_after"] == first["closing"]
        before = Decimal(moved[-1]["balance_after"]) - Decimal(moved[-1]["change"])
        assert f"{before:.2f}" == first["opening"]


def test_a_statement_adds_up_over_its_pages(app, boss, till, new_customer):
    with days_ago(3) as first_day, settings_of(bonus_from="100", bonus_gift="20"):
        customer_id = new_customer()
        boss.recharge(customer_id, "100")
        boss.consume(customer_id, "110")
    with days_ago(1) as second_day:
        spent = boss.recharge(customer_id, "40").json["posting"]["id"]
        boss.reverse(spent)
        boss.post(f"/customers/{customer_id}/adjustments", {"amount": "7.01", "reason": "x", "store": "main"})
    till.recharge(customer_id, "50")
    refund = {"amount": "0.10", "reason": "x", "method": "cash", "store": "main"}
    till.post(f"/customers/{customer_id}/refunds", refund)
    path, today = f"/customers/{customer_id}/statement", clock.today()

    whole = till.pages(path)
    adds_up(whole)
    assert (whole[0]["opening"], whole[0]["closing"], len(whole[0]["movements"])) == ("0.00", "56.91", 7)
    assert (whole[0]["from"], whole[0]["to"]) == (first_day.isoformat(), today.isoformat())
    assert whole[0]["next"] is None
    pages = till.pages(path, limit=2)
    adds_up(pages)
    assert [len(page["movements"]) for page in pages] == [2, 2, 2, 1]
    assert [each for page in pages for each in page["movements"]] == whole[0]["movements"]

    middle = till.pages(path, from_=second_day.isoformat(), to=second_day.isoformat())
    adds_up(middle)
    assert (middle[0]["opening"], middle[0]["closing"], len(middle[0]["movements"])) == ("0.00", "7.01", 3)
    assert (middle[0]["opening_bonus"], middle[0]["closing_bonus"]) == ("10.00", "10.00")


@pytest.mark.parametrize(
    ("query", "opening", "closing", "count"),
    [
        ({"to": "2001-01-01"}, "0.00", "0.00", 0),
        ({"from_": "2001-01-01"}, "0.00", "100.00", 1),
        ({"from_": "2900-01-01"}, "100.00", "100.00", 0),
        ({"from_": "1900-01-01", "to": "2999-12-31"}, "0.00", "100.00", 1),
    ],
)
def test_a_statement_of_far_days_adds_up_too(till, old, query, opening, closing, count):
    shown = till.get(f"/customers/{old[0]}/statement", **query)
    assert shown.status_code == 200, shown.text
    page = shown.json
    assert page["from"] <= page["to"]
    assert (page["opening"], page["closing"], len(page["movements"])) == (opening, closing, count)
    adds_up([page])


def test_a_statement_names_what_the_contract_names(till, new_customer):
    page = till.get(f"/customers/{new_customer('5')}/statement").json
    assert page.keys() >= {"from", "to", "opening", "movements", "closing", "next"}
    assert page["movements"][0]["change"] == "5.00"
    assert page["movements"][0]["kind"] == "recharge"
