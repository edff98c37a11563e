"""Administrators for tests, each with a name of his own, and browsers that they sit at."""

import re
import secrets

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.extensions import db
from app.staff.models import SessionKind, Staff
from app.staff.operations import create_staff
from app.staff.passwords import hash_password
from app.staff.queries import find_session

PASSWORD = "correct horse 9"
SYSTEM = Actor.system("test")


def new_name() -> str:
    return f"u{secrets.token_hex(5)}"


def make(role: str = ORDINARY_ADMIN, *, name: str | None = None, actor: Actor = SYSTEM, **more: object) -> int:
    """A new administrator with that role, whose password is PASSWORD. Returns his id."""
    hashed = hash_password(PASSWORD)
    given = {"password_hash": hashed, "role": role, **more}
    return in_transaction(lambda: create_staff(name or new_name(), actor=actor, **given))


def fetch(staff_id: int) -> Staff:
    db.session.rollback()
    return db.session.get(Staff, staff_id)


def records(staff_id: int) -> list[OperationRecord]:
    """What was written down about an administrator, oldest first."""
    db.session.rollback()
    about = select(OperationRecord).filter_by(object_type="staff", object_id=staff_id).order_by(OperationRecord.id)
    return list(db.session.scalars(about))


def form_token(client: FlaskClient, page: str = "/login/") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    return found.group(1) if found else ""


def post(client: FlaskClient, path: str, *, page: str | None = None, **fields: object):
    """Send a form as a browser would: with the token of the page that it stands on."""
    return client.post(path, data={"csrf_token": form_token(client, page or path), **fields})


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, *, query: str = "", address: str = "127.0.0.1"):
    token = form_token(client)
    return client.post(
        f"/login/{query}",
        data={"csrf_token": token, "username": name, "password": password},
        environ_overrides={"REMOTE_ADDR": address},
    )


def browser_of(app: Flask, staff_id: int) -> FlaskClient:
    """A browser in which that administrator has signed in."""
    client = app.test_client()
    answer = sign_in(client, fetch(staff_id).username)
    assert answer.status_code == 302, answer.text
    return client


def is_good(token: str, kind: SessionKind) -> bool:
    """Whether the session of that secret is good now, read anew."""
    db.session.rollback()
    return find_session(token, kind) is not None
