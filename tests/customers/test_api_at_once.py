"""Many at once over HTTP: no posting lost, none twice, no number with two owners, and nobody waits for ever."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.core.commands import new_id
from app.core.db import is_postgresql
from app.extensions import db
from tests.customers.desk import new_key, refused
from tests.customers.test_api_postings import adds_up

CLERKS = 16


def together(*works):
    """What each work answers, all begun at the same moment."""
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def proven(app) -> None:
    ran = app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert ran.exit_code == 0, ran.output


@contextmanager
def locked(statement: str, **values: object):
    """A second connection that holds what the statement locks."""
    with db.engine.connect() as connection:
        connection.execute(text(statement), values)
        yield
        connection.rollback()


def patiently(send):
    """The answer of a request that is sent again while its first copy is under way, as every program must."""
    while (answer := send()).status_code == 409 and answer.json["code"] == "in-flight":
        pass
    return answer


def test_sixteen_clerks_with_doubled_keys_lose_and_double_nothing(app, till, roving, new_customer):
    customer_id = new_customer("200")
    sent = [(new_key(), number) for number in range(CLERKS)]

    def clerk(key: str, number: int):
        desk = (till, roving)[number % 4 == 0]
        if number % 3 == 0:
            return lambda: (key, patiently(lambda: desk.recharge(customer_id, "10.01", key)))
        return lambda: (key, patiently(lambda: desk.consume(customer_id, "60", key)))

    works = [clerk(*each) for each in sent]
    answers = together(*works, *works)

    by_key: dict[str, list] = {key: [] for key, _ in sent}
    for key, answer in answers:
        by_key[key].append(answer)
    applied = {}
    for pair in by_key.values():
        assert pair[0].json == pair[1].json
        statuses = sorted(answer.status_code for answer in pair)
        assert statuses in ([200, 201], [409, 409]), [answer.text for answer in pair]
        assert sorted(answer.headers.get("Idempotent-Replayed", "") for answer in pair) == ["", "true"]
        if statuses == [200, 201]:
            applied[pair[0].json["posting"]["id"]] = pair[0].json["posting"]
        else:
            refused(pair[0], 409, "insufficient-balance")
    outcomes = Counter(answer.status_code for _, answer in answers)
    assert outcomes[409] > 0
    assert outcomes[201] >= 6 + 3

    shown = till.get("/postings", customer=customer_id, limit=200).json["items"][:-1]
    assert {each["id"] for each in shown} == applied.keys()
    signed = {"recharge": 1, "consumption": -1}
    total = sum(signed[each["kind"]] * Decimal(each["amount"]) for each in shown) + 200
    balance = till.customer(customer_id)["balance"]
    assert f"{total:.2f}" == balance == shown[0]["balance_after"]
    assert Decimal(balance) >= 0
    adds_up(till.pages(f"/customers/{customer_id}/statement", limit=5))
    proven(app)


def test_of_many_reversals_at_once_one_is_done(app, till, boss, new_customer):
    customer_id = new_customer("50")
    paid = till.recharge(customer_id, "10").json["posting"]["id"]
    answers = together(*[lambda: till.reverse(paid)] * 6)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"already-reversed"}
    assert till.customer(customer_id)["balance"] == "50.00"


def test_of_two_who_take_in_the_same_number_one_succeeds(till, roving, new_phone):
    for _ in range(3):
        phone = new_phone()
        spelled = (phone, phone[3:], f"+86 {phone[3:]}", f"0086{phone[3:]}")
        takes = [
            lambda number=number: till("POST", "/customers", {"phone": number, "name": "A", "store": "main"})
            for number in spelled
        ]
        answers = together(*takes)
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
        assert {answer.json["code"] for answer in answers if answer.status_code == 409} == {"phone-taken"}
        assert len(till.get("/customers", phone=phone).json["items"]) == 1


def test_the_same_key_for_a_new_customer_at_once_makes_one(till, new_phone):
    body, key = {"phone": new_phone(), "name": "A", "store": "main"}, new_key()
    answers = together(*[lambda: till.post("/customers", body, key)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == 1


def test_of_two_changes_of_what_both_saw_one_is_stale(till, new_customer):
    path = f"/customers/{new_customer()}"
    seen = till.get(path).headers["ETag"]
    answers = together(*[lambda name=name: till.patch(path, {"name": name}, seen) for name in "ABCD"])
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    won = next(answer for answer in answers if answer.status_code == 200)
    assert till.get(path).json["name"] == won.json["name"]


def test_a_customer_is_deleted_or_paid_never_both(app, boss, till, new_customer):
    for _ in range(4):
        customer_id = new_customer()
        gone, paid = together(
            lambda: boss.delete(f"/customers/{customer_id}"),  # noqa: B023
            lambda: till.recharge(customer_id, "5"),  # noqa: B023
        )
        if gone.status_code == 204:
            assert paid.json["code"] in ("wallet-closed", "customer-deleted")
        else:
            refused(gone, 409, "balance-not-zero")
            assert paid.status_code == 201


def test_a_statement_adds_up_while_money_moves(app, till, new_customer):
    customer_id = new_customer("1")
    is_over = threading.Event()

    def pay() -> None:
        for _ in range(12):
            till.recharge(customer_id, "1")
        is_over.set()

    def read() -> int:
        looks = 0
        while not is_over.is_set() or looks < 5:
            adds_up([till.get(f"/customers/{customer_id}/statement", limit=200).json])
            looks += 1
        return looks

    together(pay, read, read)
    assert till.customer(customer_id)["balance"] == "13.00"


WALLET = "SELECT 1 FROM ledger_account WHERE customer_id = :customer FOR UPDATE"


def test_who_waits_behind_the_same_key_gets_its_answer(app, till, new_customer):
    customer_id, key = new_customer("5"), new_key()
    statement = WALLET if is_postgresql() else "UPDATE store SET name = name"
    with ThreadPoolExecutor(2) as pool:
        with locked(statement, **({"customer": customer_id} if is_postgresql() else {})):
            both = [pool.submit(till.consume, customer_id, "5", key) for _ in range(2)]
            time.sleep(0.4)
            assert not any(each.done() for each in both)
        answers = [each.result() for each in both]
    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert answers[0].json == answers[1].json
    assert till.customer(customer_id)["balance"] == "0.00"


COMMAND = """INSERT INTO command (id, scope, key, request_hash, outcome, answer, business_date, recorded_at)
             VALUES (:id, :scope, :key, '', 'applied', '{}', '2026-01-01', '2026-01-01')"""


@contextmanager
def under_way(till, customer_id: int, key: str):
    """A first request that does not come to an end: of another process on PostgreSQL, of this one on SQLite."""
    if is_postgresql():
        with locked(COMMAND, id=new_id(), scope=f"staff:{till.id}", key=key):
            yield
        return
    with ThreadPoolExecutor(1) as pool, locked("UPDATE store SET name = name"):
        pool.submit(till.consume, customer_id, "5", key)
        time.sleep(0.4)
        yield


def test_nobody_waits_longer_than_some_seconds_for_the_first_of_his_key(app, till, new_customer):
    customer_id, key = new_customer("5"), new_key()
    with under_way(till, customer_id, key):
        began = time.monotonic()
        second = till.consume(customer_id, "5", key)
        waited = time.monotonic() - began
    refused(second, 409, "in-flight")
    assert int(second.headers["Retry-After"]) > 0
    assert 4 < waited < 7
    assert till.consume(customer_id, "5", key).status_code == (201 if is_postgresql() else 200)
    assert till.customer(customer_id)["balance"] == "0.00"


def test_who_waits_too_long_is_told_so_and_may_try_again(app, till, new_customer):
    if not is_postgresql():
        pytest.skip("SQLite waits for its one writer, and longer")
    payer, renamed, key = new_customer("5"), new_customer(), new_key()
    path, began = f"/customers/{renamed}", time.monotonic()
    profile = "SELECT 1 FROM customer WHERE id = :customer FOR UPDATE"
    with locked(WALLET, customer=payer), locked(profile, customer=renamed), ThreadPoolExecutor(2) as pool:
        works = (pool.submit(till.consume, payer, "5", key), pool.submit(till.patch, path, {"name": "B"}))
        answers = [each.result() for each in works]
        assert till.customer(payer)["balance"] == "5.00"
    assert 4 < time.monotonic() - began < 9
    for answer in answers:
        refused(answer, *((409, "in-flight") if answer.status_code == 409 else (503, "unavailable")))
        assert int(answer.headers["Retry-After"]) > 0
        assert "Idempotent-Replayed" not in answer.headers
    assert till.consume(payer, "5", key).status_code == 201
    assert till.patch(path, {"name": "B"}).json["name"] == "B"
