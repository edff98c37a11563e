"""Commands that concern the whole house; those of one room are listed in its feature."""

import copy
import json
import sys
from functools import partial
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.feature import permissions_by_role
from app.core.revisions import revision, wanted_revision
from app.extensions import db
from app.features import enabled
from app.staff.operations import sync_roles

NOT_OURS = ("flask_appbuilder.cli", "fab"), ("flask_limiter.commands", "cli")
NOT_OURS_TEXT = "This command of the framework writes past the records of the house. Use: flask --app run staff, roles"
NOT_PREPARED = "The database is not prepared for this version. Start the desk once, or run: flask --app run prepare"


class HouseCommands(AppGroup):
    """All commands of the house. On a database without its tables they say so, instead of how SQL puts it."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is None:
            return None
        shown = copy.copy(found)  # a command is the same object in every house of this process
        shown.invoke = partial(_explaining, found)  # type: ignore[method-assign]
        return shown


def put_away_the_frameworks() -> None:
    """Hide the commands that the framework brings along, and stop who calls one: they change what no record tells."""
    groups = [getattr(sys.modules[module], name) for module, name in NOT_OURS if module in sys.modules]
    for group in groups:
        group.hidden = True
    context = click.get_current_context(silent=True)
    while context is not None:
        if context.command in groups:
            sys.exit(NOT_OURS_TEXT)
        context = context.parent


def _explaining(command: click.Command, ctx: click.Context) -> Any:
    try:
        return command.invoke(ctx)
    except DBAPIError:
        if not _is_unprepared(ctx.ensure_object(ScriptInfo)):
            raise
    click.echo(NOT_PREPARED, err=True)
    sys.exit(1)


def _is_unprepared(info: ScriptInfo) -> bool:
    try:
        with info.load_app().app_context(), db.engine.connect() as connection:
            return revision(connection) != wanted_revision()
    except DBAPIError:
        return False


roles = AppGroup("roles", help="What each role may do.")


@roles.command("sync")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def sync(as_json: bool) -> None:
    """Store what the enabled rooms grant to each role. Running it again changes nothing."""
    rooms = enabled(current_app.config["ENABLED_FEATURES"])
    wanted = permissions_by_role(rooms)
    changed = sorted(in_transaction(lambda: sync_roles(wanted, actor=Actor.system("flask roles sync"))))
    if as_json:
        click.echo(json.dumps({"changed": changed}))
    else:
        click.echo(f"Changed: {', '.join(changed)}" if changed else "Nothing to change.")


COMMANDS = (roles,)
