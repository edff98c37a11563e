"""What every answer says about itself, whom the machine listens to, and how long a file is good for."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.ui.guard import signed_in

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
ONE_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Secure every answer, and refuse requests that name another host."""
    app.config["TRUSTED_HOSTS"] = app.config.get("TRUSTED_HOSTS") or own_hosts(app)
    if proxies := app.config.get("TRUSTED_PROXIES"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    app.after_request(_secure)


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
    if signed_in() is not None and not (request.endpoint or "").endswith("static"):
        headers["Cache-Control"] = "no-store"
    return response
