"""What every answer says about itself, whom the machine listens to, and how long a file is good for."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

from app.ui.guard import signed_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ONE_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Secure every answer, and refuse requests that name another host."""
    app.wsgi_app = HostGuard(app.wsgi_app, app.config.get("TRUSTED_HOSTS") or own_hosts(app))  # type: ignore[method-assign]
    app.config["TRUSTED_HOSTS"] = None  # the framework's own check knows no IPv6
    if proxies := app.config.get("TRUSTED_PROXIES"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.before_request(_refuse_foreign_form)
    app.after_request(_secure)


def _refuse_foreign_form() -> None:
    """400 for a form that a page of somebody else has sent, whatever token it carries. Programs have no cookies."""
    origin = request.headers.get("Origin")
    if origin is None or request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith("/api/"):
        return
    try:
        sent_from = urlsplit(origin).netloc.lower()
    except ValueError:
        sent_from = ""
    if sent_from not in (request.host.lower(), urlsplit(current_app.config["BASE_URL"]).netloc.lower()):
        abort(400)


class HostGuard:
    """Answer only requests that name one of our hosts, so that no address we write can lead elsewhere."""

    def __init__(self, app: "WSGIApplication", names: Collection[str]) -> None:
        self.app, self.names = app, names

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "").lower()
        if not host or host_is_trusted(host, self.names) or _is_ipv6_of(host, self.names):
            return self.app(environ, start_response)
        return Response("This address is not served here.\n", 400, mimetype="text/plain")(environ, start_response)


def _is_ipv6_of(host: str, names: Collection[str]) -> bool:
    return host_is_trusted(host) and host.startswith("[") and f"{host.partition(']')[0]}]" in names


def own_hosts(app: Flask) -> list[str]:
    """The names under which a deployment is reached when it names none, each with any port."""
    base = urlsplit(app.config.get("BASE_URL", "")).hostname
    listens = app.config.get("HOST")
    names = dict.fromkeys([base, listens, "localhost", "127.0.0.1", "::1"])
    return [f"[{name}]" if ":" in name else name for name in names if name]


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    if (request.endpoint or "").endswith("static"):
        if "v" in request.args and response.status_code == 200:
            headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    elif signed_in() is not None:
        headers["Cache-Control"] = "no-store"
    return response
