"""Fifty requests at the same moment under one key: one is done, and all fifty hear the same."""

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.faults.programs import Answer, Program

MANY = 50


def together(boss: Program, path: str, bodies: list[dict], key: str) -> list[Answer]:
    """What they are answered, each on a connection of its own."""
    gate = threading.Barrier(len(bodies))

    def send(body: dict) -> Answer:
        program = boss.another()
        gate.wait()
        answer = program("POST", path, body, Idempotency_Key=key)
        while answer.code == "in-flight" or answer.status == 503:
            answer = program("POST", path, body, Idempotency_Key=key)
        return answer

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(send, bodies))


def test_one_is_applied_and_the_others_hear_its_answer(boss):
    customer = boss.new_customer("100")
    path, body = f"/customers/{customer}/consumptions", {"amount": "30.00", "store": "main"}
    answers = together(boss, path, [body] * MANY, "once")
    assert sorted(answer.status for answer in answers) == [200] * (MANY - 1) + [201]
    assert [answer for answer in answers if answer.is_replayed == (answer.status == 201)] == []
    assert len({answer.body["posting"]["id"] for answer in answers}) == 1
    assert {answer.body["balance"] for answer in answers} == {"70.00"}
    assert len(boss.get("/postings", customer=customer).body["items"]) == 2


def test_of_two_bodies_under_one_key_one_is_applied_and_the_other_refused(boss):
    customer = boss.new_customer("100")
    path = f"/customers/{customer}/consumptions"
    bodies = [{"amount": amount, "store": "main"} for amount in ("30.00", "20.00")]
    answers = together(boss, path, bodies * (MANY // 2), "two")
    statuses = [answer.status for answer in answers]
    assert (statuses.count(201), statuses.count(200), statuses.count(422)) == (1, MANY // 2 - 1, MANY // 2)
    assert {answer.code for answer in answers if answer.status == 422} == {"idempotency-key-reused"}
    assert len(boss.get("/postings", customer=customer).body["items"]) == 2


def test_a_refusal_stays_one_when_the_money_has_come(boss):
    customer = boss.new_customer("10")
    path, body = f"/customers/{customer}/consumptions", {"amount": "30.00", "store": "main"}
    first = together(boss, path, [body] * MANY, "refused")
    boss.recharge(customer, "100")
    second = together(boss, path, [body] * 2, "refused")
    assert {(answer.status, answer.code) for answer in first + second} == {(409, "insufficient-balance")}
    assert sum(not answer.is_replayed for answer in first) == 1
    assert all(answer.is_replayed for answer in second)
    assert {answer.body["detail"] for answer in first + second} == {first[0].body["detail"]}
    assert boss.get(f"/customers/{customer}").body["balance"] == "110.00"
