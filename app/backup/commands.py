"""`flask backup`: make, list, restore and try out backups. Exit 0: done; 1: refused, nothing changed; 2: bad call."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError

from app.backup.building import Built
from app.backup.leaving import export_all
from app.backup.making import create, folder, new_name
from app.backup.moving import is_target, move
from app.backup.reading import opened
from app.backup.refusals import BackupRefused
from app.backup.replacing import drill, restore

backup_group = AppGroup("backup", help="Copies of all data, and the way back.")
as_json_option = click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
Answer = TypeVar("Answer")
_existing = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@backup_group.command("create")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE when it exists.")
@as_json_option
def create_command(file: Path | None, force: bool, as_json: bool) -> None:
    """Write all tables to FILE (by default a new one in the folder of backups), while the desk serves."""
    if file and not file.parent.is_dir():
        raise click.BadParameter(f"{file.parent} is no folder.", param_hint="FILE")
    path = file or new_name("backup")
    made = _or_refuse(lambda: create(path, may_replace=force))
    told = _summary(path) | {"tables": {table.name: table.rows for table in made.tables}}
    _tell(told, f"{path}: {made.rows} rows of {len(made.tables)} tables.", as_json)


@backup_group.command("restore")
@click.argument("file", type=_existing)
@click.option("--over-failed-proofs", is_flag=True, help="Even though the nightly proofs of the present data failed.")
@as_json_option
def restore_command(file: Path, over_failed_proofs: bool, as_json: bool) -> None:
    """Put FILE in place of the present data, which are kept. Stop the desk first."""
    built = _or_refuse(lambda: restore(file, over_failed_proofs=over_failed_proofs))
    _tell_built(built, as_json, "Restored")


@backup_group.command("drill")
@click.argument("file", type=_existing)
@as_json_option
def drill_command(file: Path, as_json: bool) -> None:
    """Restore FILE to a scratch place, prove it there, and remove it again."""
    _tell_built(_or_refuse(lambda: drill(file)), as_json, "Could be restored")


@backup_group.command("list")
@as_json_option
def list_command(as_json: bool) -> None:
    """The backups in the folder of backups, newest first."""
    found = [_or_damaged(path) for path in folder().glob("*.zip")]
    found.sort(key=lambda one: str(one.get("created_at", "")), reverse=True)
    lines = [
        f"{one['file']}  {one['damaged']}"
        if "damaged" in one
        else f"{one['file']}  {one['created_at']}  {one['revision']}  {one['rows']} rows  {one['bytes']} bytes"
        for one in found
    ]
    _tell({"backups": found}, "\n".join(lines) or "There are no backups.", as_json)


@click.command("db-move")
@click.option("--to", "url", required=True, help="postgresql+psycopg://... of an empty database or schema.")
@as_json_option
@with_appcontext
def db_move_command(url: str, as_json: bool) -> None:
    """Move this shop from SQLite to PostgreSQL, compared and proved on both sides. Stop the desk first."""
    if not is_target(url):
        raise click.BadParameter("it must begin with postgresql+psycopg://", param_hint="--to")
    moved = _or_refuse(lambda: move(url))
    line = (
        f"Moved: {moved.rows} rows of {moved.tables} tables, the same counts and checksums on both sides; every proof "
        f"of the ledger holds there as here. Set DATABASE_URL to it, keep SECRET_KEY, SEAL_KEY and FIELD_KEYS, and "
        f"start the desk."
    )
    _tell(asdict(moved), line, as_json)


@click.command("export-all")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@as_json_option
@with_appcontext
def export_all_command(folder: Path, as_json: bool) -> None:
    """Write all data as CSV files for people into FOLDER, which must be new or empty."""
    written = _or_refuse(lambda: export_all(folder))
    told = "\n".join(f"{folder / name}.csv: {rows} rows" for name, rows in written.items())
    _tell({"folder": str(folder), "rows": written}, told, as_json)


def _summary(path: Path) -> dict[str, Any]:
    with opened(path) as backup:
        manifest = backup.manifest
    told = {name: getattr(manifest, name) for name in ("created_at", "product", "revision", "source", "rows")}
    return {"file": str(path), **told, "bytes": path.stat().st_size}


def _or_damaged(path: Path) -> dict[str, Any]:
    try:
        return _summary(path)
    except BackupRefused as refusal:
        return {"file": str(path), "damaged": str(refusal)}


def _or_refuse(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except BackupRefused as refusal:
        reason = str(refusal)
    except (DBAPIError, OSError) as failure:
        reason = str(getattr(failure, "orig", failure)).strip().partition("\n")[0]
    click.echo(reason, err=True)
    sys.exit(1)


def _tell(told: dict[str, Any], line: str, as_json: bool) -> None:
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else line)


def _tell_built(built: Built, as_json: bool, done: str) -> None:
    line = f"{done}: {built.rows} rows of {built.tables} tables; every proof of the ledger holds."
    if built.migrated_to != built.revision:
        line += f" Migrated from {built.revision} to {built.migrated_to}."
    if built.kept:
        line += f" The former data are kept in {built.kept}."
    _tell(asdict(built), line, as_json)
