"""Signing in and out for programs, by a bearer token that is a session like a browser's."""

from typing import Any

from flask import request
from marshmallow import fields

from app.core import alongside, days
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.errors import N_, Forbidden
from app.extensions import db
from app.staff import seen
from app.staff.api.secrets import Secret
from app.staff.keys import PREFIX, actor_for_key, api_key, find_key
from app.staff.models import ApiKey, SessionKind, Staff, StaffSession
from app.staff.operations import end_session
from app.staff.operations.sessions import LASTS
from app.staff.queries import find_session, open_stores
from app.staff.refusals import SecondFactorNeeded, WrongCredentials
from app.staff.rights import actor_for
from app.staff.sign_in import sign_in
from app.ui.api import ANYBODY, SIGNED_IN, Answer, Api, Body, Created, NoContent, Reply, set_authenticator
from app.ui.api.bearer import token
from app.ui.api.fields import DayText, IdNumber, InstantText, StoreCode, Text, Whole
from app.ui.api.problems import Kind, NotSignedIn, problem
from app.ui.guard import current_actor

WRONG = Kind(401, "wrong-credentials", N_("The user name or the password is wrong."))
CODE_NEEDED = Kind(401, "second-factor-needed", N_("Send the code of your second factor, too."))
SET_UP_FIRST = Kind(401, "second-factor-needed", N_("Your role needs a second factor. Set it up in a browser first."))

session_api = Api("session")


def authenticate(bearer: str, address: str | None) -> tuple[Actor, Staff | None] | None:
    """Whose token or key this is, if it is good now.

    Who must set up a second factor first, in a browser, is nobody here.
    """
    if bearer.startswith(PREFIX):
        known = find_key(bearer)
        if known is None:
            return None
        alongside.keep(known.alongside)
        seen.note(ApiKey, known.key.id, known.key.last_used_at)
        return actor_for_key(known, address), None
    found = find_session(bearer, SessionKind.API)
    if found is None or found.must_set_up:
        return None
    alongside.keep(found.alongside)
    seen.note(StaffSession, found.session_id, found.last_seen_at)
    return actor_for(found.staff, address, found.rights), found.staff


set_authenticator(authenticate)


class Credentials(Body):
    """code: of the telephone, or a recovery code; for who has a second factor."""

    username = Text(required=True)
    password = Secret(required=True)
    code = Text(longest=64)


class TokenAnswer(Answer):
    """expires_in: seconds."""

    access_token = Text(required=True)
    expires_in = Whole(required=True)


class SessionAnswer(Answer):
    """username, expires_at: null for an API key (without an end), whose name is the display name."""

    id = IdNumber(required=True)
    username = Text(required=True, allow_none=True)
    display_name = Text(required=True, allow_none=True)
    role = Text(required=True, allow_none=True)
    stores = fields.List(StoreCode(), required=True)
    business_date = DayText(required=True)
    expires_at = InstantText(required=True, allow_none=True)


@session_api.post("/session", grant=ANYBODY, body=Credentials, answer=TokenAnswer, summary="Sign in")
def start(body: dict[str, Any]) -> Reply:
    secret, _staff = sign_in(
        body["username"],
        body["password"],
        kind=SessionKind.API,
        address=request.remote_addr,
        user_agent=request.user_agent.string,
        code=body.get("code"),
    )
    return Created({"access_token": secret, "expires_in": int(LASTS[SessionKind.API].total_seconds())})


@session_api.get("/session", grant=SIGNED_IN, answer=SessionAnswer, summary="Who is signed in, and where")
def show() -> dict[str, Any]:
    actor = current_actor()
    if actor.kind is ActorKind.API_KEY:
        return _of_key(actor)
    found = find_session(token() or "", SessionKind.API)
    staff = db.session.get(Staff, actor.id)
    if found is None or staff is None:
        raise NotSignedIn
    return {
        "id": staff.id,
        "username": staff.username,
        "display_name": staff.display_name,
        "role": staff.role,
        "stores": [store.code for store in open_stores(actor.stores)],
        "business_date": days.today(),
        "expires_at": found.expires_at,
    }


def _of_key(actor: Actor) -> dict[str, Any]:
    key = api_key(actor.id or 0)
    if key is None:
        raise NotSignedIn
    return {
        "id": key.id,
        "username": None,
        "display_name": key.name,
        "role": key.role,
        "stores": [store.code for store in open_stores(actor.stores)],
        "business_date": days.today(),
        "expires_at": key.expires_at,
    }


@session_api.delete("/session", grant=SIGNED_IN, summary="Sign out")
def end() -> Reply:
    actor, found = current_actor(), find_session(token() or "", SessionKind.API)
    if actor.kind is ActorKind.API_KEY:
        raise Forbidden  # a key is no session: it is revoked on its page
    if found:
        session_id = found.session_id
        in_transaction(lambda: end_session(session_id, actor=actor))
    return NoContent()


@session_api.errorhandler(WrongCredentials)
def wrong_credentials(_error: WrongCredentials) -> Any:
    """One answer, whatever was wrong."""
    return problem(WRONG, WWW_Authenticate='Bearer realm="api"')


@session_api.errorhandler(SecondFactorNeeded)
def second_factor_needed(needed: SecondFactorNeeded) -> Any:
    """The same, whether the password was right or not."""
    return problem(SET_UP_FIRST if needed.must_set_up else CODE_NEEDED, WWW_Authenticate='Bearer realm="api"')
