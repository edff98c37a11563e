"""What must be true of the database before anybody works: this version's tables, and guarded history."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection

from app.ledger.proofs import missing_guards


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


def why_not_ready(connection: Connection) -> str | None:
    """What keeps the house from working on this database, in a word; None when nothing does."""
    if revision(connection) != wanted_revision():
        return "migrations"
    return "guards" if missing_guards(connection) else None
