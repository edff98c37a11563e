"""While a long list is applied on SQLite, nobody else can write: say so at once instead of letting people wait."""

from flask import Blueprint, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.core.db import is_postgresql
from app.core.errors import Unavailable
from app.customers.takeover import kept
from app.ui import errors

RETRY_AFTER = {"Retry-After": "15"}  # seconds
READING = {"GET", "HEAD", "OPTIONS"}
maintenance = Blueprint("takeover", __name__)


def is_closed() -> bool:
    """Whether the database takes no writes now."""
    return not is_postgresql() and kept.mark() is not None


@maintenance.before_app_request
def refuse_writes() -> Response | None:
    """503 for whatever would have to wait for the write lock. Reading goes on."""
    if request.method in READING or not is_closed():
        return None
    if request.path.startswith("/api/"):
        raise Unavailable
    return errors.page(503, banner(), headers=RETRY_AFTER)


def banner() -> str:
    """What every page says meanwhile; nothing at other times."""
    if not is_closed():
        return ""
    return gettext(
        "A customer list is being taken over. Until it is done you can look at everything but change nothing."
    )


@maintenance.app_context_processor
def _notices() -> dict[str, object]:
    return {"notice": banner}
