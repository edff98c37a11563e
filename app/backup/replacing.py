"""Restoring: the backup takes the place of the present data, wholly or not at all."""

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.backup import on_postgresql, on_sqlite
from app.backup.building import Built, check
from app.backup.reading import opened
from app.backup.refusals import BackupRefused
from app.core.db import is_postgresql
from app.extensions import db
from app.ledger.doubt import is_in_doubt

IN_DOUBT = (
    "The present data did not hold when they were proved last, so they are not replaced: find out what happened "
    "first (`flask ledger verify`). Then give --over-failed-proofs; the former data are kept."
)


def restore(path: Path, *, over_failed_proofs: bool = False) -> Built:
    """Verify, build beside, prove, then replace; the former data are kept. Raises BackupRefused, changing nothing."""
    if not over_failed_proofs and _is_in_doubt():
        raise BackupRefused(IN_DOUBT)
    with opened(path) as backup:
        check(backup)
        _let_go()
        return on_postgresql.replace(backup) if is_postgresql() else on_sqlite.replace(backup)


def drill(path: Path) -> Built:
    """Do all of a restore but the replacing, and leave nothing behind; may run while the desk serves."""
    with opened(path) as backup:
        check(backup)
        _let_go()
        return on_postgresql.try_out(backup) if is_postgresql() else on_sqlite.try_out(backup)


def _is_in_doubt() -> bool:
    """Whether the nightly proofs failed last. Data that cannot tell are no reason to keep them."""
    try:
        return is_in_doubt()
    except SQLAlchemyError:
        return False


def _let_go() -> None:
    """Close this process's own connections: they would count as somebody who uses the database."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
