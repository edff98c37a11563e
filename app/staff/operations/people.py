"""Administrators: made, changed, removed. The last active super administrator stays one."""

from collections.abc import Collection
from typing import Any, TypedDict, Unpack

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import delete, select

from app.audit.lines import differences
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import N_, Invalid, NotFound, Stale
from app.core.permissions import SUPER_ADMIN, Grant
from app.extensions import db
from app.shop.models import Store
from app.staff.models import RecoveryCode, SecondFactor, Staff, email_or_placeholder
from app.staff.operations.roles import lock_roles
from app.staff.operations.sessions import end_every_session
from app.staff.queries import email_is_taken, find_by_username, super_admins
from app.staff.refusals import BeyondOwnRights, EmailTaken, LastSuperAdmin, StaffRemoved, UsernameTaken
from app.staff.rights import grants_of, grants_of_role
from app.staff.rules import check_display_name, check_email, check_phone, check_username


class Profile(TypedDict, total=False):
    """What a person may change about himself; a field that is left out stays as it is."""

    display_name: str | None
    phone: str | None
    email: str | None


class Particulars(Profile, total=False):
    """What an owner may change about an administrator. store_ids: None means every open store."""

    role: str
    store_ids: Collection[int] | None
    is_active: bool


def create_staff(
    username: str,
    *,
    password_hash: str,
    role: str,
    actor: Actor,
    store_ids: Collection[int] | None = None,
    **profile: Unpack[Profile],
) -> int:
    """Make an administrator with one role, in some stores (None: every open one). Returns his id.

    Raises Invalid, UsernameTaken (also when a removed person had the name), EmailTaken, BeyondOwnRights.
    """
    name = check_username(username)
    lock_roles()
    if find_by_username(name):
        raise UsernameTaken
    staff = Staff(
        username=name,
        first_name="",
        last_name="",
        active=True,
        password=password_hash,
        password_changed_at=clock.real_now(),
        email=email_or_placeholder(None),
        created_by_fk=actor.staff_id,
        changed_by_fk=actor.staff_id,
        version=1,
    )
    db.session.add(staff)
    db.session.flush()
    _apply(staff, {"role": role, "store_ids": store_ids, **profile}, actor)
    facts = {"username": name, **_facts(staff)}
    record(
        "staff.create",
        "staff",
        staff.id,
        actor=actor,
        changes=differences({}, facts),
        personal=differences({}, _personal(staff)),
    )
    return staff.id


def change_staff(
    staff_id: int, *, actor: Actor, version: int | None = None, **particulars: Unpack[Particulars]
) -> None:
    """Change what is named of an administrator, who is signed out when he is switched off.

    version: the one that the sender saw, if he saw one. Raises Invalid, Stale, EmailTaken, BeyondOwnRights,
    LastSuperAdmin, StaffRemoved, NotFound.
    """
    staff = locked_staff(staff_id, actor=actor)
    if version not in (None, staff.version):
        raise Stale
    was_owner = staff_id in super_admins()
    before, before_personal = _facts(staff), _personal(staff)
    _apply(staff, particulars, actor)
    changes = differences(before, _facts(staff))
    personal = differences(before_personal, _personal(staff))
    if not (changes or personal):
        return
    _stamp(staff, actor)
    _keep_an_owner(was_owner)
    if not staff.active:
        end_every_session(staff_id)
    record("staff.change", "staff", staff_id, actor=actor, changes=changes, personal=personal)


def change_own_profile(*, actor: Actor, version: int | None = None, **profile: Unpack[Profile]) -> None:
    """Change what a person may change about himself. Raises Invalid, Stale, EmailTaken, NotFound."""
    change_staff(actor.staff_id or 0, actor=actor, version=version, **profile)


def remove_staff(staff_id: int, *, actor: Actor, version: int | None = None) -> None:
    """Remove an administrator: he is signed out and has no role; his row and name stay, for history.

    Raises Stale, BeyondOwnRights, LastSuperAdmin, StaffRemoved, NotFound.
    """
    staff = locked_staff(staff_id, actor=actor)
    if version not in (None, staff.version):
        raise Stale
    was_owner = staff_id in super_admins()
    before, before_personal = _facts(staff), _personal(staff)
    staff.active = False
    staff.deleted_at = clock.real_now()
    staff.password = None
    staff.roles, staff.stores = [], []
    staff.email, staff.phone = email_or_placeholder(None), None
    for kept in (RecoveryCode, SecondFactor):
        db.session.execute(delete(kept).where(kept.user_id == staff_id))
    _stamp(staff, actor)
    _keep_an_owner(was_owner)
    end_every_session(staff_id)
    record(
        "staff.remove",
        "staff",
        staff_id,
        actor=actor,
        changes=differences({"username": staff.username, **before}, {}),
        personal=differences(before_personal, {}),
    )


def locked_staff(staff_id: int, *, actor: Actor) -> Staff:
    """The administrator, for a change of him, once every other change of power has ended."""
    lock_roles()
    staff = db.session.get(Staff, staff_id, populate_existing=True)
    if staff is None:
        raise NotFound
    if staff.deleted_at:
        raise StaffRemoved
    if staff_id != actor.staff_id:
        _must_have(actor, grants_of(staff_id))
    return staff


def _apply(staff: Staff, wanted: Particulars, actor: Actor) -> None:
    if "display_name" in wanted:
        staff.display_name = check_display_name(wanted["display_name"])
    if "phone" in wanted:
        staff.phone = check_phone(wanted["phone"])
    if "email" in wanted:
        _change_email(staff, check_email(wanted["email"]))
    if "role" in wanted:
        _change_role(staff, wanted["role"], actor)
    if "store_ids" in wanted:
        _change_stores(staff, wanted["store_ids"], actor)
    if "is_active" in wanted:
        staff.active = bool(wanted["is_active"])


def _change_email(staff: Staff, email: str | None) -> None:
    if email == (staff.email and staff.own_email):
        return
    if email and email_is_taken(email, except_id=staff.id):
        raise EmailTaken
    staff.email = email_or_placeholder(email)


def _change_role(staff: Staff, name: str, actor: Actor) -> None:
    if name == staff.role:
        return
    role = db.session.scalars(select(Role).where(Role.name == name)).one_or_none()
    if role is None:
        raise Invalid(role=N_("There is no such role."))
    _must_have(actor, grants_of_role(name))
    if name == SUPER_ADMIN and actor.stores is not None:
        raise BeyondOwnRights
    staff.roles = [role]


def _change_stores(staff: Staff, store_ids: Collection[int] | None, actor: Actor) -> None:
    chosen = Store.is_open.is_(True) if store_ids is None else Store.id.in_(store_ids)
    stores = list(db.session.scalars(select(Store).where(chosen).order_by(Store.id)))
    if not stores or (store_ids is not None and len(stores) != len(set(store_ids))):
        raise Invalid(stores=N_("Choose at least one store that exists."))
    added = {store.id for store in stores} - {store.id for store in staff.stores}
    if not all(actor.reaches(store_id) for store_id in added):
        raise BeyondOwnRights
    staff.stores = stores


def _must_have(actor: Actor, grants: frozenset[Grant]) -> None:
    if actor.kind is not ActorKind.SYSTEM and not grants <= actor.grants:
        raise BeyondOwnRights


def _keep_an_owner(was_owner: bool) -> None:
    db.session.flush()
    if was_owner and not super_admins():
        raise LastSuperAdmin


def _stamp(staff: Staff, actor: Actor) -> None:
    staff.version = (staff.version or 1) + 1
    staff.changed_by_fk = actor.staff_id
    staff.changed_on = clock.real_now().replace(tzinfo=None)


def _facts(staff: Staff) -> dict[str, Any]:
    return {
        "role": staff.role,
        "stores": sorted(store.code for store in staff.stores),
        "is_active": bool(staff.active),
    }


def _personal(staff: Staff) -> dict[str, Any]:
    return {"display_name": staff.display_name, "phone": staff.phone, "email": staff.own_email}
