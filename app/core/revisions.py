"""Which migration a database is at, which ones this version knows, and going from one to another."""

from functools import cache

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection

PREPARING = 7_233_010  # the number of the PostgreSQL lock of whoever prepares or replaces the tables


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _scripts(directory: str) -> ScriptDirectory:
    return ScriptDirectory(directory)


def _migrations() -> ScriptDirectory:
    return _scripts(str(current_app.extensions["migrate"].directory))


def wanted_revision() -> str:
    """The revision that this version of the product works with."""
    head = _migrations().get_current_head()
    assert head is not None  # noqa: S101 - the history is linear; tests/house says so
    return head


def is_known(found: str) -> bool:
    """Whether this version has the migration."""
    return any(script.revision == found for script in _migrations().walk_revisions())


def migrate_on(connection: Connection, to: str) -> None:
    """Migrate what this connection sees up to that revision, in the transaction that it is in.

    On SQLite the connection must not enforce foreign keys: tables that are rebuilt would drag others along.
    """
    settings = current_app.extensions["migrate"].migrate.get_config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, to)
