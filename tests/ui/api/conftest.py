"""A house with one more room: calls that exist only to try the edge."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, jsonify

from app import create_app
from app.audit.models import OperationRecord
from app.audit.operations import record
from app.core.actor import Actor, ActorKind
from app.core.commands import new_id
from app.core.errors import N_, Forbidden, Invalid, NotFound, OutcomeUnknown, Refused, Stale, TooManyTries, Unavailable
from app.core.permissions import Action, Grant
from app.extensions import db
from app.shop.models import Method
from app.ui.api import (
    ANYBODY,
    SIGNED_IN,
    Answer,
    Api,
    Body,
    Created,
    Key,
    ListQuery,
    NoContent,
    Patch,
    Query,
    Reply,
    bearer,
    etag,
    expected_version,
    once,
    page_of,
    page_schema,
)
from app.ui.api.fields import (
    Choice,
    Claim,
    DayText,
    IdNumber,
    InstantText,
    MoneyText,
    NonZeroMoneyText,
    PhoneText,
    SignedMoneyText,
    StoreCode,
    Text,
    Whole,
)
from app.ui.guard import current_actor
from config import TestConfig
from tests.conftest import of_kind
from tests.ui.api.program import Program

VIEW_TOYS = Grant(Action.VIEW, "toys")
POST_TOYS = Grant(Action.POST, "toys")


class TooFewToys(Refused):
    code = "too-few-toys"
    sentence = N_("Only %(left)s toys are left.")


class ClosedForNow(Refused):
    code = "closed-for-now"
    sentence = N_("Closed for now.")
    is_frozen = False


class Toy(Answer):
    id = IdNumber()


class ToyQuery(ListQuery):
    store = StoreCode()
    method = Choice(Method)
    is_new = Claim()
    from_ = DayText(data_key="from", attribute="from")
    to = DayText()
    least = SignedMoneyText()
    most = SignedMoneyText()
    since = InstantText()
    ordered = (("from", "to"), ("least", "most"))


class ToyBody(Body):
    amount = MoneyText(required=True)
    note = Text(longest=20)
    phone = PhoneText()
    count = Whole(least=1, most=9)
    change = NonZeroMoneyText()
    force = Claim()


class ToyPatch(Patch):
    name = Text()
    note = Text(allow_none=True)


class ErrorQuery(Query):
    kind = Text(required=True)


ERRORS: dict[str, Any] = {
    "invalid": lambda: Invalid(name="No such name."),
    "not-found": NotFound,
    "forbidden": Forbidden,
    "stale": Stale,
    "in-flight": lambda: Unavailable(in_flight=True),
    "unavailable": Unavailable,
    "unknown": OutcomeUnknown,
    "too-many": lambda: TooManyTries(30),
    "refused": lambda: TooFewToys(left=3),
}

OBSTACLES: dict[int, Any] = {404: NotFound, 9: lambda: TooFewToys(left=Decimal("3.00")), 10: ClosedForNow}

toys = Api("toys")


def sales_of(toy_id: int) -> int:
    """How often that toy was sold, as the operation records say."""
    return db.session.query(OperationRecord).filter_by(object_type="toy", object_id=toy_id).count()


@toys.get("/toys", grant=VIEW_TOYS, query=ToyQuery, answer=page_schema("ToyPage", Toy), summary="Toys")
def list_toys(query: dict[str, Any]) -> dict[str, Any]:
    below = query["cursor"] or 8
    rows = [{"id": number} for number in range(below - 1, 0, -1)][: query["limit"] + 1]
    return page_of(rows, query["limit"], dict, lambda row: row["id"])


@toys.get("/toys/seen", grant=VIEW_TOYS, query=ToyQuery, summary="What was understood")
def seen_toys(query: dict[str, Any]) -> dict[str, Any]:
    return query


@toys.get("/toys/<id:toy_id>", grant=SIGNED_IN, answer=Toy, summary="One toy")
def get_toy(toy_id: int) -> Reply:
    return Reply({"id": toy_id}, headers=etag(7))


@toys.patch("/toys/<id:toy_id>", grant=POST_TOYS, body=ToyPatch, answer=Toy, is_versioned=True, summary="Change")
def change_toy(toy_id: int, body: dict[str, Any]) -> dict[str, Any]:
    if expected_version() not in (None, 7):
        raise Stale
    return {"id": toy_id, **body}


@toys.delete("/toys/<id:toy_id>", grant=POST_TOYS, summary="Throw away")
def remove_toy(toy_id: int) -> Reply:
    return NoContent()


@toys.post("/toys/<id:toy_id>/sales", grant=POST_TOYS, body=ToyBody, answer=Toy, key=Key.REQUIRED, summary="Sell")
def sell_toy(toy_id: int, body: dict[str, Any]) -> Any:
    def work() -> dict[str, Any]:
        if toy_id in OBSTACLES:
            raise OBSTACLES[toy_id]()
        record("toys.sell", "toy", toy_id, actor=current_actor())
        return {"sale": new_id(), "amount": body["amount"]}

    return once(work, lambda kept: {**kept, "toy": toy_id})


@toys.post("/toys", grant=POST_TOYS, body=ToyBody, answer=Toy, key=Key.OPTIONAL, summary="Make")
def make_toy(body: dict[str, Any]) -> Any:
    def work() -> dict[str, Any]:
        return {"toy": new_id()}

    return once(work)


@toys.get("/errors", grant=ANYBODY, query=ErrorQuery, summary="Fail")
def fail(query: dict[str, Any]) -> dict[str, Any]:
    raise ERRORS[query["kind"]]()


@toys.post("/echo", grant=ANYBODY, body=ToyBody, summary="What was understood")
def echo(body: dict[str, Any]) -> Reply:
    return Created(body)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def toy_house(request, tmp_path_factory) -> Iterator[Flask]:
    """The house with the toy room, migrated, on each database."""
    app = create_app(TestConfig(of_kind(request, tmp_path_factory.mktemp("toys"))))
    app.register_blueprint(toys)
    app.add_url_rule("/api/v1/stranger", "stranger", lambda: jsonify(secret="no"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


TOKENS = {
    "maker": Actor(ActorKind.STAFF, 1, "maker", frozenset({VIEW_TOYS, POST_TOYS}), frozenset({1})),
    "other": Actor(ActorKind.STAFF, 2, "other", frozenset({VIEW_TOYS, POST_TOYS}), frozenset({1})),
    "guest": Actor(ActorKind.STAFF, 3, "guest", frozenset(), frozenset({1})),
}


@pytest.fixture
def as_(toy_house, monkeypatch) -> Callable[[str | None], Program]:
    """Call it with the name of a token for a program that carries it."""
    known = {token: (actor, None) for token, actor in TOKENS.items()}
    monkeypatch.setattr(bearer, "_authenticator", lambda token, _address: known.get(token))
    return lambda token: Program(toy_house, token)


@pytest.fixture
def maker(as_) -> Program:
    return as_("maker")
