"""Named reads of the staff room: who somebody is, what he may do, where, and in which session."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from flask_appbuilder.security.sqla.models import (
    Role,
    assoc_user_role,
)
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal, or_, select
from sqlalchemy.orm import selectinload

from app.audit.models import OperationRecord
from app.core import alongside, clock
from app.core.connections import PLANNED_ONCE
from app.core.errors import N_, Invalid
from app.core.permissions import ROLES, SUPER_ADMIN
from app.core.recall import recalled
from app.extensions import db
from app.shop import queries as shop
from app.shop.models import Setting, Store
from app.shop.queries import StoreLine
from app.staff.models import (
    RecoveryCode,
    SecondFactor,
    SessionKind,
    SignInFailures,
    Staff,
    StaffSession,
)
from app.staff.rights import Rights, rights_of
from app.staff.rules import normal_name

NOBODY = 0  # the number of no administrator
PASSWORD_LASTS = timedelta(days=90)  # then its owner is reminded, not forced


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that is good now. staff: detached from the database session; his plain columns are loaded.

    must_set_up: his role demands a second factor that he does not have; until he has one he may do nothing else.
    alongside: what the request wants to know and was asked along (app/core/alongside.py).
    """

    staff: Staff
    rights: Rights
    session_id: int
    expires_at: datetime
    last_seen_at: datetime | None = None
    must_set_up: bool = False
    alongside: Mapping[str, Any] = field(default_factory=dict)


def find_by_username(username: str) -> Staff | None:
    """The administrator of that name, removed ones too; case does not count."""
    name = normal_name(username)
    # SQLite lowers ASCII letters only: the exact name must be found also where it does not.
    same = or_(Staff.username == name, func.lower(Staff.username) == name.lower())
    return db.session.scalars(select(Staff).where(same).order_by(Staff.username != name)).first()


@recalled
def number_of(username: str) -> int:
    """The number of an administrator; NOBODY's for a name that nobody has."""
    return db.session.scalar(select(Staff.id).where(Staff.username == username)) or NOBODY


def administrators(*, below: int | None, limit: int) -> list[Staff]:
    """Those who were not removed, newest first, with roles and stores. below: the id to go on from."""
    statement = select(Staff).where(Staff.deleted_at.is_(None)).order_by(Staff.id.desc()).limit(limit)
    if below is not None:
        statement = statement.where(Staff.id < below)
    return list(db.session.scalars(statement.options(selectinload(Staff.roles), selectinload(Staff.stores))))


def administrator(staff_id: int) -> Staff | None:
    """One of those who were not removed."""
    asked = literal(staff_id, BigInteger)  # the column is narrower than the ids that addresses take
    return db.session.scalars(select(Staff).where(Staff.id == asked, Staff.deleted_at.is_(None))).one_or_none()


def store_ids_named(codes: Collection[str] | None) -> list[int]:
    """The ids of the stores with these codes; None: of the only open one. Raises Invalid."""
    if codes is None:
        stores = open_stores()
        if len(stores) != 1:
            raise Invalid(stores=N_("Say which stores."))
        return [stores[0].id]
    known = dict(db.session.execute(select(Store.code, Store.id).where(Store.code.in_(codes))).all())
    if not codes or set(codes) - known.keys():
        raise Invalid(stores=N_("Choose at least one store that exists."))
    return list(known.values())


def email_is_taken(email: str, *, except_id: int | None = None) -> bool:
    same = select(Staff.id).where(func.lower(Staff.email) == email.lower(), Staff.id != (except_id or 0))
    return db.session.scalar(same.limit(1)) is not None


def role_names() -> list[str]:
    """Every role, those of the house first and in its order."""
    stored = db.session.scalars(select(Role.name).order_by(Role.name))
    return sorted(stored, key=lambda name: ROLES.index(name) if name in ROLES else len(ROLES))


def super_admins() -> list[int]:
    """The ids of those who can sign in as super administrators now."""
    mine = assoc_user_role.c
    statement = (
        select(Staff.id)
        .join(assoc_user_role, mine.user_id == Staff.id)
        .join(Role, Role.id == mine.role_id)
        .where(Role.name == SUPER_ADMIN, Staff.active.is_(True), Staff.deleted_at.is_(None))
    )
    return list(db.session.scalars(statement))


def open_stores(within: frozenset[int] | None = None) -> tuple[StoreLine, ...]:
    """The open stores within that reach; None: all of them."""
    return tuple(store for store in shop.open_stores() if within is None or store.id in within)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find_session(token: str, kind: SessionKind) -> SignedIn | None:
    """The session of that secret, if it has not ended and its owner may still sign in."""
    asked = {"token_hash": token_hash(token), "kind": kind, "now": clock.real_now()}
    is_page = kind is SessionKind.BROWSER
    row = db.session.execute(_session_asked(is_page), asked).one_or_none()
    if row is None:
        return None
    db.session.expunge(row.Staff)  # a rollback would empty it
    rights = Rights.of(row)
    must_set_up = not row.has_second_factor and _is_demanded(row.Staff.id, row.demanded)
    along = alongside.answers(row, is_page=is_page)
    return SignedIn(row.Staff, rights, row.id, row.expires_at, row.last_seen_at, must_set_up, along)


@lru_cache
def _session_asked(is_page: bool) -> Select:
    """Built once: every request asks it."""
    mine = StaffSession
    return (
        select(Staff, mine.id, mine.expires_at, mine.last_seen_at, *_second_factor_of(Staff.id), *rights_of(Staff.id))
        .add_columns(*alongside.columns(is_page=is_page))
        .join(StaffSession, mine.user_id == Staff.id)
        .where(
            mine.token_hash == bindparam("token_hash"),
            mine.kind == bindparam("kind"),
            mine.ended_at.is_(None),
            mine.expires_at > bindparam("now"),
            Staff.active.is_(True),
            Staff.deleted_at.is_(None),
        )
        .execution_options(**PLANNED_ONCE)
    )


def failure_keys(username: str | None, address: str | None) -> list[str]:
    """Under which keys a failure is counted. A name is hashed: what was typed there may be a password."""
    keys = [] if address is None else [f"address:{address}"]
    if username is not None:
        keys.append(f"name:{token_hash(normal_name(username).lower())}")
    return keys


def seconds_locked(username: str | None, address: str | None) -> int:
    """How long this name and address must still wait; 0 when they may try."""
    now = clock.real_now()
    keys = failure_keys(username, address)
    statement = select(func.max(SignInFailures.locked_until)).where(SignInFailures.key.in_(keys))
    until = db.session.scalar(statement)
    return 0 if until is None or until <= now else int((until - now).total_seconds()) + 1


def password_is_old(staff: Staff) -> bool:
    """Whether to remind an administrator to change his password."""
    changed_at = staff.password_changed_at
    return changed_at is not None and clock.real_now() - changed_at > PASSWORD_LASTS


class Done(NamedTuple):
    """What of an owner's first steps the facts of this room, and the records, say is done."""

    saw_methods: bool
    has_clerks: bool
    is_protected: bool


def done_by(staff_id: int) -> Done:
    """How far this owner has come with his first steps."""
    saw_methods = select(OperationRecord.id).where(OperationRecord.object_type == "payment-method").exists()
    staff = select(func.count()).select_from(Staff).where(Staff.deleted_at.is_(None)).scalar_subquery()
    return Done(*db.session.execute(select(saw_methods, staff > 1, _has_second_factor(staff_id))).one())


def second_factor_of(staff_id: int) -> SecondFactor | None:
    """What a person has set up."""
    return db.session.get(SecondFactor, staff_id, populate_existing=True)


def recovery_codes_left(staff_id: int) -> int:
    """How many codes on paper are still good."""
    left = select(func.count()).where(RecoveryCode.user_id == staff_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(left) or 0


def demands_second_factor(staff_id: int) -> bool:
    """Whether the owner demands a second factor of a role that this person has."""
    return _is_demanded(staff_id, db.session.scalar(_demanded_roles()))


def _second_factor_of(staff_id: Any) -> list[Any]:
    """Two more columns of a statement about a person, so that no request asks for them by itself."""
    demanded = _demanded_roles().scalar_subquery()
    return [_has_second_factor(staff_id).label("has_second_factor"), demanded.label("demanded")]


def _has_second_factor(staff_id: Any) -> ColumnElement[bool]:
    return select(SecondFactor.user_id).where(SecondFactor.user_id == staff_id).exists()


def _demanded_roles() -> Select[Any]:
    return select(Setting.value).where(Setting.name == "second_factor_roles")


def _is_demanded(staff_id: int, roles: Any) -> bool:
    if not roles:
        return False
    mine = assoc_user_role.c
    asked = select(Role.id).join(assoc_user_role, mine.role_id == Role.id).where(mine.user_id == staff_id)
    return db.session.scalar(asked.where(Role.name.in_(roles)).limit(1)) is not None


def own_sessions(staff_id: int) -> list[StaffSession]:
    """The sessions of a person that are open now, the newest first."""
    mine = select(StaffSession).where(StaffSession.user_id == staff_id, StaffSession.ended_at.is_(None))
    return list(
        db.session.scalars(mine.where(StaffSession.expires_at > clock.real_now()).order_by(StaffSession.id.desc()))
    )
