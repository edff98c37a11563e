"""Answers that say no: application/problem+json, made in one place for every call."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Response, current_app
from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.core import errors
from app.core.commands import KeyReused
from app.core.db import dump_json
from app.core.errors import N_
from app.ui.api.language import in_callers_language
from app.ui.formats import refusal_text

MIMETYPE = "application/problem+json"
BUSY_SECONDS = 1
REPLAYED = "Idempotent-Replayed"


class NotSignedIn(Exception):
    """The call carries no token that anybody knows."""


class VersionMissing(Exception):
    """The call changes something and does not say which version of it the caller saw."""


class Kind(NamedTuple):
    """One kind of problem: its status, the code that programs compare, the sentence that people read."""

    status: int
    code: str
    detail: str


INVALID = Kind(400, "invalid", N_("Some of the input cannot be used."))
NOT_SIGNED_IN = Kind(401, "not-signed-in", N_("Sign in first: the token is missing, unknown or has ended."))
FORBIDDEN = Kind(403, "forbidden", N_("You have no right to this."))
NOT_FOUND = Kind(404, "not-found", N_("There is no such thing, or it is not within your reach."))
IN_FLIGHT = Kind(409, "in-flight", N_("The same request is still under way. Try again shortly."))
STALE = Kind(412, "stale", N_("Somebody changed this meanwhile. Read it again first."))
KEY_REUSED = Kind(422, "idempotency-key-reused", N_("This key was used for another request."))
VERSION_MISSING = Kind(428, "if-match-missing", N_("Send If-Match with the ETag that you read."))
TOO_MANY = Kind(429, "too-many-tries", N_("Too many tries. Wait, then try again."))
FAILED = Kind(500, "internal-error", N_("Something went wrong on our side. Nothing was applied."))
UNAVAILABLE = Kind(503, "unavailable", N_("Nothing was applied. Try again shortly."))
UNKNOWN = Kind(503, "outcome-unknown", N_("The connection broke while saving. Look whether it was applied."))

# What the web server itself refuses.
OF_HTTP = {
    kind.status: kind
    for kind in (
        Kind(400, "bad-request", N_("The request cannot be read.")),
        NOT_SIGNED_IN,
        FORBIDDEN,
        NOT_FOUND,
        Kind(405, "method-not-allowed", N_("This address does not answer that method.")),
        Kind(413, "too-large", N_("The request is too large.")),
        Kind(415, "not-json", N_("The body must be application/json.")),
        STALE,
        VERSION_MISSING,
        TOO_MANY,
        FAILED,
        UNAVAILABLE,
    )
}
KINDS = (
    INVALID, *OF_HTTP.values(), IN_FLIGHT, KEY_REUSED, UNKNOWN,
)  # fmt: skip


def problem(kind: Kind, *, fields: Mapping[str, Any] | None = None, **headers: str) -> Response:
    """The answer that tells of this kind of problem, in the caller's language.

    fields: what is wrong, by field. headers: more header fields, with _ for -.
    """
    with in_callers_language():
        return _answer(kind.status, kind.code, gettext(kind.detail), fields, headers)


def refusal(refused: errors.Refused, **headers: str) -> Response:
    """The answer to a request that a rule of the business refused."""
    with in_callers_language():
        return _answer(HTTPStatus.CONFLICT, refused.code, refusal_text(refused), None, headers)


def _answer(
    status: int, code: str, detail: str, fields: Mapping[str, Any] | None, headers: Mapping[str, str]
) -> Response:
    body: dict[str, Any] = {
        "type": f"/api/docs#{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if fields:
        body["errors"] = {".".join(path): texts for path, texts in _leaves(fields)}
    answer = Response(dump_json(body) + "\n", status=status, mimetype=MIMETYPE)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept-Language"
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def _leaves(fields: Any, path: tuple[str, ...] = ()) -> Any:
    """Every message with the path of its field; messages are translated here, at last."""
    if isinstance(fields, Mapping):
        for name, inner in fields.items():
            yield from _leaves(inner, (*path, str(name)))
    else:
        yield path, [str(text) for text in (fields if isinstance(fields, list | tuple) else [fields])]


def _of_validation(error: ValidationError) -> Response:
    return problem(INVALID, fields=error.normalized_messages())


def _of_invalid(error: errors.Invalid) -> Response:
    with in_callers_language():
        said = {name: _translated(messages) for name, messages in error.errors.items()}
    return problem(INVALID, fields=said)


def _translated(messages: Any) -> list[str]:
    """What a rule says, which knows no language, in the caller's."""
    several = messages if isinstance(messages, list | tuple) else [messages]
    return [gettext(str(message)) for message in several if message]


def _of_unavailable(error: errors.Unavailable) -> Response:
    return problem(IN_FLIGHT if error.in_flight else UNAVAILABLE, Retry_After=str(BUSY_SECONDS))


def _of_database(error: OperationalError) -> Response:
    current_app.logger.error("The database does not answer", exc_info=error)
    return problem(UNAVAILABLE, Retry_After=str(BUSY_SECONDS))


def _of_too_many(error: errors.TooManyTries) -> Response:
    return problem(TOO_MANY, Retry_After=str(error.seconds))


def of_http(error: HTTPException) -> Response:
    """The same for what the web framework refuses, with its own header fields (Allow, Retry-After)."""
    status = error.code or 500
    answer = problem(OF_HTTP.get(status) or Kind(status, "http-error", error.description or error.name))
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            answer.headers[name] = value
    return answer


def _challenge(_error: NotSignedIn) -> Response:
    return problem(NOT_SIGNED_IN, WWW_Authenticate='Bearer realm="api"')


# Looked up by class; the most exact one answers.
HANDLERS: Mapping[type[Exception], Any] = {
    ValidationError: _of_validation,
    errors.Invalid: _of_invalid,
    errors.Refused: refusal,
    errors.NotFound: lambda _error: problem(NOT_FOUND),
    errors.Forbidden: lambda _error: problem(FORBIDDEN),
    errors.Stale: lambda _error: problem(STALE),
    errors.Unavailable: _of_unavailable,
    errors.OutcomeUnknown: lambda _error: problem(UNKNOWN),
    errors.TooManyTries: _of_too_many,
    KeyReused: lambda _error: problem(KEY_REUSED),
    NotSignedIn: _challenge,
    VersionMissing: lambda _error: problem(VERSION_MISSING),
    OperationalError: _of_database,
    HTTPException: of_http,
}
