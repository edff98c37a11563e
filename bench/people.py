"""Who works in a benchmark: an owner, signed in as a browser and as a program."""

import re
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

PASSWORD = "bench owner 2026"  # noqa: S105 - of databases that live for minutes
OWNER = "bench"


def open_app(url: str) -> Flask:
    """The application on that database, in this process."""
    from app import create_app  # noqa: PLC0415 - the settings read the environment when they are imported
    from config import Config  # noqa: PLC0415

    config = Config()
    config.SQLALCHEMY_DATABASE_URI = url
    return create_app(config)


def owner(app: Flask) -> str:
    """A new super administrator whose password is PASSWORD. Returns the user name."""
    from app.core.actor import Actor  # noqa: PLC0415
    from app.core.db import in_transaction  # noqa: PLC0415
    from app.core.permissions import SUPER_ADMIN  # noqa: PLC0415
    from app.staff.operations import create_staff  # noqa: PLC0415
    from app.staff.passwords import hash_password  # noqa: PLC0415

    name, actor = f"{OWNER}{secrets.token_hex(4)}", Actor.system("bench")
    with app.app_context():
        hashed = hash_password(PASSWORD)
        in_transaction(lambda: create_staff(name, password_hash=hashed, role=SUPER_ADMIN, store_ids=[1], actor=actor))
    return name


def token(app: Flask) -> str:
    """A bearer token of a new owner."""
    said: dict[str, Any] = {"username": owner(app), "password": PASSWORD}
    answer = app.test_client().post("/api/v1/session", json=said)
    return str(answer.json["access_token"])


def browser(app: Flask) -> FlaskClient:
    """A browser in which a new owner has signed in."""
    client, name = app.test_client(), owner(app)
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login/").text)
    form = {"csrf_token": found.group(1) if found else "", "username": name, "password": PASSWORD}
    answer = client.post("/login/", data=form)
    if answer.status_code != 302:
        raise SystemExit(f"The sign-in answered {answer.status_code}.")
    return client
