"""Customers over HTTP: taken in, read, changed, deleted."""

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.extensions import db
from tests.customers.desk import new_key, refused, wrong_field

FIELDS = {
    "id", "phone", "name", "type", "status", "store", "balance", "bonus", "held", "available", "created_at",
}  # fmt: skip


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)


def test_a_customer_is_taken_in_with_what_the_contract_names(till, new_phone):
    phone = new_phone()
    answer = till("POST", "/customers", {"phone": phone, "name": " 韩梅梅 "})
    assert answer.status_code == 201
    made = answer.json
    assert made.keys() >= FIELDS
    money = {name: made[name] for name in ("balance", "bonus", "held", "available")}
    assert money == dict.fromkeys(money, "0.00")
    assert (made["phone"], made["name"], made["store"], made["status"]) == (phone, "韩梅梅", "main", "active")
    assert isinstance(made["id"], int)
    assert made["created_at"].endswith("+00:00")
    assert till.customer(made["id"]) == made


@pytest.mark.parametrize("write", [
    lambda phone: phone, lambda phone: phone[3:], lambda phone: f"+86 {phone[3:6]} {phone[6:10]} {phone[10:]}",
    lambda phone: f"0086{phone[3:]}", lambda phone: f"86 {phone[3:]}", lambda phone: full_width(phone[3:]),
    lambda phone: f"＋{full_width(phone[1:])}", lambda phone: f"({phone[3:6]}) {phone[6:10]}-{phone[10:]}",
    lambda phone: f" {phone[3:]}　",
])  # fmt: skip
def test_every_notation_of_a_number_is_the_same_customer(till, new_phone, write):
    phone = new_phone()
    made = till("POST", "/customers", {"phone": write(phone), "name": "A"})
    assert made.json["phone"] == phone
    refused(till("POST", "/customers", {"phone": phone, "name": "B"}), 409, "phone-taken")
    refused(till("POST", "/customers", {"phone": write(phone), "name": "B"}), 409, "phone-taken")
    found = till.get("/customers", phone=write(phone)).json["items"]
    assert [each["id"] for each in found] == [made.json["id"]]


@pytest.mark.parametrize("phone", [
    "", "  ", None, "abc", "12", "110", "+86", "138001380001380013800", "1" * 41, "1" * 5000,
    13800138000, True, ["13800138000"], {"a": 1}, "13800138000;drop", "١٣٨", "²³⁴⁵⁶⁷⁸", "138\x0000138000", "\ud800",
    "1380013800a", "4001234567", "+1 555",
])  # fmt: skip
def test_what_is_no_phone_is_refused_by_field(till, phone):
    wrong_field(till("POST", "/customers", {"phone": phone, "name": "A"}), "phone")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", " "), ("name", None), ("name", 5), ("name", "x" * 121), ("name", "a\x00b"),
        ("name", "a\x07b"), ("name", "\udc80"), ("type", "king"), ("type", 1), ("gender", "x"),
        ("language", "fr"), ("language", 1),
        ("birthday", "2026-02-30"), ("birthday", "31/01/2000"), ("birthday", "2999-01-01"), ("birthday", "1600-01-01"),
        ("birthday", 20000101), ("note", "n" * 501), ("email", "e" * 255), ("store", "nowhere"), ("store", "MAIN"),
        ("store", 1), ("balance", "5.00"), ("id", 7), ("deleted_at", None), ("version", 3), ("status", "frozen"),
        ("customer_no", "7"), ("нечто", 1),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_named(till, new_phone, field, value):
    wrong_field(till("POST", "/customers", {"phone": new_phone(), "name": "A", field: value}), field)


def test_phone_and_name_are_needed(till):
    wrong_field(till("POST", "/customers", {}), "name", "phone")


def test_optional_fields_are_kept_and_cleared(till, new_customer, new_phone):
    given = {
        "type": "company", "gender": "female", "birthday": "1990-02-28", "email": "a@b.example", "address": "长安街 1",
        "id_number": "11010519491231002X", "note": "two\nlines", "landline": "010-12345678", "contact_phone": "x",
        "language": "zh_Hant_TW",
    }  # fmt: skip
    customer_id = new_customer(**given)
    shown = till.customer(customer_id)
    assert {name: shown[name] for name in given} == {**given, "id_number": "110•••••••••••002X"}
    cleared = till.patch(f"/customers/{customer_id}", {"gender": None, "birthday": None, "note": "", "email": None})
    assert cleared.status_code == 200
    assert [cleared.json[name] for name in ("gender", "birthday", "note", "email")] == [None] * 4
    assert cleared.json["address"] == "长安街 1"


def test_a_change_needs_the_version_that_was_seen(till, new_customer):
    path = f"/customers/{new_customer()}"
    seen = till.get(path).headers["ETag"]
    refused(till.patch(path, {"name": "B"}, None), 428, "if-match-missing")
    changed = till.patch(path, {"name": "B"}, seen)
    assert changed.status_code == 200
    assert changed.json["name"] == "B"
    assert changed.headers["ETag"] != seen
    refused(till.patch(path, {"name": "C"}, seen), 412, "stale")
    for nonsense in ('"x"', "x", '""', '"99999999999999999999"', 'W/"1"', '"-1"', '"１"'.encode().decode("latin-1")):
        refused(till.patch(path, {"name": "C"}, nonsense), 412, "stale")
    assert till.get(path).json["name"] == "B"
    assert till.get(path).headers["ETag"] == changed.headers["ETag"]


def test_money_never_makes_a_profile_stale(till, boss, new_customer):
    customer_id = new_customer("10")
    path = f"/customers/{customer_id}"
    seen = till.get(path).headers["ETag"]
    till.recharge(customer_id, "5")
    till.consume(customer_id, "1")
    assert till.get(path).headers["ETag"] == seen
    assert till.patch(path, {"name": "B"}, seen).status_code == 200
    before = till.get(path).headers["ETag"]
    assert boss.patch(path, {"status": "frozen"}).status_code == 200
    assert till.get(path).headers["ETag"] != before


@pytest.mark.parametrize("body", [
    {"balance": "1.00"}, {"bonus": "1"}, {"id": 5}, {"created_at": "2026-01-01T00:00:00Z"}, {"version": 9},
    {"phone": None}, {"phone": ""}, {"phone": "12"}, {"name": None}, {"name": ""}, {"status": "deleted"},
    {"status": None}, {"type": None}, {"birthday": ""}, {"held": "0"},
])  # fmt: skip
def test_what_is_not_of_the_profile_cannot_be_changed(boss, still, body):
    before = boss.customer(still)
    wrong_field(boss.patch(f"/customers/{still}", body), *body)
    assert boss.customer(still) == before


def test_a_change_of_the_number_is_normalised_and_free_for_him_alone(till, new_customer, new_phone):
    mine, other, new = new_phone(), new_phone(), new_phone()
    customer_id, _ = new_customer(phone=mine), new_customer(phone=other)
    path = f"/customers/{customer_id}"
    refused(till.patch(path, {"phone": other[3:]}), 409, "phone-taken")
    assert till.patch(path, {"phone": f" {mine[3:]} "}).json["phone"] == mine
    assert till.patch(path, {"phone": full_width(new[3:])}).json["phone"] == new
    assert till("POST", "/customers", {"phone": mine, "name": "C"}).status_code == 201


def test_a_customer_is_deleted_with_his_version_by_the_owner_alone(till, boss, new_customer, new_phone):
    phone = new_phone()
    customer_id = new_customer(phone=phone)
    path = f"/customers/{customer_id}"
    seen = boss.get(path).headers["ETag"]
    refused(till.delete(path, seen), 403, "forbidden")
    refused(boss.delete(path, None), 428, "if-match-missing")
    refused(boss.delete(path, '"77"'), 412, "stale")
    wrong_field(boss.delete(path, seen, reason=" "), "reason")
    gone = boss.delete(path, seen)
    assert (gone.status_code, gone.data) == (204, b"")
    refused(boss.delete(path), 404, "not-found")
    refused(boss.get(path), 404, "not-found")
    refused(boss.patch(path, {"name": "B"}), 404, "not-found")
    assert boss.get("/customers", phone=phone).json["items"] == []
    again = till("POST", "/customers", {"phone": phone, "name": "New"})
    assert (again.status_code, again.json["balance"]) == (201, "0.00")


def test_a_deleted_customer_takes_no_money(till, boss, new_customer):
    customer_id = new_customer("5")
    till.consume(customer_id, "5")
    assert boss.delete(f"/customers/{customer_id}").status_code == 204
    refused(till.recharge(customer_id, "1"), 409, "customer-deleted")
    refused(till.consume(customer_id, "1"), 409, "customer-deleted")
    body = {"amount": "1", "method": "cash", "reason": "x", "store": "main"}
    refused(till.post(f"/customers/{customer_id}/refunds", body), 409, "customer-deleted")
    refused(till.get(f"/customers/{customer_id}/statement"), 404, "not-found")
    assert boss.get(f"/customers/{customer_id}/statement").json["closing"] == "0.00"


def test_nobody_is_deleted_who_has_money_or_owes_it(boss, new_customer):
    rich, poor = new_customer("0.01"), new_customer("5")
    first = boss.get("/postings", customer=poor).json["items"][0]["id"]
    boss.consume(poor, "5")
    assert boss.reverse(first, force=True).json["balance"] == "-5.00"
    for customer_id in (rich, poor):
        refused(boss.delete(f"/customers/{customer_id}"), 409, "balance-not-zero")
        assert boss.customer(customer_id)["status"] == "active"


def test_every_change_is_written_down_once(app, till, new_customer):
    customer_id = new_customer()
    till.patch(f"/customers/{customer_id}", {"name": "B"})
    till.patch(f"/customers/{customer_id}", {"name": "B"})
    till.patch(f"/customers/{customer_id}", {})
    asked = select(OperationRecord.operation).filter_by(object_type="customer", object_id=customer_id)
    written = list(db.session.scalars(asked.order_by(OperationRecord.id)))
    assert written == ["customers.create", "customers.change"]


def test_taking_in_may_have_a_key(till, new_phone):
    body, key = {"phone": new_phone(), "name": "A", "store": "main"}, new_key()
    first = till.post("/customers", body, key)
    again = till.post("/customers", body | {"note": None}, key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    refused(till.post("/customers", body | {"name": "B"}, key), 422, "idempotency-key-reused")
    refused(till.post("/customers", body | {"phone": new_phone()}, key), 422, "idempotency-key-reused")
    refused(till.post("/customers", {**body, "store": None}, key), 422, "idempotency-key-reused")
