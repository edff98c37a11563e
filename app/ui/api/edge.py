"""One call of the API: its address, who may make it, what it reads and answers; and the walk through all of that."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, g, request
from flask.sansio.app import App
from marshmallow import Schema
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.routing import BaseConverter, RequestRedirect, ValidationError

from app.core.db import dump_json
from app.core.permissions import Grant
from app.core.sealed import mark
from app.extensions import csrf
from app.ui.api import bearer, problems
from app.ui.api.fields import LARGEST_ID, Sealed
from app.ui.api.language import in_callers_language
from app.ui.api.reading import read_body, read_key, read_query

ROOT = "/api/v1"
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Open(enum.Enum):
    """A call that asks for no grant: anybody may make it, or anybody who is signed in."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed-in"


ANYBODY, SIGNED_IN = Open.ANYBODY, Open.SIGNED_IN


class Key(enum.Enum):
    """Whether a call takes an Idempotency-Key: it must for money, it may where a repetition would hurt."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True)
class Reply:
    """An answer with a status and header fields of its own."""

    body: Mapping[str, Any] | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def Created(body: Mapping[str, Any], **headers: str) -> Reply:  # noqa: N802 - reads as the answer that it is
    """201: applied now. headers: more header fields."""
    return Reply(body, 201, headers)


def NoContent() -> Reply:  # noqa: N802
    """204: done, and nothing to say."""
    return Reply(None, 204)


@dataclass(frozen=True)
class Call:
    """What an API declares about one method of one address."""

    method: str
    rule: str
    name: str
    grant: Grant | Open
    summary: str
    query: type[Schema] | None
    body: type[Schema] | None
    answer: type[Schema] | None
    key: Key
    is_versioned: bool
    waiting: type[Schema] | None = None


@dataclass(frozen=True)
class Asked:
    """What was asked in this request, kept for `once`."""

    name: str
    key: str | None
    path: Mapping[str, int]
    body: Mapping[str, Any]

    def content(self, meant: Mapping[str, Any]) -> dict[str, Any]:
        """What makes this request this one and no other. An absent value is the same as null.

        meant: what stands for values that can be written in several ways. A hash of it is kept, by which whoever has
        the database could try numbers out: of what is sealed, its mark.
        """
        said = {
            name: mark(value) if isinstance(value, Sealed) else value
            for name, value in {**self.body, **meant}.items()
            if value is not None
        }
        return {"call": self.name, "path": dict(self.path), "body": said}


class IdConverter(BaseConverter):
    """The id of a thing in an address. Anything that cannot be one is an address that does not exist."""

    regex = r"[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID or not value.isascii():
            raise ValidationError
        return number


class Api(Blueprint):
    """The calls of one room, below /api/v1.

    >>> customers_api = Api("customers")
    >>> @customers_api.get("/customers/<id:customer_id>", grant=..., summary="...")
    ... def get_customer(customer_id): ...
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"api_{name}", __name__, url_prefix=ROOT)
        self.calls: list[Call] = []
        self.record_once(lambda state: _prepare(state.app))
        for kind, handler in problems.HANDLERS.items():
            self.register_error_handler(kind, handler)
        for status in default_exceptions:
            # By status too: handlers that pages register by status would come before those of a class.
            self.register_error_handler(status, problems.of_http)
        csrf.exempt(self)

    def get(self, rule: str, **declared: Any) -> Callable[[Handler], Handler]:
        """Declare a reading call. See `call`."""
        return self.call("GET", rule, **declared)

    def post(self, rule: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self.call("POST", rule, **declared)

    def patch(self, rule: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self.call("PATCH", rule, **declared)

    def delete(self, rule: str, **declared: Any) -> Callable[[Handler], Handler]:
        return self.call("DELETE", rule, **declared)

    def call(
        self,
        method: str,
        rule: str,
        *,
        grant: Grant | Open,
        summary: str,
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        answer: type[Schema] | None = None,
        key: Key = Key.NONE,
        is_versioned: bool = False,
        waiting: type[Schema] | None = None,
    ) -> Callable[[Handler], Handler]:
        """Declare a call.

        The handler gets the ids of the path by name, `query` and `body` as dicts when they are declared, and
        answers a dict (200), `Created`, `NoContent`, a `Reply`, or what `once` answers. is_versioned: it needs
        If-Match. waiting: the shape of 202, where the call may have to wait for somebody.
        """

        def declare(handler: Handler) -> Handler:
            call = Call(method, rule, handler.__name__, grant, summary, query, body, answer, key, is_versioned, waiting)
            self.calls.append(call)
            self.add_url_rule(
                rule, handler.__name__, _door(call, handler), methods=[method], provide_automatic_options=False
            )
            return handler

        return declare


def _door(call: Call, handler: Callable[..., Any]) -> Callable[..., Response]:
    query = call.query() if call.query else None
    body = call.body() if call.body else None

    @wraps(handler)
    def door(**path: Any) -> Response:
        with in_callers_language():
            _admit(call)
            given = dict(path)
            key = read_key(is_required=call.key is Key.REQUIRED) if call.key is not Key.NONE else None
            parameters = read_query(query)
            if query is not None:
                given["query"] = parameters
            if body is not None:
                given["body"] = read_body(body)
            # A copy: what was asked stays as it was, whatever the handler does with its own.
            g.api_call = Asked(call.name, key, dict(path), dict(given.get("body", {})))
            return _respond(handler(**given))

    door.guard = call.grant  # type: ignore[attr-defined]
    return door


def _admit(call: Call) -> None:
    """Raise unless the caller may. Whoever a browser cookie names is nobody here."""
    g.actor = None
    if call.grant is ANYBODY:
        return
    actor = bearer.sign_in()
    if isinstance(call.grant, Grant) and not actor.may(*call.grant):
        raise problems.errors.Forbidden


def _respond(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    text = "" if reply.body is None else dump_json(reply.body) + "\n"
    response = Response(text, reply.status, dict(reply.headers), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Language"
    if reply.body is None:
        del response.headers["Content-Type"]
    return response


def _prepare(app: App) -> None:
    """What an application needs before its first call: ids in addresses, and problems instead of error pages."""
    if "api" in app.extensions:
        return
    app.extensions["api"] = True
    app.url_map.converters["id"] = IdConverter
    app.before_request(_only_ours)


def _only_ours() -> Response | None:
    """Below /api/v1 answer nothing but our own calls; the framework's routes there do not exist."""
    if request.path != ROOT and not request.path.startswith(ROOT + "/"):
        return None
    failure = request.routing_exception
    if isinstance(failure, HTTPException) and not isinstance(failure, RequestRedirect):
        return problems.of_http(failure)
    if failure is not None or not is_api(request.blueprint):
        return problems.problem(problems.NOT_FOUND)
    return None


def is_api(blueprint: str | None) -> bool:
    """Whether that blueprint is one of ours."""
    return (blueprint or "").startswith("api_")


def calls_of(app: Flask) -> list[Call]:
    """Every call that this application answers."""
    return [call for blueprint in app.blueprints.values() if isinstance(blueprint, Api) for call in blueprint.calls]
