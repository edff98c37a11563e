"""Signing in and out for programs, by a bearer token that is a session like a browser's."""

from typing import Any

from flask import request
from marshmallow import fields

from app.core import days
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import N_
from app.extensions import db
from app.staff.api.secrets import Secret
from app.staff.models import SessionKind, Staff
from app.staff.operations import end_session
from app.staff.operations.sessions import LASTS
from app.staff.queries import actor_for, find_session, open_stores
from app.staff.refusals import WrongCredentials
from app.staff.sign_in import sign_in
from app.ui.api import ANYBODY, SIGNED_IN, Answer, Api, Body, Created, NoContent, Reply, set_authenticator
from app.ui.api.bearer import token
from app.ui.api.fields import DayText, IdNumber, InstantText, StoreCode, Text, Whole
from app.ui.api.problems import Kind, NotSignedIn, problem
from app.ui.guard import current_actor

WRONG = Kind(401, "wrong-credentials", N_("The user name or the password is wrong."))

session_api = Api("session")


def authenticate(bearer: str, address: str | None) -> tuple[Actor, Staff] | None:
    """Whose token this is, if it is good now."""
    found = find_session(bearer, SessionKind.API)
    return (actor_for(found.staff, address), found.staff) if found else None


set_authenticator(authenticate)


class Credentials(Body):
    username = Text(required=True)
    password = Secret(required=True)


class TokenAnswer(Answer):
    """expires_in: seconds."""

    access_token = Text(required=True)
    expires_in = Whole(required=True)


class SessionAnswer(Answer):
    id = IdNumber(required=True)
    username = Text(required=True)
    display_name = Text(required=True, allow_none=True)
    role = Text(required=True, allow_none=True)
    stores = fields.List(StoreCode(), required=True)
    business_date = DayText(required=True)
    expires_at = InstantText(required=True)


@session_api.post("/session", grant=ANYBODY, body=Credentials, answer=TokenAnswer, summary="Sign in")
def start(body: dict[str, Any]) -> Reply:
    secret, _staff = sign_in(
        body["username"],
        body["password"],
        kind=SessionKind.API,
        address=request.remote_addr,
        user_agent=request.user_agent.string,
    )
    return Created({"access_token": secret, "expires_in": int(LASTS[SessionKind.API].total_seconds())})


@session_api.get("/session", grant=SIGNED_IN, answer=SessionAnswer, summary="Who is signed in, and where")
def show() -> dict[str, Any]:
    actor, found = current_actor(), find_session(token() or "", SessionKind.API)
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


@session_api.delete("/session", grant=SIGNED_IN, summary="Sign out")
def end() -> Reply:
    actor, found = current_actor(), find_session(token() or "", SessionKind.API)
    if found:
        session_id = found.session_id
        in_transaction(lambda: end_session(session_id, actor=actor))
    return NoContent()


@session_api.errorhandler(WrongCredentials)
def wrong_credentials(_error: WrongCredentials) -> Any:
    """One answer, whatever was wrong."""
    return problem(WRONG, WWW_Authenticate='Bearer realm="api"')
