"""Commands that concern the whole house; those of one room are listed in its feature."""

import json

import click
from flask import current_app
from flask.cli import AppGroup

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.feature import permissions_by_role
from app.features import enabled
from app.staff.operations import sync_roles

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
