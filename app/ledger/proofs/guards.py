"""The triggers that keep history from being changed are in place."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.audit.models import OperationRecord, PersonalValues
from app.core.days import DayClose
from app.ledger.archives.models import Archive, HouseCheckpoint, WalletCheckpoint
from app.ledger.models import DayPostings, DayTransfers, Posting, Receipt, Reversal, Transfer
from app.ledger.proofs.found import Finding

# What a migration protects with triggers: the database refuses to change or delete their rows.
APPEND_ONLY = tuple(model.__tablename__ for model in (Posting, Transfer, OperationRecord, Reversal, Receipt))
ONLY_ERASED = (PersonalValues.__tablename__,)
# Closing a day fills them; a day that is barred takes no more rows of the dated ones.
FROZEN = tuple(model.__tablename__ for model in (DayClose, DayPostings, DayTransfers))
# Retention fills them; an archive goes from state to state and never back once its rows are leaving.
ARCHIVED = tuple(model.__tablename__ for model in (Archive, WalletCheckpoint, HouseCheckpoint))
# Documents of rooms above the ledger, by name: it knows no more of them.
OF_OTHERS = ("approval", "broadband_call", "customer_merge", "shift", "shift_report")
KEPT = (*APPEND_ONLY, *FROZEN, *ARCHIVED, *OF_OTHERS)
DATED = tuple(model.__tablename__ for model in (Posting, OperationRecord))

GUARDS = {
    "sqlite": frozenset(
        [f"{table}_keeps_{what}" for table in (*KEPT, *ONLY_ERASED) for what in ("rows", "values")]
        + [f"{table}_keeps_days" for table in DATED]
    ),
    "postgresql": frozenset(
        [f"{table}_keeps_{what}" for table in KEPT for what in ("rows", "all")]
        + [f"{table}_keeps_rows" for table in ONLY_ERASED]
        + [f"{table}_keeps_days" for table in DATED]
    ),
}
FIND_GUARDS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text(
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
    ),
}


def missing_guards(connection: Connection) -> list[str]:
    """The names of the triggers that should protect history and do not."""
    kind = connection.dialect.name
    return sorted(GUARDS[kind] - set(connection.execute(FIND_GUARDS[kind]).scalars()))


def prove_guards(connection: Connection) -> Iterator[Finding | int]:
    """Ask the database's own catalogue which triggers there are."""
    yield len(GUARDS[connection.dialect.name])
    for name in missing_guards(connection):
        yield Finding(f"trigger {name}", "is missing: history could be changed")
