"""`flask stores`: stores from the command line."""

import json

import click
from flask.cli import AppGroup

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import Invalid, Refused
from app.shop import operations, queries

stores = AppGroup("stores", help="Stores: the places where money is taken.")


@stores.command("create")
@click.argument("code")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Answer JSON.")
def create(code: str, name: str, as_json: bool) -> None:
    """Open a store."""
    actor = Actor.system("flask stores create")
    try:
        store_id = in_transaction(lambda: operations.create_store(code, name, actor=actor))
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    except Invalid as invalid:
        raise click.UsageError(" ".join(map(str, invalid.errors.values()))) from None
    click.echo(json.dumps({"id": store_id, "code": code}) if as_json else f"Store {code} is open.")


@stores.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer JSON.")
def list_(as_json: bool) -> None:
    """Show every store."""
    found = queries.all_stores()
    if as_json:
        click.echo(json.dumps([store._asdict() for store in found], ensure_ascii=False))
        return
    for store in found:
        click.echo(f"{store.code}\t{store.name}\t{'open' if store.is_open else 'closed'}")
