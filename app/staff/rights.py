"""What a person may do and where: the sum of what his roles permit, and his stores, asked for in every request."""

from functools import lru_cache
from typing import Any, NamedTuple, Self

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from sqlalchemy import ColumnElement, Label, Row, Select, Text, cast, func, literal, select

from app.core.actor import Actor, ActorKind
from app.core.permissions import SUPER_ADMIN, Action, Grant
from app.extensions import db
from app.staff.models import ApiKey, Staff, api_key_store, staff_store

KNOWN_TEXTS = 64  # of what roles permit, each a few kilobytes
_LINK = assoc_permissionview_role
_ACTIONS = {f"can_{action}": action for action in Action}


class Rights(NamedTuple):
    """What a person may do and where, as the database says it: a line for each permission and each store."""

    permitted: str | None
    is_everywhere: bool
    stores: str | None

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Those in the row of a statement that has these columns among others."""
        return cls(*(getattr(row, name) for name in cls._fields))

    @property
    def grants(self) -> frozenset[Grant]:
        return _grants(self.permitted)

    @property
    def store_ids(self) -> frozenset[int] | None:
        """None: every store."""
        return None if self.is_everywhere else frozenset(map(int, (self.stores or "").split()))


def actor_for(staff: Staff, address: str | None, rights: Rights | None = None) -> Actor:
    """The actor that a signed-in administrator is, with what he may do and where. rights: when they are known."""
    known = rights or _known(staff.id)
    return Actor(ActorKind.STAFF, staff.id, staff.username, known.grants, known.store_ids, address)


def actor_now(staff_id: int) -> Actor | None:
    """The actor that an administrator is now, away from any request; None when he may not sign in any more."""
    mine = select(Staff).where(Staff.id == staff_id, Staff.active.is_(True), Staff.deleted_at.is_(None))
    staff = db.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
    return actor_for(staff, None) if staff else None


def grants_of_role(role: str) -> frozenset[Grant]:
    """What one role permits; nothing when there is no such role."""
    return _grants(db.session.scalar(_permitted().join(Role, Role.id == _LINK.c.role_id).where(Role.name == role)))


def grants_of(staff_id: int) -> frozenset[Grant]:
    """What the roles of an administrator sum up to."""
    return _known(staff_id).grants


def _known(staff_id: int) -> Rights:
    return Rights(*db.session.execute(select(*rights_of(literal(staff_id)))).one())


def rights_of(staff_id: ColumnElement[int]) -> list[Label[Any]]:
    """The columns of `Rights` in a statement about a person."""
    mine, his = assoc_user_role.c, staff_store.c
    permitted = _permitted().join(assoc_user_role, mine.role_id == _LINK.c.role_id).where(mine.user_id == staff_id)
    is_super = (mine.user_id == staff_id, Role.name == SUPER_ADMIN)
    is_everywhere = select(Role.id).join(assoc_user_role, mine.role_id == Role.id).where(*is_super).exists()
    stores = select(func.aggregate_strings(cast(his.store_id, Text), "\n")).where(his.user_id == staff_id)
    return _named(permitted.scalar_subquery(), is_everywhere, stores.scalar_subquery())


def rights_of_key() -> list[Label[Any]]:
    """The columns of `Rights` in a statement about a key of a program."""
    mine = api_key_store.c
    permitted = _permitted().join(Role, Role.id == _LINK.c.role_id).where(Role.name == ApiKey.role)
    stores = select(func.aggregate_strings(cast(mine.store_id, Text), "\n")).where(mine.key_id == ApiKey.id)
    return _named(permitted.scalar_subquery(), ApiKey.role == SUPER_ADMIN, stores.scalar_subquery())


def _named(*columns: ColumnElement[Any]) -> list[Label[Any]]:
    return [column.label(name) for name, column in zip(Rights._fields, columns, strict=True)]


def _permitted() -> Select[str]:
    """All that roles permit in one text: a line like "can_view customers" for each."""
    return (
        select(func.aggregate_strings(Permission.name + " " + ViewMenu.name, "\n"))
        .join(PermissionView, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .join(_LINK, _LINK.c.permission_view_id == PermissionView.id)
    )


@lru_cache(KNOWN_TEXTS)
def _grants(permitted: str | None) -> frozenset[Grant]:
    """The grants of such a text. The text is asked for in every request; only reading it is spared."""
    lines = (line.split(" ", 1) for line in (permitted or "").splitlines())
    return frozenset(Grant(_ACTIONS[name], resource) for name, resource in lines if name in _ACTIONS)
