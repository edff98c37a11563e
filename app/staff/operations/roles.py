"""What each role may do, as the rooms declare it, and the one lock that every change of power takes first."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.lines import Changes
from app.audit.operations import record
from app.core.actor import Actor
from app.core.db import is_postgresql
from app.core.permissions import SUPER_ADMIN
from app.extensions import db

Pair = tuple[str, str]


def lock_roles() -> None:
    """Wait for every other change of roles, status or membership to end.

    Two owners who demote each other at once must not leave none. SQLite has one writer anyway.
    """
    db.session.execute(select(Role.id).where(Role.name == SUPER_ADMIN).with_for_update())


def sync_roles(wanted: Mapping[str, Collection[Pair]], *, actor: Actor) -> Changes:
    """Make every role exactly what is wanted of it: (permission, resource) pairs by role name.

    Roles that are not named stay as they are. Returns what changed, by role.
    """
    for role in sorted(wanted):
        _keep(Role, role)
    lock_roles()
    stored = _stored()
    changes = {role: (stored.get(role, set()), set(pairs)) for role, pairs in wanted.items()}
    changes = {role: (before, after) for role, (before, after) in changes.items() if before != after}
    for role, (before, after) in changes.items():
        role_id = _id_of(Role, role)
        for pair in sorted(after - before):
            db.session.execute(
                insert(assoc_permissionview_role).values(role_id=role_id, permission_view_id=_pair_id(*pair))
            )
        _take_away(role_id, before - after)
    told = {role: (_plain(before), _plain(after)) for role, (before, after) in changes.items()}
    if told:
        record("staff.sync-roles", "role", None, actor=actor, changes=told)
    return told


def _stored() -> dict[str, set[Pair]]:
    rows = db.session.execute(
        select(Role.name, Permission.name, ViewMenu.name)
        .select_from(assoc_permissionview_role)
        .join(Role)
        .join(PermissionView)
        .join(Permission)
        .join(ViewMenu)
    )
    stored: dict[str, set[Pair]] = {}
    for role, permission, resource in rows:
        stored.setdefault(role, set()).add((permission, resource))
    return stored


def _take_away(role_id: int, pairs: set[Pair]) -> None:
    gone = [_pair_id(*pair) for pair in pairs]
    link = assoc_permissionview_role.c
    db.session.execute(
        delete(assoc_permissionview_role).where(link.role_id == role_id, link.permission_view_id.in_(gone))
    )


def _pair_id(permission: str, resource: str) -> int:
    for model, name in ((Permission, permission), (ViewMenu, resource)):
        _keep(model, name)
    ids = {"permission_id": _id_of(Permission, permission), "view_menu_id": _id_of(ViewMenu, resource)}
    _insert_once(PermissionView, ids)
    return db.session.execute(select(PermissionView.id).filter_by(**ids)).scalar_one()


def _keep(model: Any, name: str) -> None:
    if db.session.execute(select(model.id).where(model.name == name)).scalar() is None:
        _insert_once(model, {"name": name})


def _id_of(model: Any, name: str) -> int:
    return db.session.execute(select(model.id).where(model.name == name)).scalar_one()


def _insert_once(model: Any, values: Mapping[str, object]) -> None:
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    db.session.execute(insert_(model.__table__).values(**values).on_conflict_do_nothing())


def _plain(pairs: Collection[Pair]) -> list[str]:
    return [f"{resource}: {permission}" for permission, resource in sorted(pairs, key=lambda pair: pair[::-1])]
