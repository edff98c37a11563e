"""Errors, answered to people with a page in the look of the house. Programs get theirs from app/ui/api."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import Flask, current_app, g, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.core import errors
from app.core.errors import N_
from app.ui.formats import refusal_text
from app.ui.guard import signed_in, to_sign_in
from app.ui.layout import LINKS

SOON = {"Retry-After": "2"}  # seconds


class Words(NamedTuple):
    """What a page says about one kind of error."""

    heading: str
    text: str
    icon: str = "fa-triangle-exclamation"


PAGES: Mapping[int, Words] = {
    400: Words(
        N_("This request cannot be read"),
        N_("Something in the address or the form was not right. Nothing was changed."),
    ),
    403: Words(
        N_("Not open to you"),
        N_("Your role does not include this. Ask the owner if you need it."),
        "fa-lock",
    ),
    404: Words(
        N_("Not found"),
        N_("There is no such page, or it is not within your reach."),
        "fa-magnifying-glass",
    ),
    409: Words(
        N_("This was refused"),
        N_("A rule of the shop does not allow it. Nothing was changed."),
        "fa-hand",
    ),
    412: Words(
        N_("Changed meanwhile"),
        N_("Somebody else has changed this since you opened it. Open it again and look first."),
        "fa-clock-rotate-left",
    ),
    413: Words(
        N_("Too large"),
        N_("The file or the form is larger than we can take. Nothing was changed."),
        "fa-weight-hanging",
    ),
    429: Words(
        N_("Too many tries"),
        N_("Wait a little, then try again."),
        "fa-hourglass-half",
    ),
    500: Words(
        N_("Something went wrong here"),
        N_("The fault is ours. Before you repeat anything, look whether it was done."),
        "fa-bug",
    ),
    503: Words(
        N_("Busy at the moment"),
        N_("Nothing was changed. Try the same again."),
        "fa-hourglass-half",
    ),
}
UNKNOWN = Words(
    N_("Not sure whether it was done"),
    N_("The connection to the database was lost at the last moment. Look whether it was done before you repeat it."),
    "fa-circle-question",
)


def install(app: Flask) -> None:
    """Answer every error with a page."""
    for kind, handler in _HANDLERS.items():
        app.register_error_handler(kind, handler)
    app.before_request(_refuse_nul)


def page(status: int, text: str = "", words: Words | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The page for this status. text: a sentence, already translated, that says more than the usual one."""
    said = words or PAGES.get(status) or PAGES[400 if status < 500 else 500]
    body = render_template(
        "ui/error.html", heading=gettext(said.heading), text=text or gettext(said.text), icon=said.icon
    )
    return make_response(body, status, dict(headers or {}))


def _of_http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if request.path.startswith("/api/v1/"):
        from app.ui.api.problems import of_http  # noqa: PLC0415 - pages come up before the edge for programs

        return of_http(error)
    status = error.code or 500
    if status == 401:
        return to_sign_in()
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return page(status, headers=kept)


def _of_form_token(error: CSRFError) -> Response:
    """A form from an earlier session, or from elsewhere."""
    if signed_in() is None and request.path != LINKS["sign_in"]:
        return to_sign_in()
    return page(400, gettext("This page was open for too long. Go back, load it again and repeat what you did."))


def _of_refusal(error: errors.Refused) -> Response:
    return page(409, refusal_text(error))


def _of_too_many(error: errors.TooManyTries) -> Response:
    return page(429, headers={"Retry-After": str(error.seconds)})


def _of_database(error: OperationalError) -> Response:
    current_app.logger.error("The database does not answer", exc_info=error)
    g.pop("actor", None)  # the frame must not ask the database for anything
    return page(503, headers=SOON)


def _refuse_nul() -> Response | None:
    """PostgreSQL keeps no NUL, and nobody types one."""
    if request.path.startswith("/api/"):
        return None
    values = [*request.args.items(multi=True), *request.form.items(multi=True)]
    return page(400) if any("\0" in name or "\0" in value for name, value in values) else None


_HANDLERS: Mapping[Any, Callable[[Any], Response]] = {
    HTTPException: _of_http,
    CSRFError: _of_form_token,
    errors.Refused: _of_refusal,
    errors.TooManyTries: _of_too_many,
    errors.NotFound: lambda _error: page(404),
    errors.Forbidden: lambda _error: page(403),
    errors.Invalid: lambda _error: page(400),
    errors.Stale: lambda _error: page(412),
    errors.Unavailable: lambda _error: page(503, headers=SOON),
    errors.OutcomeUnknown: lambda _error: page(503, words=UNKNOWN),
    OperationalError: _of_database,
}
