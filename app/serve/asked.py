"""Requests as they come in: each gets a name, and is told of when it has been answered."""

import logging
import re
import secrets
import time
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from app.core.actor import Actor
from app.core.logs import request_id
from app.serve import counting
from app.ui.guard import signed_in
from app.ui.layout import REQUEST_ID

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE = "none"  # the route of what no route was found for
log = logging.getLogger("prepaid-desk.requests")


@dataclass(slots=True)
class Asked:
    """One request. route: its template, never the address, which may hold anything; actor: who asked, if anybody."""

    id: str
    method: str
    began: float
    route: str = NOWHERE
    status: int = 500
    actor: Actor | None = None


under_way: ContextVar[Asked | None] = ContextVar("request_under_way", default=None)


def install(app: Flask) -> None:
    """Name, count and tell of every request, those included that never reach a page."""
    app.wsgi_app = Reception(app.wsgi_app)  # type: ignore[method-assign]
    app.after_request(_look)
    app.log_exception = lambda exc_info: app.logger.error("A request failed", exc_info=exc_info)  # type: ignore[method-assign]


class Reception:
    """The outermost door."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ.get("REQUEST_METHOD", "")
        asked = Asked(name_of(environ.get("HTTP_X_REQUEST_ID")), method if method in METHODS else "other", _now())
        environ[REQUEST_ID] = asked.id
        under_way.set(asked)
        request_id.set(asked.id)

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            asked.status = int(status[:3])
            return start_response(status, [*headers, ("X-Request-Id", asked.id)], *more)

        try:
            return ClosingIterator(self._app(environ, begin), lambda: _tell(asked))
        except BaseException:
            _tell(asked)
            raise


def name_of(given: str | None) -> str:
    """The name of a request: the one that it came with when it is well formed, or a new one."""
    return given if given and WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def _look(response: Response) -> Response:
    if asked := under_way.get():
        asked.route = request.url_rule.rule if request.url_rule else NOWHERE
        asked.actor = signed_in()
    return response


def _tell(asked: Asked) -> None:
    seconds = _now() - asked.began
    counting.count_request(asked.route, asked.method, asked.status, seconds)
    if log.isEnabledFor(logging.INFO):
        log.info("request", extra={"fields": _fields(asked, seconds)})
    under_way.set(None)
    request_id.set(None)


def _fields(asked: Asked, seconds: float) -> dict[str, Any]:
    actor = asked.actor
    return {
        "method": asked.method,
        "route": asked.route,
        "status": asked.status,
        "ms": round(seconds * 1000, 1),
        "actor": actor and actor.kind.value,
        "actor_id": actor and actor.id,
    }


def _now() -> float:
    return time.perf_counter()
