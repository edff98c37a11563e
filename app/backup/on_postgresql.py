"""Replacing the tables of PostgreSQL: built in a schema of their own, proved, and exchanged, in one transaction."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace as changed
from datetime import UTC, datetime

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError

from app.backup.building import Built, build_again
from app.backup.reading import BackupFile
from app.backup.refusals import BackupRefused
from app.core.connections import APPLICATION
from app.core.revisions import PREPARING, revision
from app.extensions import db

IN_USE = "The database is in use ({}). Stop the desk and whatever else has it open, and try again."
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = :name AND pid <> pg_backend_pid()"
)
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename")
STATISTICS = text("SELECT stxname FROM pg_statistic_ext WHERE stxnamespace = CAST(:schema AS regnamespace) ORDER BY 1")
FUNCTIONS = text(
    "SELECT DISTINCT proname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE relnamespace = CAST(:schema AS regnamespace) AND pronamespace = relnamespace AND NOT tgisinternal"
)


def replace(backup: BackupFile) -> Built:
    """Put the backup in place of the present tables, which are kept in a schema before_restore_TIME. See `restore`."""
    with db.engine.connect() as connection, connection.begin():
        home = _take(connection)
        with _scratch(connection) as scratch:
            built = build_again(connection, backup)
        kept = _exchange(connection, home, scratch)
        return changed(built, kept=kept)


def try_out(backup: BackupFile) -> Built:
    """Build it in a schema that no other session ever sees: the transaction is not committed."""
    with db.engine.connect() as connection, _scratch(connection):
        return build_again(connection, backup)


@contextmanager
def _scratch(connection: Connection) -> Iterator[str]:
    """A schema where the tables of the product are looked for meanwhile."""
    name = f"restoring_{secrets.token_hex(4)}"
    for limit in LIMITS:
        connection.execute(text(f"SET LOCAL {limit} = 0"))
    former = connection.scalar(text("SELECT current_setting('search_path')"))
    connection.execute(text(f"CREATE SCHEMA {name}"))
    connection.execute(text(f"SET LOCAL search_path = {name}"))
    yield name
    connection.execute(text("SELECT set_config('search_path', :former, true)"), {"former": former})


def claim(connection: Connection) -> str:
    """Make sure that nobody else is at work in that database; returns the schema that is used. Raises BackupRefused.

    Those who prepare, restore or move stay out until the transaction ends.
    """
    for limit in LIMITS:
        connection.execute(text(f"SET LOCAL {limit} = 0"))
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:number)"), {"number": PREPARING}):
        raise BackupRefused(IN_USE.format("it is being prepared, restored or moved to"))
    if others := connection.scalar(OTHERS, {"name": APPLICATION}):
        raise BackupRefused(IN_USE.format(f"{others} connections"))
    home = connection.scalar(text("SELECT current_schema()"))
    if home is None:
        raise BackupRefused("The schema that the address names in search_path does not exist. Create it first.")
    return str(home)


def _take(connection: Connection) -> str:
    """Keep everybody else out; returns the schema of the present tables. Raises BackupRefused."""
    home = claim(connection)
    tables = _names(connection, TABLES, home)
    if tables and revision(connection) is None:
        raise BackupRefused("The database has tables, but not those of Prepaid Desk. Give it a database of its own.")
    for table in tables:
        _lock(connection, table)
    return home


def _lock(connection: Connection, table: str) -> None:
    """Nobody reads or writes it until the end. What waits for it finds the new table then, by its name."""
    try:
        connection.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT"))
    except DBAPIError as failure:
        if getattr(failure.orig, "sqlstate", None) == "55P03":
            raise BackupRefused(IN_USE.format("another program has it open")) from None
        raise


def _exchange(connection: Connection, home: str, scratch: str) -> str | None:
    """Move the present tables out and the new ones in. Returns the schema that keeps the former ones."""
    kept = f"before_restore_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
    connection.execute(text(f"CREATE SCHEMA {kept}"))
    moved = _move(connection, home, kept)
    _move(connection, scratch, home)
    connection.execute(text(f"DROP SCHEMA {scratch}"))
    if not moved:
        connection.execute(text(f"DROP SCHEMA {kept}"))
    return kept if moved else None


def _move(connection: Connection, source: str, target: str) -> int:
    asked = {"TABLE": TABLES, "FUNCTION": FUNCTIONS, "STATISTICS": STATISTICS}
    found = {kind: _names(connection, ask, source) for kind, ask in asked.items()}
    source, target = _quoted(connection, source), _quoted(connection, target)
    for kind, names in found.items():
        for name in names:
            connection.execute(text(f"ALTER {kind} {source}.{name} SET SCHEMA {target}"))
    return len(found["TABLE"])


def _names(connection: Connection, ask: TextClause, schema: str) -> list[str]:
    return [_quoted(connection, name) for name in connection.scalars(ask, {"schema": schema})]


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
