"""`flask sealed`: a new key, and sealing everything again with it."""

import sys

import click
from flask.cli import AppGroup

from app.core.actor import Actor
from app.core.db import dump_json
from app.core.errors import Unavailable
from app.core.sealed import new_key
from app.sealing.rotation import Rotation, rotate

ACTOR = Actor.system("flask sealed rotate")

sealed_group = AppGroup("sealed", help="Values that nobody may read in the database: ID numbers, passwords of lines.")


@sealed_group.command("key")
def key_command() -> None:
    """Print a new key, to be put in front of the others in FIELD_KEYS."""
    click.echo(new_key())


@sealed_group.command("rotate")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def rotate_command(as_json: bool) -> None:
    """Seal everything again with the first key of FIELD_KEYS. Exit 1 when something cannot be read with any of them."""
    try:
        done = rotate(actor=ACTOR)
    except Unavailable:
        click.echo("The database is busy. Run it again: it goes on where it is.", err=True)
        sys.exit(1)
    click.echo(dump_json(_plain(done)) if as_json else "\n".join(_told(done)))
    sys.exit(1 if done.lost else 0)


def _plain(done: Rotation) -> dict[str, object]:
    columns = {name: {"rows": count, "unreadable": done.unreadable[name]} for name, count in done.rows.items()}
    return {"rows": done.total, "unreadable": done.lost, "columns": columns}


def _told(done: Rotation) -> list[str]:
    lines = [f"{name}: {count} sealed again" for name, count in done.rows.items() if count]
    lines += [
        f"{name}: {count} cannot be read with any of FIELD_KEYS: the key that sealed them is missing"
        for name, count in done.unreadable.items()
        if count
    ]
    if not done.lost:
        lines.append(f"{done.total} values sealed again. Only the first key is needed now.")
    return lines
