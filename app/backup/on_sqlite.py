"""Replacing a SQLite database: built as a file beside it, then copied in under SQLite's own lock and journal.

Why not a rename: who waits for the lock meanwhile would go on with the old file, and lose what it writes there.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace as changed
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import NullPool, create_engine

from app.backup.building import Built, build_again
from app.backup.reading import BackupFile
from app.backup.refusals import BackupRefused
from app.extensions import db

PATIENCE = 0.5  # seconds to wait for a lock
IN_USE = "The database is in use. Stop the desk and whatever else has it open, and try again."
UNREADABLE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def replace(backup: BackupFile) -> Built:
    """Put the backup in place of the present file, which is kept as FILE.before-restore-TIME. See `restore`."""
    path = Path(db.engine.url.database or "")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = _set_aside_if_unreadable(path)
    with alone(path) as target, tempfile.TemporaryDirectory(prefix=".restoring-", dir=path.parent) as folder:
        fresh = Path(folder) / "fresh.db"
        built = _build(backup, fresh)
        kept = aside or _keep(target, path)
        with closing(sqlite3.connect(fresh)) as source:
            source.backup(target)  # one transaction with a journal: after a kill the next to open takes it back
    return changed(built, kept=str(kept) if kept else None)


def try_out(backup: BackupFile) -> Built:
    """Build it in a folder that is removed again."""
    place = Path(db.engine.url.database or "").parent
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=place) as folder:
        return _build(backup, Path(folder) / "fresh.db")


def _build(backup: BackupFile, fresh: Path) -> Built:
    engine = create_engine(f"sqlite:///{fresh}", poolclass=NullPool)
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None  # noqa: S101 - it was just opened
        for pragma in ("foreign_keys=OFF", "journal_mode=DELETE", "synchronous=OFF"):  # it is thrown away after a fault
            raw.execute(f"PRAGMA {pragma}")
        with connection.begin():
            return build_again(connection, backup)


@contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that keeps everybody else out until it is closed. Raises BackupRefused when somebody is in."""
    is_new = not path.exists()
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        if is_new:
            path.chmod(0o600)
        try:
            # Leaving WAL needs the file to oneself: even a connection that does nothing refuses it.
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")  # the lock stays
        except sqlite3.OperationalError as failure:
            if failure.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise BackupRefused(IN_USE) from None
            raise
        if mode != "delete" or connection.execute("PRAGMA journal_mode").fetchone() != ("delete",):
            raise BackupRefused(IN_USE)
        yield connection


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")


def _keep(target: sqlite3.Connection, path: Path) -> Path | None:
    """Copy the present data, durably; None when there are none."""
    if target.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        return None
    copy = _before(path)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(copy)) as kept:
        target.backup(kept)
    return copy


def _set_aside_if_unreadable(path: Path) -> Path | None:
    """A file that is no database any more cannot be locked or copied: it is renamed. Returns its new name."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as failure:
        if failure.sqlite_errorcode & 0xFF not in UNREADABLE:
            raise BackupRefused(IN_USE) from None
    else:
        return None
    aside = _before(path)
    for ending in ("-wal", "-shm", "-journal", ""):
        if (part := path.with_name(path.name + ending)).exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside
