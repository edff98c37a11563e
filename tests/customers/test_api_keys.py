"""Keys over HTTP: one request is done once, and answered the same again."""

import pytest

from app.core.permissions import ORDINARY_ADMIN
from tests.customers.desk import Desk, new_key, refused, wrong_field
from tests.customers.test_api_money import CALLS, body_of


def count(boss: Desk, customer_id: int) -> int:
    return len(boss.get("/postings", customer=customer_id, limit=200).json["items"])


def replayed(answer, status: int, body: object) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert answer.json == body


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("key", [None, "", "   ", "k" * 256, "k" * 5000, "clé", "钥匙", "a\tb\x01"])
def test_money_moves_under_a_proper_key_alone(boss, still, moved, call, key):
    headers = {} if key is None else {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = boss("POST", f"/customers/{still}/{call}", body_of(call), headers)
    wrong_field(answer, "Idempotency-Key")
    assert not moved()


def test_a_reversal_needs_a_key_too(till, new_customer):
    paid = till.recharge(new_customer(), "5").json["posting"]["id"]
    wrong_field(till("POST", f"/postings/{paid}/reversal", {"reason": "x"}), "Idempotency-Key")
    wrong_field(till("POST", f"/postings/{paid}/reversal", {"reason": "x"}, {"Idempotency-Key": ""}), "Idempotency-Key")


def test_a_key_of_255_characters_is_one(till, new_customer):
    customer_id, key = new_customer(), new_key().ljust(255, "~")
    first = till.recharge(customer_id, "5", key)
    replayed(till.recharge(customer_id, "5", key), 200, first.json)


@pytest.mark.parametrize("call", CALLS)
def test_every_call_is_done_once_for_its_key(boss, new_customer, call):
    customer_id, key = new_customer("9"), new_key()
    path = f"/customers/{customer_id}/{call}"
    first = boss.post(path, body_of(call, "2.00"), key)
    assert first.status_code == 201
    assert "Idempotent-Replayed" not in first.headers
    for same in ("2", "2.0", "2.00"):
        replayed(boss.post(path, body_of(call, same), key), 200, first.json)
    replayed(boss.post(path, {**body_of(call, "2"), **dict.fromkeys(optional(call))}, key), 200, first.json)
    assert count(boss, customer_id) == 2


def test_a_number_in_another_notation_is_the_same_request(till, new_phone):
    who, key = {"phone": new_phone(), "name": "Li Lei"}, new_key()
    first = till.post("/customers", who, key)
    digits = first.json["phone"].removeprefix("+86")
    for same in (first.json["phone"], f"0086 {digits[:3]}-{digits[3:]}", digits):
        replayed(till.post("/customers", {**who, "phone": same}, key), 200, first.json)
    refused(till.post("/customers", {**who, "phone": new_phone()}, key), 422, "idempotency-key-reused")


def optional(call: str) -> list[str]:
    return {"recharges": ["note"], "consumptions": ["note", "category", "location"]}.get(call, [])


def test_a_reversal_is_done_once_for_its_key(boss, till, new_customer):
    customer_id, key = new_customer(), new_key()
    paid = till.recharge(customer_id, "5").json["posting"]["id"]
    first = till.reverse(paid, key)
    replayed(till.reverse(paid, key), 200, first.json)
    replayed(till.reverse(paid, key, force=None), 200, first.json)
    refused(till.reverse(paid, key, reason="another"), 422, "idempotency-key-reused")
    refused(till.reverse(paid), 409, "already-reversed")
    assert count(boss, customer_id) == 2


def test_a_refusal_is_kept_although_it_would_pass_now(till, new_customer):
    customer_id, key = new_customer("1"), new_key()
    first = till.consume(customer_id, "5", key)
    refused(first, 409, "insufficient-balance")
    assert "Idempotent-Replayed" not in first.headers
    till.recharge(customer_id, "100")
    replayed(till.consume(customer_id, "5.00", key), 409, first.json)
    assert till.consume(customer_id, "5.00", key).mimetype == "application/problem+json"
    refused(till.consume(customer_id, "6.00", key), 422, "idempotency-key-reused")
    refused(till.recharge(customer_id, "5.00", key), 422, "idempotency-key-reused")
    assert till.consume(customer_id, "5").status_code == 201
    assert till.customer(customer_id)["balance"] == "96.00"


def test_a_refusal_is_told_again_in_the_language_of_the_one_who_asks_again(till, new_customer):
    path, key = f"/customers/{new_customer('1')}/consumptions", new_key()
    body = {"amount": "5", "store": "main"}
    first = till.post(path, body, key, **{"Accept-Language": "zh-TW"})
    replayed(till.post(path, body, key, **{"Accept-Language": "zh-TW"}), 409, first.json)
    assert "1.00" in till.post(path, body, key, **{"Accept-Language": "en"}).json["detail"]


def test_what_was_applied_is_told_again_whatever_came_after(boss, till, new_customer):
    customer_id, key, other = new_customer(), new_key(), new_key()
    first, second = till.recharge(customer_id, "8", key), till.consume(customer_id, "3", other)
    till.reverse(first.json["posting"]["id"])
    till.reverse(second.json["posting"]["id"])
    till.reverse(first.json["posting"]["id"])
    boss.patch(f"/customers/{customer_id}", {"status": "frozen"})
    replayed(till.recharge(customer_id, "8", key), 200, first.json)
    replayed(till.consume(customer_id, "3", other), 200, second.json)
    boss.patch(f"/customers/{customer_id}", {"status": "active"})
    assert boss.delete(f"/customers/{customer_id}").status_code == 204
    replayed(till.recharge(customer_id, "8", key), 200, first.json)
    refused(till.recharge(customer_id, "9", key), 422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/customers/{other}/recharges", {"amount": "5", "method": "cash", "store": "main"}),
        ("POST", "/customers/{mine}/recharges", {"amount": "6", "method": "cash", "store": "main"}),
        ("POST", "/customers/{mine}/recharges", {"amount": "5", "method": "wechat", "store": "main"}),
        ("POST", "/customers/{mine}/recharges", {"amount": "5", "method": "cash", "store": "main", "note": "x"}),
        ("POST", "/customers/{mine}/consumptions", {"amount": "5", "store": "main"}),
        ("POST", "/customers/{mine}/refunds", {"amount": "5", "method": "cash", "store": "main", "reason": "x"}),
        ("POST", "/customers/{mine}/consumptions", {"amount": "5000", "store": "main"}),
        ("POST", "/postings/{posting}/reversal", {"reason": "x"}),
    ],
)
def test_another_request_under_the_same_key_is_422(boss, till, new_customer, method, path, body):
    mine, other, key = new_customer(), new_customer(), new_key()
    first = till.recharge(mine, "5", key)
    address = path.format(mine=mine, other=other, posting=first.json["posting"]["id"])
    refused(till(method, address, body, {"Idempotency-Key": key}), 422, "idempotency-key-reused")
    assert (count(boss, mine), count(boss, other)) == (1, 0)


def test_a_key_is_its_persons_and_not_his_sessions(house, till, roving, new_customer):
    customer_id, key = new_customer(), new_key()
    first = till.recharge(customer_id, "5", key)
    other = roving.recharge(customer_id, "5", key)
    assert other.status_code == 201
    assert other.json["posting"]["id"] != first.json["posting"]["id"]
    client = house.test_client()
    answer = client.post("/api/v1/session", json={"username": till.username, "password": "correct horse 9"})
    headers = {"Authorization": f"Bearer {answer.json['access_token']}", "Idempotency-Key": key}
    body = {"amount": "5", "method": "cash", "store": "main"}
    path = f"/api/v1/customers/{customer_id}/recharges"
    replayed(client.post(path, json=body, headers=headers), 200, first.json)


def test_what_is_never_frozen_leaves_the_key_free(house, app, boss, till, new_customer):
    customer_id, key = new_customer("5"), new_key()
    path = f"/customers/{customer_id}/recharges"
    good = body_of("recharges", "5")
    wrong_field(till.post(path, good | {"amount": "x"}, key), "amount")
    wrong_field(till.post(path, good | {"store": "nowhere"}, key), "store")
    refused(till.post(f"/customers/{2**62}/recharges", good, key), 404, "not-found")
    refused(till.post(f"/postings/{2**62}/reversal", {"reason": "x"}, key), 404, "not-found")
    refused(till.post(f"/customers/{customer_id}/adjustments", body_of("adjustments"), key), 403, "forbidden")
    unsigned = till("POST", path, good, {"Idempotency-Key": key, "Authorization": "Bearer x"})
    refused(unsigned, 401, "not-signed-in")
    assert till.post(path, good, key).status_code == 201


def test_taking_in_needs_no_key_but_honours_one(house, till, new_phone):
    wrong_field(till.post("/customers", {"phone": new_phone(), "name": "A"}, "k" * 256), "Idempotency-Key")
    stranger = Desk(house, ORDINARY_ADMIN, store_ids=[1])
    key, phone = new_key(), new_phone()
    assert till.post("/customers", {"phone": phone, "name": "A"}, key).status_code == 201
    refused(stranger.post("/customers", {"phone": phone, "name": "A"}, key), 409, "phone-taken")
