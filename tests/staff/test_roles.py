"""`flask roles sync` stores what the rooms grant, and nothing else."""

import json
import secrets

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import ROLES
from app.extensions import db
from app.staff.operations import sync_roles


def stored(role: str) -> set[tuple[str, str]]:
    db.session.rollback()
    row = db.session.execute(select(Role).where(Role.name == role)).scalar_one()
    return {(pair.permission.name, pair.view_menu.name) for pair in row.permissions}


def sync(wanted: dict[str, set[tuple[str, str]]]):
    return in_transaction(lambda: sync_roles(wanted, actor=Actor.system("test")))


def test_every_role_of_the_house_exists_after_the_first_sync(app):
    assert set(ROLES) <= set(db.session.execute(select(Role.name)).scalars())


def test_syncing_again_changes_nothing_and_records_nothing(app):
    answer = app.test_cli_runner().invoke(args=["roles", "sync", "--json"], catch_exceptions=False)
    assert json.loads(answer.output) == {"changed": []}


def test_a_role_becomes_exactly_what_is_wanted_of_it(app):
    name = f"role-{secrets.token_hex(4)}"
    sync({name: {("can_view", "things"), ("can_edit", "things")}})
    assert stored(name) == {("can_view", "things"), ("can_edit", "things")}

    sync({name: {("can_view", "things"), ("can_remove", "things")}})
    assert stored(name) == {("can_view", "things"), ("can_remove", "things")}


def test_a_change_of_a_role_leaves_its_record(app):
    name = f"role-{secrets.token_hex(4)}"
    sync({name: {("can_view", "things")}})
    told = select(OperationRecord).filter_by(operation="staff.sync-roles").order_by(OperationRecord.id.desc())
    assert db.session.scalars(told).first().changes == {name: [[], ["things: can_view"]]}
