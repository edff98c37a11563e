"""What happens to the database before the first request: migrations, roles, the first administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.backup.making import create, new_name
from app.backup.refusals import BackupRefused
from app.core.actor import Actor
from app.core.db import in_transaction, is_postgresql
from app.core.errors import Invalid, Refused
from app.core.feature import permissions_by_role
from app.core.revisions import PREPARING, is_known, revision, wanted_revision
from app.extensions import db
from app.features import enabled
from app.ledger.proofs import missing_guards
from app.shop.operations import change_store
from app.shop.queries import all_stores
from app.staff.first_admin import ensure_first_admin
from app.staff.operations import sync_roles

LIMITS = ("lock_timeout", "statement_timeout")


# What the migration calls "Main store", in the languages of shops that do not read English.
FIRST_STORE = {"zh": "总店", "zh_Hant_TW": "總店"}


class CannotStart(Exception):
    """Why the house stays closed, as a sentence."""


def prepare(app: Flask) -> None:
    """Make the database ready for this version: reach it, back it up and migrate it, then roles and the owner.

    Doing it again changes nothing. Several processes may do it at once on PostgreSQL. Raises CannotStart.
    """
    with app.app_context():
        _reach()
        with _alone():
            _migrate()
            _check_guards()
            _open_rooms(app)
            _ensure_owner(app)
        db.session.remove()


def _reach() -> None:
    url = db.engine.url
    try:
        if url.database and not is_postgresql():
            Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with db.engine.connect() as connection:
            has_schema = not is_postgresql() or connection.scalar(text("SELECT current_schema()"))
    except (DBAPIError, OSError) as failure:
        said = str(getattr(failure, "orig", failure)).strip().partition("\n")[0]
        shown = url.render_as_string(hide_password=True)
        raise CannotStart(f"the database {shown} cannot be reached ({said}).") from None
    if not has_schema:
        raise CannotStart("the schema that DATABASE_URL names in search_path does not exist. Create it first.")


@contextmanager
def _alone() -> Iterator[None]:
    """One process prepares a PostgreSQL database at a time; whoever comes later finds the work done."""
    if not is_postgresql():
        yield
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for limit in LIMITS:  # the one who goes first may take long
            connection.execute(text(f"SET {limit} = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": PREPARING})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": PREPARING})
            for limit in LIMITS:
                connection.execute(text(f"RESET {limit}"))


def _migrate() -> None:
    wanted = wanted_revision()
    with db.engine.connect() as connection:
        found = revision(connection)
        is_foreign = found is None and bool(inspect(connection).get_table_names())
    if found == wanted:
        return
    if is_foreign:
        raise CannotStart("the database has tables, but not those of Prepaid Desk. Give it a database of its own.")
    if found is not None:
        if not is_known(found):
            raise CannotStart(f"the database is of a newer version ({found}). Start that one, or restore a backup.")
        click.echo(_back_up(wanted))
    upgrade()
    click.echo(f"The database is migrated to {wanted}.")


def _back_up(wanted: str) -> str:
    """Back up the data as they are before the migration; returns the sentence to show."""
    try:
        path = new_name(f"before-{wanted}")
        create(path)
    except (BackupRefused, OSError) as failure:
        raise CannotStart(f"the database was not migrated, for it could not be backed up: {failure}") from None
    return f"The database was backed up to {path}"


def _check_guards() -> None:
    with db.engine.connect() as connection:
        missing = missing_guards(connection)
    if missing:
        raise CannotStart(
            f"history is not protected: the database lacks the triggers {', '.join(missing)}. "
            "Restore a backup, or put them back as migrations/versions/2026_11_21_guard_history.py makes them."
        )


def _open_rooms(app: Flask) -> None:
    wanted = permissions_by_role(enabled(app.config["ENABLED_FEATURES"]))
    actor = Actor.system("start")
    if changed := in_transaction(lambda: sync_roles(wanted, actor=actor)):
        click.echo(f"What these roles may do was brought up to date: {', '.join(sorted(changed))}.")


def _ensure_owner(app: Flask) -> None:
    try:
        made = ensure_first_admin(app.config["ADMIN_USERNAME"], app.config["ADMIN_PASSWORD"])
    except Invalid as fault:
        raise CannotStart(f"ADMIN_USERNAME and ADMIN_PASSWORD: {' '.join(map(str, fault.errors.values()))}") from None
    except Refused as refusal:
        raise CannotStart(f"ADMIN_USERNAME: {refusal}") from None
    if made:
        _name_first_store(app.config["BABEL_DEFAULT_LOCALE"])
        click.echo(f"\nThe first administrator was made. User name: {made.username}")
        if made.new_password:
            click.echo(f"Password: {made.new_password}   (shown this once; change it after signing in)")
        click.echo()


def _name_first_store(locale: str) -> None:
    first = all_stores()[0]
    if name := FIRST_STORE.get(locale):
        actor = Actor.system("start")
        in_transaction(lambda: change_store(first.id, name=name, is_open=first.is_open, actor=actor))
