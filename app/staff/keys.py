"""Keys of programs: which there are, and who a program is that shows one."""

import secrets
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import selectinload

from app.core import alongside, clock
from app.core.actor import Actor, ActorKind
from app.core.connections import PLANNED_ONCE
from app.extensions import db
from app.staff.models import ApiKey
from app.staff.queries import token_hash
from app.staff.rights import Rights, rights_of_key

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


class KnownKey(NamedTuple):
    """A key that is good now; detached, its plain columns are loaded. alongside: as in `queries.SignedIn`."""

    key: ApiKey
    rights: Rights
    alongside: Mapping[str, Any]


def find_key(secret: str) -> KnownKey | None:
    """The key of that secret, if it is good now."""
    asked = {"key_hash": token_hash(secret), "now": clock.real_now()}
    row = db.session.execute(_key_asked(), asked).one_or_none()
    if row is None:
        return None
    db.session.expunge(row.ApiKey)
    rights = Rights.of(row)
    return KnownKey(row.ApiKey, rights, alongside.answers(row, is_page=False))


@lru_cache
def _key_asked() -> Select:
    """Built once: every request of a program asks it."""
    in_time = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > bindparam("now"))
    return (
        select(ApiKey, *rights_of_key(), *alongside.columns(is_page=False))
        .where(ApiKey.key_hash == bindparam("key_hash"), ApiKey.revoked_at.is_(None), in_time)
        .execution_options(populate_existing=True, **PLANNED_ONCE)
    )


def actor_for_key(known: KnownKey, address: str | None) -> Actor:
    """The actor that a program is: the rights of the key's role but those about a person's own account."""
    grants = frozenset(grant for grant in known.rights.grants if grant.resource != "profile")
    return Actor(ActorKind.API_KEY, known.key.id, known.key.name, grants, known.rights.store_ids, address)
