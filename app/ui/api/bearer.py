"""Who calls: read from the Authorization header alone. A browser cookie authorises nothing here."""

from collections.abc import Callable
from typing import Any

from flask import g, request

from app.core.actor import Actor
from app.ui.api.problems import NotSignedIn

LONGEST_TOKEN = 512

Authenticator = Callable[[str, str | None], tuple[Actor, Any] | None]


def _nobody(_token: str, _address: str | None) -> tuple[Actor, Any] | None:
    return None


_authenticator: Authenticator = _nobody


def set_authenticator(authenticator: Authenticator) -> None:
    """Say how a token is looked up. The staff room does, for it is above this floor.

    authenticator: from a token and the caller's address to the actor and his user, or None.
    """
    global _authenticator
    _authenticator = authenticator


def token() -> str | None:
    """The bearer token of this request, if it carries one."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    return given.token if len(given.token) <= LONGEST_TOKEN else None


def sign_in() -> Actor:
    """The actor of this request, put into `g.actor` and his user into `g.user`.

    Raises NotSignedIn when the token is missing, unknown or ended.
    """
    bearer = token()
    found = _authenticator(bearer, request.remote_addr) if bearer else None
    if found is None:
        raise NotSignedIn
    g.actor, g.user = found
    return g.actor
