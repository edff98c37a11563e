"""Keys of programs: which there are, and who a program is that shows one."""

import secrets

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.staff.models import ApiKey, api_key_store
from app.staff.queries import token_hash
from app.staff.rights import grants_of_role

# By it a key is told from the token of a session, and found when it lies where it should not.
PREFIX = "pdk_"


def new_key() -> str:
    """The secret of a new key: 256 random bits behind a mark. To be shown once; only its hash is kept."""
    return PREFIX + secrets.token_urlsafe(32)


def api_keys() -> list[ApiKey]:
    """Every key that was ever made, those that are good first, then the newest first."""
    ask = select(ApiKey).options(selectinload(ApiKey.stores))
    return list(db.session.scalars(ask.order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())))


def api_key(key_id: int) -> ApiKey | None:
    return db.session.get(ApiKey, key_id)


def find_key(secret: str) -> ApiKey | None:
    """The key of that secret, if it is good now; detached, its plain columns are loaded."""
    now = clock.real_now()
    in_time = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now)
    ask = select(ApiKey).where(ApiKey.key_hash == token_hash(secret), ApiKey.revoked_at.is_(None), in_time)
    key = db.session.scalars(ask.execution_options(populate_existing=True)).one_or_none()
    if key is not None:
        db.session.expunge(key)
    return key


def actor_for_key(key: ApiKey, address: str | None) -> Actor:
    """The actor that a program is: the rights of the key's role but those about a person's own account."""
    grants = frozenset(grant for grant in grants_of_role(key.role) if grant.resource != "profile")
    mine = api_key_store.c
    given = frozenset(db.session.scalars(select(mine.store_id).where(mine.key_id == key.id)))
    return Actor(ActorKind.API_KEY, key.id, key.name, grants, None if key.role == SUPER_ADMIN else given, address)
