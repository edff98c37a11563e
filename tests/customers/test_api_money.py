"""Money over HTTP: what moves it, what stops it."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import clock
from app.core.db import in_transaction
from app.ledger.operations import capture, hold, set_credit_limit
from app.shop.models import Method
from app.shop.operations import change_settings, change_store, create_store, switch_method
from tests.customers.desk import new_key, refused, wrong_field
from tests.staff.people import SYSTEM, new_name

POSTING = {
    "id", "kind", "amount", "business_date", "posted_at", "customer_id", "phone", "store", "operator", "method",
    "category", "receipt_no", "balance_after", "bonus_after", "reverses", "reversed_by", "note",
}  # fmt: skip
BAD_AMOUNTS = [
    "0", "0.00", "-1", "-0.01", "1.234", "1e3", "1E3", "NaN", "Infinity", "-Infinity", str(10**18), "10000000000",
    "9999999999.999", "１００", "١", "", " ", " 1", "1 ", "1\n", "+1", "1,000", "1.", ".5", "0x10", "1_000", "¥1", "²",
    "1\x00", "\ud800", True, False, 1, 1.0, 100.5, 0, None, [], ["1"], {}, {"amount": "1"}, 10**400, "-", "--1", "1-",
]  # fmt: skip
CALLS = ["recharges", "consumptions", "refunds", "adjustments"]


def body_of(call: str, amount: object = "1.00", **more: object) -> dict[str, object]:
    own = {
        "recharges": {"method": "cash"},
        "consumptions": {},
        "refunds": {"method": "cash", "reason": "asked for"},
        "adjustments": {"reason": "counted wrong"},
    }
    return {"amount": amount, "store": "main", **own[call], **more}


def figures(answer) -> tuple[str, ...]:
    assert answer.status_code == 201, answer.text
    return tuple(answer.json[name] for name in ("balance", "bonus", "held", "available"))


@contextmanager
def settings_of(**values: object):
    """These settings, until it is left."""
    in_transaction(lambda: change_settings(values, actor=SYSTEM))
    try:
        yield
    finally:
        in_transaction(lambda: change_settings(dict.fromkeys(values, ""), actor=SYSTEM))


def test_a_recharge_and_a_consumption_answer_what_the_contract_names(till, new_customer, new_phone):
    phone = new_phone()
    customer_id = new_customer(phone=phone)
    paid = till.recharge(customer_id, "100", note=" 会员 ")
    assert figures(paid) == ("100.00", "0.00", "0.00", "100.00")
    posting = paid.json["posting"]
    assert posting.keys() >= POSTING
    expected = {
        "kind": "recharge", "amount": "100.00", "customer_id": customer_id, "phone": phone, "store": "main",
        "operator": till.username, "method": "cash", "balance_after": "100.00", "bonus_after": "0.00",
        "reverses": None, "reversed_by": None, "note": "会员", "category": None,
    }  # fmt: skip
    assert {name: posting[name] for name in expected} == expected
    assert posting["posted_at"].endswith("+00:00")
    assert till.get(f"/postings/{posting['id']}").json == posting

    taken = till.consume(customer_id, "0.5", category="hair", location="Table 4")
    assert figures(taken) == ("99.50", "0.00", "0.00", "99.50")
    spent = taken.json["posting"]
    assert (spent["kind"], spent["category"], spent["method"], spent["amount"]) == ("consumption", "hair", None, "0.50")
    shown = till.customer(customer_id)
    assert {name: shown[name] for name in ("balance", "available")} == {"balance": "99.50", "available": "99.50"}


@pytest.mark.parametrize("amount", BAD_AMOUNTS)
def test_what_is_no_amount_moves_nothing(boss, still, moved, amount):
    for call in CALLS:
        if call == "adjustments" and isinstance(amount, str) and amount in ("-1", "-0.01"):
            continue
        wrong_field(boss.post(f"/customers/{still}/{call}", body_of(call, amount)), "amount")
    assert not moved()


def test_a_number_that_json_does_not_have_is_malformed(till, still):
    path = f"/customers/{still}/consumptions"
    for word in ("NaN", "Infinity", "-Infinity", "01", "1e999999", "9" * 5000):
        sent = {"data": f'{{"amount": {word}}}', "content_type": "application/json"}
        answer = till("POST", path, None, {"Idempotency-Key": new_key()}, **sent)
        refused(answer, 400, "invalid")


def test_the_largest_amount_goes_in_and_one_more_cent_does_not(till, new_customer):
    customer_id = new_customer()
    assert figures(till.recharge(customer_id, "9999999999.99"))[0] == "9999999999.99"
    refused(till.recharge(customer_id, "0.01"), 409, "balance-limit")
    assert figures(till.consume(customer_id, "9999999999.99"))[0] == "0.00"


@pytest.mark.parametrize(
    ("call", "field", "value"),
    [
        ("recharges", "method", "gold"), ("recharges", "method", None), ("recharges", "method", 1),
        ("recharges", "method", "CASH"), ("refunds", "reason", ""), ("refunds", "reason", " "),
        ("refunds", "reason", None), ("refunds", "method", None), ("adjustments", "reason", None),
        ("consumptions", "category", "x" * 33), ("consumptions", "category", "a b:c"),
        ("consumptions", "method", "cash"),
        ("recharges", "note", "n" * 501), ("recharges", "note", 5), ("recharges", "note", "a\x00"),
        ("recharges", "bonus", "5.00"), ("recharges", "balance", "5.00"), ("recharges", "customer_id", 1),
        ("recharges", "operator", "owner"), ("recharges", "business_date", "2020-01-01"), ("recharges", "force", True),
        ("consumptions", "store", "nowhere"), ("consumptions", "store", "MAIN"), ("consumptions", "store", 1),
        ("consumptions", "location", "l" * 121), ("refunds", "note", "x"), ("adjustments", "method", "cash"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_moves_nothing(boss, still, moved, call, field, value):
    wrong_field(boss.post(f"/customers/{still}/{call}", body_of(call, **{field: value})), field)
    assert not moved()


def test_more_than_there_is_is_refused_with_its_figures(till, new_customer):
    customer_id = new_customer("10")
    problem = refused(till.consume(customer_id, "10.01"), 409, "insufficient-balance")
    assert "10.00" in problem["detail"]
    assert "10.01" in problem["detail"]
    assert figures(till.consume(customer_id, "10.00"))[0] == "0.00"
    refused(till.consume(customer_id, "0.01"), 409, "insufficient-balance")


def test_a_store_left_out_is_the_only_one_he_has(till, eastern, roving, new_customer, east):
    customer_id = new_customer()
    body = {"amount": "1", "method": "cash"}
    path = f"/customers/{customer_id}/recharges"
    assert till.post(path, body).json["posting"]["store"] == "main"
    assert eastern.post(path, body | {"store": None}).json["posting"]["store"] == east[1]
    for call in ("recharges", "consumptions", "refunds"):
        given = body_of(call)
        del given["store"]
        wrong_field(roving.post(f"/customers/{customer_id}/{call}", given), "store")
    assert roving.post(path, body | {"store": east[1]}).json["posting"]["store"] == east[1]
    wrong_field(till.post(path, body | {"store": east[1]}), "store")
    wrong_field(roving("POST", "/customers", {"phone": "13912345678", "name": "A"}), "store")


def test_what_was_applied_is_told_again_though_its_store_has_closed(boss, new_customer):
    code = f"s{new_name()[:8]}"
    store_id = in_transaction(lambda: create_store(code, "Pop-up", actor=SYSTEM))
    customer_id, key, other = new_customer(), new_key(), new_key()
    first = boss.recharge(customer_id, "5", key, store=code)
    in_transaction(lambda: change_store(store_id, name="Pop-up", is_open=False, actor=SYSTEM))
    again = boss.recharge(customer_id, "5", key, store=code)
    assert (first.status_code, again.status_code, again.json) == (201, 200, first.json)
    wrong_field(boss.recharge(customer_id, "5", other, store=code), "store")
    refused(boss.recharge(customer_id, "6", key, store=code), 422, "idempotency-key-reused")
    in_transaction(lambda: change_store(store_id, name="Pop-up", is_open=True, actor=SYSTEM))
    assert boss.recharge(customer_id, "5", other, store=code).status_code == 201
    in_transaction(lambda: change_store(store_id, name="Pop-up", is_open=False, actor=SYSTEM))


def test_a_method_that_is_off_takes_and_gives_nothing(till, new_customer):
    customer_id = new_customer("5")
    in_transaction(lambda: switch_method(Method.VOUCHER, is_on=False, actor=SYSTEM))
    try:
        assert {"code": "voucher", "is_on": False} in till.get("/methods").json["items"]
        refused(till.recharge(customer_id, "1", method="voucher"), 409, "method-off")
        body = body_of("refunds", method="voucher")
        refused(till.post(f"/customers/{customer_id}/refunds", body), 409, "method-off")
    finally:
        in_transaction(lambda: switch_method(Method.VOUCHER, is_on=True, actor=SYSTEM))
    assert till.recharge(customer_id, "1", method="voucher").status_code == 201


def test_a_bonus_comes_by_rule_and_goes_with_the_refund(app, till, new_customer):
    customer_id = new_customer()
    with settings_of(bonus_from="100", bonus_gift="20"):
        assert figures(till.recharge(customer_id, "100")) == ("100.00", "20.00", "0.00", "120.00")
        assert figures(till.recharge(customer_id, "99.99")) == ("199.99", "20.00", "0.00", "219.99")
    refused(till.post(f"/customers/{customer_id}/refunds", body_of("refunds", "200")), 409, "insufficient-balance")
    back = till.post(f"/customers/{customer_id}/refunds", body_of("refunds", "199.99"))
    assert figures(back) == ("0.00", "0.00", "0.00", "0.00")
    assert (back.json["posting"]["kind"], back.json["posting"]["note"]) == ("refund", "asked for")


def test_a_limit_of_the_balance_is_kept(app, till, new_customer):
    customer_id = new_customer("400")
    with settings_of(balance_limit="500"):
        problem = refused(till.recharge(customer_id, "100.01"), 409, "balance-limit")
        assert "500" in problem["detail"]
        assert figures(till.recharge(customer_id, "100"))[0] == "500.00"


@pytest.mark.parametrize(("status", "code"), [("frozen", "wallet-frozen"), ("closed", "wallet-closed")])
def test_a_wallet_that_is_not_open_stands_still(boss, till, new_customer, status, code):
    customer_id = new_customer(None if status == "closed" else "5")
    refused(till.patch(f"/customers/{customer_id}", {"status": status}), 403, "forbidden")
    changed = boss.patch(f"/customers/{customer_id}", {"status": status})
    assert (changed.status_code, changed.json["status"]) == (200, status)
    before = len(boss.get("/postings", customer=customer_id).json["items"])
    for call in CALLS:
        refused(boss.post(f"/customers/{customer_id}/{call}", body_of(call)), 409, code)
    assert len(boss.get("/postings", customer=customer_id).json["items"]) == before
    again = boss.patch(f"/customers/{customer_id}", {"status": "active"})
    if status == "closed":
        refused(again, 409, "wallet-closed")
    else:
        assert again.json["status"] == "active"
        assert boss.consume(customer_id, "5").status_code == 201


def test_a_wallet_with_money_is_not_closed(boss, new_customer):
    refused(boss.patch(f"/customers/{new_customer('1')}", {"status": "closed"}), 409, "balance-not-zero")


def test_an_adjustment_is_signed_and_the_owners(boss, till, new_customer):
    customer_id = new_customer("5")
    path = f"/customers/{customer_id}/adjustments"
    refused(till.post(path, body_of("adjustments", "1")), 403, "forbidden")
    up, down = boss.post(path, body_of("adjustments", "2.50")), boss.post(path, body_of("adjustments", "-7.5"))
    assert (figures(up)[0], up.json["posting"]["amount"]) == ("7.50", "2.50")
    assert (figures(down)[0], down.json["posting"]["amount"]) == ("0.00", "-7.50")
    assert (down.json["posting"]["kind"], down.json["posting"]["note"]) == ("adjustment", "counted wrong")
    refused(boss.post(path, body_of("adjustments", "-0.01")), 409, "insufficient-balance")
    wrong_field(boss.post(path, body_of("adjustments", "-0")), "amount")


def test_a_posting_is_reversed_whole_and_once(till, boss, new_customer):
    customer_id = new_customer()
    paid = till.recharge(customer_id, "30", method="alipay").json["posting"]
    back = till.reverse(paid["id"])
    assert figures(back)[0] == "0.00"
    mirror = back.json["posting"]
    assert (mirror["kind"], mirror["amount"], mirror["reverses"]) == ("reversal", "30.00", paid["id"])
    assert (mirror["note"], mirror["method"], mirror["customer_id"]) == ("typed wrong", "alipay", customer_id)
    assert till.get(f"/postings/{paid['id']}").json["reversed_by"] == mirror["id"]
    refused(till.reverse(paid["id"]), 409, "already-reversed")
    refused(boss.reverse(mirror["id"]), 409, "not-reversible")
    refused(till.reverse(2**63 - 1), 404, "not-found")
    wrong_field(till.post(f"/postings/{paid['id']}/reversal", {"reason": ""}), "reason")
    wrong_field(till.post(f"/postings/{paid['id']}/reversal", {"reason": "x", "amount": "1"}), "amount")
    for force in ("true", 1, 0, "", []):
        wrong_field(till.reverse(paid["id"], force=force), "force")


def test_money_that_is_spent_is_reversed_by_the_owners_force_alone(till, boss, new_customer):
    customer_id = new_customer()
    paid = till.recharge(customer_id, "30").json["posting"]["id"]
    till.consume(customer_id, "20")
    refused(till.reverse(paid), 409, "insufficient-balance")
    refused(till.reverse(paid, force=True), 403, "forbidden")
    refused(boss.reverse(paid, force=False), 409, "insufficient-balance")
    assert figures(boss.reverse(paid, force=True)) == ("-20.00", "0.00", "0.00", "-20.00")
    refused(till.consume(customer_id, "0.01"), 409, "insufficient-balance")
    assert figures(till.recharge(customer_id, "5"))[0] == "-15.00"


def test_what_is_held_is_not_available_and_credit_is(app, boss, till, new_customer):
    customer_id = new_customer("100")
    later = clock.now() + timedelta(hours=1)
    order = {"source_type": "order", "source_id": 7}
    work = {"expires_at": later, "store_id": 1, "actor": SYSTEM, **order}
    hold_id = in_transaction(lambda: hold(customer_id, Decimal("30"), **work).id)
    in_transaction(lambda: set_credit_limit(customer_id, Decimal("20"), actor=SYSTEM))
    shown = till.customer(customer_id)
    assert [shown[name] for name in ("balance", "bonus", "held", "available")] == ["100.00", "0.00", "30.00", "90.00"]
    refused(till.consume(customer_id, "90.01"), 409, "insufficient-balance")
    refused(till.post(f"/customers/{customer_id}/refunds", body_of("refunds", "70.01")), 409, "insufficient-balance")
    assert figures(till.consume(customer_id, "90")) == ("10.00", "0.00", "30.00", "0.00")
    refused(boss.delete(f"/customers/{customer_id}"), 409, "balance-not-zero")
    captured = in_transaction(lambda: capture(hold_id, actor=SYSTEM).id)
    assert till.customer(customer_id)["balance"] == "-20.00"
    refused(till.reverse(captured), 409, "belongs-to-document")
    assert till.get(f"/postings/{captured}").json["operator"] is None
    assert figures(till.recharge(customer_id, "20")) == ("0.00", "0.00", "0.00", "20.00")
