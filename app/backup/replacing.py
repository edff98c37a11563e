"""Restoring: the backup takes the place of the present data, wholly or not at all."""

from pathlib import Path

from app.backup import on_postgresql, on_sqlite
from app.backup.building import Built, check
from app.backup.reading import opened
from app.core.db import is_postgresql
from app.extensions import db


def restore(path: Path) -> Built:
    """Verify, build beside, prove, then replace; the former data are kept. Raises BackupRefused, changing nothing."""
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


def _let_go() -> None:
    """Close this process's own connections: they would count as somebody who uses the database."""
    db.session.remove()
    db.engine.dispose()
