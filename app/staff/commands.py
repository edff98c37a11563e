"""`flask staff ...`: what an owner may need when nobody can sign in."""

import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import Invalid, Refused
from app.core.permissions import ROLES
from app.extensions import db
from app.shop.models import Store
from app.staff import operations
from app.staff.passwords import hash_password
from app.staff.queries import find_by_username, second_factor_of
from app.staff.rules import check_password

Answer = TypeVar("Answer")
staff = AppGroup("staff", help="Administrators.")
_password = click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@staff.command("create")
@click.option("--username", required=True)
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--store", "stores", multiple=True, metavar="CODE", help="May be repeated. Left out: every open store.")
@click.option("--email", default=None)
@click.option("--display-name", default=None)
@_password
@_as_json
def create(
    username: str,
    role: str,
    stores: tuple[str, ...],
    email: str | None,
    display_name: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make an administrator."""
    hashed = _hash_from_stdin(username)
    store_ids = _store_ids(stores) if stores else None
    actor = Actor.system("flask staff create")
    staff_id = _do(
        lambda: operations.create_staff(
            username,
            password_hash=hashed,
            role=role,
            store_ids=store_ids,
            email=email,
            display_name=display_name,
            actor=actor,
        )
    )
    _say(f"Made {username}.", as_json, id=staff_id, username=username, role=role)


@staff.command("set-password")
@click.argument("username")
@_password
@_as_json
def set_password(username: str, password_stdin: bool, as_json: bool) -> None:
    """Give an administrator another password, and sign him out everywhere."""
    staff_id = _id_of(username)
    hashed = _hash_from_stdin(username)
    actor = Actor.system("flask staff set-password")
    _do(lambda: operations.set_password(staff_id, hashed, actor=actor))
    _say(f"Changed the password of {username}.", as_json, id=staff_id, username=username)


@staff.command("unlock")
@click.argument("username")
@_as_json
def unlock(username: str, as_json: bool) -> None:
    """Let an administrator who failed too often try again at once."""
    staff_id = _id_of(username)
    _do(lambda: operations.unlock(staff_id, actor=Actor.system("flask staff unlock")))
    _say(f"Unlocked {username}.", as_json, id=staff_id, username=username)


@staff.command("reset-second-factor")
@click.argument("username")
@_as_json
def reset_second_factor(username: str, as_json: bool) -> None:
    """Take off the second factor of an administrator who has lost it."""
    staff_id = _id_of(username)
    if second_factor_of(staff_id) is None:
        _say(f"{username} has no second factor.", as_json, id=staff_id, username=username)
        return
    actor = Actor.system("flask staff reset-second-factor")
    _do(lambda: operations.reset_second_factor(staff_id, actor=actor))
    _say(f"Took off the second factor of {username}.", as_json, id=staff_id, username=username)


def _do(work: Callable[[], Answer]) -> Answer:
    """Run the verb; a refusal is told and ends with 1, malformed input with 2."""
    try:
        return in_transaction(work)
    except Refused as refused:
        _fail(str(refused), 1)
    except Invalid as invalid:
        _fail(" ".join(str(text) for text in invalid.errors.values()), 2)


def _hash_from_stdin(username: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        check_password(password, username)
    except Invalid as invalid:
        _fail(" ".join(str(text) for text in invalid.errors.values()), 2)
    return hash_password(password)


def _id_of(username: str) -> int:
    found = find_by_username(username)
    if found is None:
        _fail(f"There is no administrator {username}.", 1)
    return found.id


def _store_ids(codes: tuple[str, ...]) -> list[int]:
    known = {store.code: store.id for store in db.session.scalars(select(Store))}
    if unknown := set(codes) - known.keys():
        _fail(f"There is no such store: {', '.join(sorted(unknown))}.", 2)
    return [known[code] for code in codes]


def _say(sentence: str, as_json: bool, **answer: Any) -> None:
    click.echo(json.dumps(answer) if as_json else sentence)


def _fail(sentence: str, code: int) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)
