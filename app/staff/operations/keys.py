"""Keys of programs: made by an owner for one role and some stores, revoked for good."""

from collections.abc import Collection
from datetime import datetime

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import func, select

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import N_, Invalid, NotFound
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.shop.models import Store
from app.staff.models import ApiKey
from app.staff.operations.roles import lock_roles
from app.staff.refusals import BeyondOwnRights, KeyNameTaken
from app.staff.rights import grants_of_role
from app.staff.rules import check_key_name


def make_key(
    name: str,
    *,
    key_hash: str,
    role: str,
    store_ids: Collection[int],
    actor: Actor,
    expires_at: datetime | None = None,
) -> int:
    """Let a program work under that name, with the rights of a role in some stores. Returns the key's id.

    key_hash: of the secret, which is nowhere here. Raises Invalid, KeyNameTaken (a revoked key keeps its name),
    BeyondOwnRights.
    """
    name = check_key_name(name)
    lock_roles()
    if db.session.scalar(select(ApiKey.id).where(func.lower(ApiKey.name) == name.lower())):
        raise KeyNameTaken
    if expires_at is not None and expires_at <= clock.real_now():
        raise Invalid(expires_on=N_("This day is over."))
    stores = _within_reach(role, store_ids, actor)
    key = ApiKey(
        name=name, role=role, key_hash=key_hash, made_at=clock.real_now(), expires_at=expires_at, stores=stores
    )
    db.session.add(key)
    db.session.flush()
    facts = {"name": name, "role": role, "stores": sorted(store.code for store in stores), "expires_at": expires_at}
    changes = {field: (None, value) for field, value in facts.items() if value is not None}
    record("staff.make-key", "api-key", key.id, actor=actor, changes=changes)
    return key.id


def revoke_key(key_id: int, *, actor: Actor) -> None:
    """Let nobody in by that key any more. Doing it again does nothing. Raises NotFound."""
    key = db.session.get(ApiKey, key_id, populate_existing=True, with_for_update=True)
    if key is None:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = clock.real_now()
        record("staff.revoke-key", "api-key", key_id, actor=actor, changes={"name": (key.name, None)})


def _within_reach(role: str, store_ids: Collection[int], actor: Actor) -> list[Store]:
    """The stores of the new key. Nobody gives away more than he has."""
    if db.session.scalar(select(Role.id).where(Role.name == role)) is None:
        raise Invalid(role=N_("There is no such role."))
    stores = list(db.session.scalars(select(Store).where(Store.id.in_(store_ids)).order_by(Store.id)))
    if not stores or len(stores) != len(set(store_ids)):
        raise Invalid(stores=N_("Choose at least one store that exists."))
    if actor.kind is ActorKind.SYSTEM:
        return stores
    is_everywhere = role == SUPER_ADMIN and actor.stores is not None
    if is_everywhere or not grants_of_role(role) <= actor.grants or not all(actor.reaches(s.id) for s in stores):
        raise BeyondOwnRights
    return stores
