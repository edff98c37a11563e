"""Requests under a key: done once, answered the same again."""

import secrets

import pytest

from app.core.errors import Forbidden, Invalid, NotFound, Stale
from tests.ui.api.conftest import OBSTACLES, ClosedForNow, sales_of


@pytest.fixture
def key():
    return {"Idempotency-Key": secrets.token_hex(8)}


@pytest.mark.parametrize("bad", [None, "", "   ", "k" * 256, "k\x7f", "ké", "钥".encode().decode("latin-1")])
def test_money_moves_only_under_a_proper_key(maker, bad):
    headers = {} if bad is None else {"Idempotency-Key": bad}
    answer = maker("POST", "/toys/1/sales", headers, json={"amount": "1"})
    assert answer.status_code == 400
    assert list(answer.json["errors"]) == ["Idempotency-Key"]


def test_a_key_of_255_characters_is_one(maker):
    key = secrets.token_hex(8).ljust(255, "k")
    assert maker("POST", "/toys/1/sales", {"Idempotency-Key": key}, json={"amount": "1"}).status_code == 201


def test_the_second_time_the_first_answer_is_given(toy_house, maker, key):
    first = maker("POST", "/toys/5/sales", key, json={"amount": "100"})
    again = maker("POST", "/toys/5/sales", key, json={"note": None, "amount": "100.00"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert first.json["amount"] == "100.00"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    with toy_house.app_context():
        assert sales_of(5) == 1


def test_a_refusal_is_kept_and_told_again(maker, key):
    first = maker("POST", "/toys/9/sales", key, json={"amount": "1"})
    again = maker("POST", "/toys/9/sales", key, json={"amount": "1"})
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json == again.json
    assert first.json["code"] == "too-few-toys"
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_refusal_that_is_not_kept_is_decided_anew(maker, key):
    for _ in range(2):
        answer = maker("POST", "/toys/10/sales", key, json={"amount": "1"})
        assert (answer.status_code, answer.json["code"]) == (409, "closed-for-now")
        assert "Idempotent-Replayed" not in answer.headers
    assert maker("POST", "/toys/1/sales", key, json={"amount": "1"}).status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/toys/2/sales", {"amount": "1"}),
        ("/toys/1/sales", {"amount": "2"}),
        ("/toys/1/sales", {"amount": "1", "note": "x"}),
        ("/toys", {"amount": "1"}),
    ],
)
def test_the_same_key_for_another_request_is_422(maker, key, path, body):
    assert maker("POST", "/toys/1/sales", key, json={"amount": "1"}).status_code == 201
    answer = maker("POST", path, key, json=body)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency-key-reused")


def test_what_is_malformed_or_missing_leaves_the_key_free(maker, key):
    assert maker("POST", "/toys/1/sales", key, json={"amount": "x"}).status_code == 400
    assert maker("POST", "/toys/404/sales", key, json={"amount": "1"}).status_code == 404
    assert maker("POST", "/toys/1/sales", key, json={"amount": "1"}).status_code == 201


@pytest.mark.parametrize("now", [NotFound, Forbidden, Stale, ClosedForNow, lambda: Invalid(store="closed")])
def test_what_was_applied_is_told_again_though_it_could_not_be_done_now(maker, key, monkeypatch, now):
    first = maker("POST", "/toys/1/sales", key, json={"amount": "1"})
    monkeypatch.setitem(OBSTACLES, 1, now)
    again = maker("POST", "/toys/1/sales", key, json={"amount": "1"})
    assert (again.status_code, again.json) == (200, first.json)
    assert maker("POST", "/toys/1/sales", key, json={"amount": "2"}).status_code == 422


def test_two_people_may_use_the_same_key(maker, as_, key):
    assert maker("POST", "/toys/1/sales", key, json={"amount": "1"}).status_code == 201
    assert as_("other")("POST", "/toys/1/sales", key, json={"amount": "2"}).status_code == 201


def test_a_key_is_optional_where_nothing_is_paid(maker, key):
    body = {"json": {"amount": "1"}}
    assert maker("POST", "/toys", **body).json != maker("POST", "/toys", **body).json
    assert maker("POST", "/toys", key, **body).status_code == 201
    assert maker("POST", "/toys", key, **body).headers["Idempotent-Replayed"] == "true"
    assert maker("POST", "/toys", {"Idempotency-Key": ""}, **body).status_code == 400
