"""The totals for programs: who gets which, clamped; the figures are those of the rows, however they are told apart."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import days
from app.core.db import in_transaction
from app.extensions import db
from app.ledger.totals import By
from app.shop import operations as shop
from tests.customers.desk import refused, wrong_field
from tests.staff.people import SYSTEM

PARTS = ("recharge", "consumption", "sale", "refund", "adjustment")


def period(desk, **asked):
    answer = desk.get("/totals/period", **asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def added(groups, part: str, figure: str) -> Decimal:
    return sum((Decimal(str(group[part][figure])) for group in groups), Decimal(0))


def test_the_all_time_totals_have_the_shape_that_was_promised(boss, new_customer):
    new_customer("10")
    found = boss.get("/totals").json
    assert found.keys() >= {"as_of", "recharge", "consumption", "refund", "adjustment", "balances"}
    assert found["recharge"].keys() == {"count", "gross", "bonus", "reversed", "net"}
    assert found["consumption"].keys() == {"count", "gross", "reversed", "net"}
    assert found["refund"].keys() == found["adjustment"].keys() == {"count", "amount"}
    assert found["balances"].keys() == {"principal", "bonus", "held"}


def test_ordinary_administrators_have_no_right_to_the_all_time_totals(till):
    refused(till.get("/totals"), 403, "forbidden")


def test_what_is_posted_and_undone_is_told_gross_reversed_and_net(boss, new_customer):
    before = period(boss, from_=days.today(), to=days.today())["recharge"]
    customer = new_customer("100")
    mistake = boss.recharge(customer, "7.77").json["posting"]["id"]
    boss.reverse(mistake)
    after = period(boss, from_=days.today(), to=days.today())["recharge"]
    rose = {name: Decimal(after[name]) - Decimal(before[name]) for name in ("gross", "reversed", "net")}
    assert rose == {"gross": Decimal("107.77"), "reversed": Decimal("7.77"), "net": Decimal("100.00")}
    assert after["count"] - before["count"] == 2


@pytest.mark.parametrize("by", list(By))
def test_groups_add_up_to_the_figures(boss, eastern, new_customer, by):
    customer = new_customer("50")
    boss.consume(customer, "12.30")
    eastern.recharge(customer, "20")
    found = period(boss, group_by=by.value)
    assert found["groups"]
    for part, figure in (("recharge", "gross"), ("recharge", "net"), ("consumption", "net"), ("recharge", "count")):
        assert added(found["groups"], part, figure) == Decimal(str(found[part][figure]))
    keys = [group["key"] for group in found["groups"]]
    assert len(set(keys)) == len(keys)


def test_groups_are_called_as_programs_call_them(boss, eastern, new_customer, east):
    eastern.recharge(new_customer(), "20", method="wechat")
    today = days.today().isoformat()

    def keys(by):
        return {group["key"] for group in period(boss, from_=today, group_by=by)["groups"]}

    assert east[1] in keys("store")
    assert eastern.username in keys("operator")
    assert "wechat" in keys("method")
    assert "recharge" in keys("kind")
    assert keys("day") == {today}
    kinds = period(boss, from_=today, group_by="kind")["groups"]
    recharge = next(group for group in kinds if group["key"] == "recharge")
    assert recharge["gross"] == recharge["recharge"]["gross"]


def test_a_clerk_gets_today_in_his_stores_whatever_he_asks(boss, till, eastern, new_customer, east):
    eastern.recharge(new_customer(), "33.33")
    today = days.today()
    asked = {"from_": "2020-01-01", "to": today - timedelta(1)}
    found = period(till, **asked, group_by="store")
    assert (found["from"], found["to"], found["clamped"]) == (today.isoformat(), today.isoformat(), True)
    assert {group["key"] for group in found["groups"]} <= {"main"}
    same = period(boss, from_=today, to=today, store="main")
    assert (same["clamped"], {name: same[name] for name in PARTS}) == (False, {name: found[name] for name in PARTS})
    assert period(eastern, operator=boss.username)["recharge"]["count"] == 0
    wrong_field(till.get("/totals/period", store=east[1]), "store")


def test_store_clerk_method_and_hours_narrow_a_period(boss, eastern, new_customer, east):
    eastern.recharge(new_customer(), "41.00", method="voucher")
    today = days.today()
    whole = period(boss, from_=today, store=east[1], operator=eastern.username, method="voucher", group_by="hour")
    assert whole["recharge"]["count"] >= 1
    hour = whole["groups"][0]["key"]
    inside = period(boss, from_=today, to=today, from_hour=hour, to_hour=hour, method="voucher", store=east[1])
    assert inside["recharge"]["count"] >= 1
    assert period(boss, from_=today, store=east[1], method="other")["recharge"]["count"] == 0
    assert period(boss, from_=today, operator="nobody-of-that-name")["recharge"]["count"] == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from_": "2026-02-02", "to": "2026-02-01"}, "from"),
        ({"from_": "2026-02-30"}, "from"),
        ({"group_by": "colour"}, "group_by"),
        ({"colour": "red"}, "colour"),
        ({"from_hour": "24"}, "from_hour"),
        ({"store": "nowhere"}, "store"),
        ({"from_": "2026-02-02", "to": "2026-02-02", "from_hour": 9, "to_hour": 8}, "from_hour"),
    ],
)
def test_what_cannot_be_meant_is_refused(boss, asked, field):
    wrong_field(boss.get("/totals/period", **asked), field)


def test_a_shop_may_let_clerks_see_their_own_operations_alone(app, till, roving, new_customer):
    customer = new_customer()
    others = roving.recharge(customer, "5", store="main").json["posting"]["id"]
    own = till.recharge(customer, "6").json["posting"]["id"]

    def seen():
        return {row["id"] for row in till.get("/postings", limit=200).json["items"]}

    assert {own, others} <= seen()
    try:
        _set(True)
        assert own in seen()
        assert others not in seen()
        assert period(till, group_by="operator")["groups"][0]["key"] == till.username
        assert till.get(f"/postings/{others}").status_code == 404
        refused(till.reverse(others), 404, "not-found")
        assert till.reverse(own).status_code == 201
        assert others in {row["id"] for row in till.get("/postings", customer=customer).json["items"]}
    finally:
        _set(False)
    assert others in seen()


def _set(value: bool) -> None:
    db.session.rollback()
    in_transaction(lambda: shop.change_settings({"clerks_see_own_only": value}, actor=SYSTEM))
