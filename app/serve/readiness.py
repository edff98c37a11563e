"""What must be true of the database before anybody works: this version's tables, and guarded history."""

from sqlalchemy import Connection

from app.core.revisions import revision, wanted_revision
from app.ledger.proofs import missing_guards


def why_not_ready(connection: Connection) -> str | None:
    """What keeps the house from working on this database, in a word; None when nothing does."""
    if revision(connection) != wanted_revision():
        return "migrations"
    return "guards" if missing_guards(connection) else None
