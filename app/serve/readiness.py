"""What must be true of the database before anybody works: this version's tables, and guarded history."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, text

from app.audit.models import OperationRecord, PersonalValues
from app.ledger.models import Posting, Receipt, Reversal, Transfer

# What a migration protects with triggers. The database refuses to change or delete their rows.
APPEND_ONLY = tuple(model.__tablename__ for model in (Posting, Transfer, OperationRecord, Reversal, Receipt))
ONLY_ERASED = (PersonalValues.__tablename__,)

GUARDS = {
    "sqlite": frozenset(
        f"{table}_keeps_{what}" for table in (*APPEND_ONLY, *ONLY_ERASED) for what in ("rows", "values")
    ),
    "postgresql": frozenset(
        [f"{table}_keeps_{what}" for table in APPEND_ONLY for what in ("rows", "all")]
        + [f"{table}_keeps_rows" for table in ONLY_ERASED]
    ),
}
FIND_GUARDS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    ),
}


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


def missing_guards(connection: Connection) -> list[str]:
    """The names of the triggers that should protect history and do not."""
    kind = connection.dialect.name
    return sorted(GUARDS[kind] - set(connection.execute(FIND_GUARDS[kind]).scalars()))


def why_not_ready(connection: Connection) -> str | None:
    """What keeps the house from working on this database, in a word; None when nothing does."""
    if revision(connection) != wanted_revision():
        return "migrations"
    return "guards" if missing_guards(connection) else None
