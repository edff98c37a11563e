"""The administrators, for programs of the owner."""

from typing import Any

from flask import request
from marshmallow import fields

from app.core.db import in_transaction
from app.core.errors import NotFound
from app.core.permissions import Action, Grant
from app.extensions import db
from app.staff import operations
from app.staff.api.secrets import Secret
from app.staff.models import Staff
from app.staff.passwords import hash_password
from app.staff.queries import administrator, administrators, store_ids_named
from app.staff.rules import check_password
from app.ui.api import (
    Answer,
    Api,
    Body,
    ListQuery,
    NoContent,
    Patch,
    Reply,
    etag,
    expected_version,
    page_of,
    page_schema,
)
from app.ui.api.fields import Claim, IdNumber, InstantText, ListOf, StoreCode, Text
from app.ui.guard import current_actor

VIEW, EDIT, REMOVE = (Grant(action, "staff") for action in (Action.VIEW, Action.EDIT, Action.REMOVE))

staff_api = Api("staff")


class AdministratorAnswer(Answer):
    id = IdNumber(required=True)
    username = Text(required=True)
    display_name = Text(required=True, allow_none=True)
    role = Text(required=True, allow_none=True)
    stores = fields.List(StoreCode(), required=True)
    phone = Text(required=True, allow_none=True)
    email = Text(required=True, allow_none=True)
    is_active = Claim(required=True)
    last_sign_in_at = InstantText(required=True, allow_none=True)
    last_sign_in_address = Text(required=True, allow_none=True)


class NewAdministrator(Body):
    """stores: codes; left out, the only store there is."""

    username = Text(required=True, longest=64)
    password = Secret(required=True)
    role = Text(required=True, longest=64)
    stores = ListOf(StoreCode())
    display_name = Text(longest=80)
    phone = Text(longest=20)
    email = Text(longest=254)


class AdministratorChange(Patch):
    role = Text(longest=64)
    stores = ListOf(StoreCode())
    display_name = Text(longest=80, allow_none=True)
    phone = Text(longest=20, allow_none=True)
    email = Text(longest=254, allow_none=True)
    is_active = Claim()


class NewPassword(Body):
    password = Secret(required=True)


def present(staff: Staff) -> dict[str, Any]:
    """An administrator as JSON carries him."""
    return {
        "id": staff.id,
        "username": staff.username,
        "display_name": staff.display_name,
        "role": staff.role,
        "stores": [store.code for store in staff.stores],
        "phone": staff.phone,
        "email": staff.own_email,
        "is_active": bool(staff.active),
        "last_sign_in_at": staff.last_sign_in_at,
        "last_sign_in_address": staff.last_seen_address,
    }


@staff_api.get(
    "/administrators",
    grant=VIEW,
    query=ListQuery,
    answer=page_schema("AdministratorPage", AdministratorAnswer),
    summary="The administrators, newest first",
)
def list_administrators(query: dict[str, Any]) -> dict[str, Any]:
    rows = administrators(below=query["cursor"], limit=query["limit"] + 1)
    return page_of(rows, query["limit"], present)


@staff_api.get("/administrators/<id:staff_id>", grant=VIEW, answer=AdministratorAnswer, summary="One administrator")
def get_administrator(staff_id: int) -> Reply:
    return _answer(staff_id)


@staff_api.post(
    "/administrators", grant=EDIT, body=NewAdministrator, answer=AdministratorAnswer, summary="Make an administrator"
)
def create_administrator(body: dict[str, Any]) -> Reply:
    actor, username, password = current_actor(), body.pop("username"), body.pop("password")
    check_password(password, username)
    store_ids = store_ids_named(body.pop("stores"))
    db.session.rollback()  # hashing is slow, and nothing may wait for it
    hashed = hash_password(password)
    staff_id = in_transaction(
        lambda: operations.create_staff(username, password_hash=hashed, store_ids=store_ids, actor=actor, **body)
    )
    return _answer(staff_id, status=201)


@staff_api.patch(
    "/administrators/<id:staff_id>",
    grant=EDIT,
    body=AdministratorChange,
    answer=AdministratorAnswer,
    summary="Change an administrator; with If-Match only if nobody else has",
)
def change_administrator(staff_id: int, body: dict[str, Any]) -> Reply:
    actor, version = current_actor(), _version()
    if "stores" in body:
        body["store_ids"] = store_ids_named(body.pop("stores"))
    _within_reach(staff_id)
    in_transaction(lambda: operations.change_staff(staff_id, actor=actor, version=version, **body))
    return _answer(staff_id)


@staff_api.delete("/administrators/<id:staff_id>", grant=REMOVE, summary="Remove an administrator")
def remove_administrator(staff_id: int) -> Reply:
    actor, version = current_actor(), _version()
    _within_reach(staff_id)
    in_transaction(lambda: operations.remove_staff(staff_id, actor=actor, version=version))
    return NoContent()


@staff_api.post(
    "/administrators/<id:staff_id>/password", grant=EDIT, body=NewPassword, summary="Set a password, and sign him out"
)
def set_administrators_password(staff_id: int, body: dict[str, Any]) -> Reply:
    actor, username = current_actor(), _within_reach(staff_id).username
    check_password(body["password"], username)
    db.session.rollback()
    hashed = hash_password(body["password"])
    in_transaction(lambda: operations.set_password(staff_id, hashed, actor=actor))
    return NoContent()


@staff_api.post("/administrators/<id:staff_id>/unlock", grant=EDIT, summary="Let him try to sign in again at once")
def unlock_administrator(staff_id: int) -> Reply:
    actor = current_actor()
    _within_reach(staff_id)
    in_transaction(lambda: operations.unlock(staff_id, actor=actor))
    return NoContent()


def _answer(staff_id: int, status: int = 200) -> Reply:
    staff = _within_reach(staff_id)
    return Reply(present(staff), status, etag(staff.version or 1))


def _within_reach(staff_id: int) -> Staff:
    return administrator(staff_id) or _absent()


def _absent() -> Any:
    raise NotFound


def _version() -> int | None:
    return expected_version() if "If-Match" in request.headers else None
