"""What each role may do, as the rooms declare it, and the one lock that every change of power takes first."""

from collections.abc import Collection, Mapping, Sequence
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
    _keep(Role, [{"name": role} for role in sorted(wanted)])
    lock_roles()
    stored = _stored()
    changes = {role: (stored.get(role, set()), set(pairs)) for role, pairs in wanted.items()}
    changes = {role: (before, after) for role, (before, after) in changes.items() if before != after}
    pairs = _pair_ids({pair for before, after in changes.values() for pair in before ^ after})
    roles = _ids_by_name(Role)
    for role, (before, after) in changes.items():
        _give(roles[role], [pairs[pair] for pair in sorted(after - before)])
        _take_away(roles[role], [pairs[pair] for pair in before - after])
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


def _give(role_id: int, pair_ids: Sequence[int]) -> None:
    rows = [{"role_id": role_id, "permission_view_id": pair_id} for pair_id in pair_ids]
    if rows:
        db.session.execute(insert(assoc_permissionview_role), rows)


def _take_away(role_id: int, pair_ids: Sequence[int]) -> None:
    link = assoc_permissionview_role.c
    db.session.execute(
        delete(assoc_permissionview_role).where(link.role_id == role_id, link.permission_view_id.in_(pair_ids))
    )


def _pair_ids(pairs: Collection[Pair]) -> dict[Pair, int]:
    """The numbers of pairs, which are made where they are missing."""
    _keep(Permission, [{"name": name} for name in sorted({permission for permission, _resource in pairs})])
    _keep(ViewMenu, [{"name": name} for name in sorted({resource for _permission, resource in pairs})])
    permissions, resources = _ids_by_name(Permission), _ids_by_name(ViewMenu)
    links = {pair: (permissions[pair[0]], resources[pair[1]]) for pair in sorted(pairs)}
    _keep(PermissionView, [{"permission_id": first, "view_menu_id": second} for first, second in links.values()])
    rows = db.session.execute(select(PermissionView.permission_id, PermissionView.view_menu_id, PermissionView.id))
    numbers = {(first, second): number for first, second, number in rows}
    return {pair: numbers[link] for pair, link in links.items()}


def _ids_by_name(model: Any) -> dict[str, int]:
    return {name: number for number, name in db.session.execute(select(model.id, model.name))}


def _keep(model: Any, rows: Sequence[Mapping[str, object]]) -> None:
    """Make the rows that are not there yet."""
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    if rows:
        db.session.execute(insert_(model.__table__).on_conflict_do_nothing(), list(rows))


def _plain(pairs: Collection[Pair]) -> list[str]:
    return [f"{resource}: {permission}" for permission, resource in sorted(pairs, key=lambda pair: pair[::-1])]
