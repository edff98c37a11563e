"""The connection breaks around COMMIT: who asked under a key is never told that nothing was applied when it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import create_app
from app.extensions import db
from config import TestConfig
from tests.conftest import Client

pytestmark = pytest.mark.parametrize("served", ["postgresql"], indirect=True)


@pytest.fixture
def house(served, postgres) -> Iterator[Flask]:
    """The house in this process, on the database of the one that is served."""
    app = create_app(TestConfig(served.url))
    app.test_client_class = Client
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    postgres.open_door(served.url)


@contextmanager
def at(moment: str, happens: Callable[[], object]) -> Iterator[None]:
    """It happens once: just before the next COMMIT, or just after it."""
    target = db.engine if moment == "commit" else db.session
    to_do = [happens]

    def once(*_args: object) -> None:
        if to_do:
            to_do.pop()()

    event.listen(target, moment, once)
    yield
    event.remove(target, moment, once)


def consume(house: Flask, boss: Any, customer: int, key: str) -> Any:
    headers = {"Authorization": f"Bearer {boss.token}", "Idempotency-Key": key}
    body = {"amount": "1.00", "store": "main"}
    return house.test_client().post(f"/api/v1/customers/{customer}/consumptions", json=body, headers=headers)


@pytest.mark.parametrize("moment", ["commit", "after_commit"])
def test_a_connection_that_breaks_around_commit_is_not_noticed(house, served, boss, postgres, moment):
    customer = boss.new_customer("10.00")
    with at(moment, lambda: postgres.cut(served.url)):
        answer = consume(house, boss, customer, f"cut {moment} {customer}")
    assert (answer.status_code, answer.json["balance"]) == (201, "9.00")
    assert boss.get(f"/customers/{customer}").body["balance"] == "9.00"


def test_whose_outcome_nobody_knows_is_told_so(house, served, boss, postgres):
    customer = boss.new_customer("10.00")
    key = f"away {customer}"
    with at("commit", lambda: postgres.close_door(served.url)):
        answer = consume(house, boss, customer, key)
    postgres.open_door(served.url)
    assert (answer.status_code, answer.json["code"]) == (503, "outcome-unknown")
    assert consume(house, boss, customer, key).status_code == 201
    assert boss.get(f"/customers/{customer}").body["balance"] == "9.00"


def test_what_is_applied_is_answered_though_the_database_goes_away(house, served, boss, postgres):
    customer = boss.new_customer("10.00")
    key = f"gone {customer}"
    with at("after_commit", lambda: postgres.close_door(served.url)):
        answer = consume(house, boss, customer, key)
    postgres.open_door(served.url)
    assert (answer.status_code, answer.json["balance"]) == (201, "9.00")
    assert consume(house, boss, customer, key).status_code == 200
    assert boss.get(f"/customers/{customer}").body["balance"] == "9.00"
