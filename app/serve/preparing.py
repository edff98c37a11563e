"""What happens to the database before the first request: migrations, roles, the first administrator."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from app.core.actor import Actor
from app.core.db import in_transaction, is_postgresql
from app.core.errors import Invalid, Refused
from app.core.feature import permissions_by_role
from app.extensions import db
from app.features import enabled
from app.ledger.proofs import missing_guards
from app.serve import readiness
from app.shop.operations import change_store
from app.shop.queries import all_stores
from app.staff.first_admin import ensure_first_admin
from app.staff.operations import sync_roles

PREPARING = 7_233_010  # the number of the lock that one preparing process holds on PostgreSQL
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
    wanted = readiness.wanted_revision()
    with db.engine.connect() as connection:
        found = readiness.revision(connection)
        is_foreign = found is None and bool(inspect(connection).get_table_names())
    if found == wanted:
        return
    if is_foreign:
        raise CannotStart("the database has tables, but not those of Prepaid Desk. Give it a database of its own.")
    if found is not None:
        if not readiness.is_known(found):
            raise CannotStart(f"the database is of a newer version ({found}). Start that one, or restore a backup.")
        click.echo(_back_up(found, wanted))
    upgrade()
    click.echo(f"The database is migrated to {wanted}.")


def _back_up(found: str, wanted: str) -> str:
    """Copy a SQLite file as it is before the migration; returns the sentence to show."""
    if is_postgresql():
        return f"Migrating from {found} to {wanted}. A backup of PostgreSQL is yours to make: none is made here."
    source = Path(db.engine.url.database or "")
    folder = source.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-{wanted}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
        if new.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise CannotStart(f"the backup {copy} is damaged, so the database was not migrated.")
    return f"The database was backed up to {copy}"


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
