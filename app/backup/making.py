"""Making a backup: everything as it was at one moment, while others go on posting."""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import Connection, Table, func, select

from app.backup.manifest import ENTRY, Manifest, TableContents
from app.backup.reading import opened
from app.backup.refusals import BackupRefused
from app.backup.tables import columns_of, highest_of, lines_of, tables_of
from app.core.db import is_postgresql
from app.core.revisions import revision
from app.extensions import db
from config import VERSION

TOLD_EVERY = 2_000  # rows
Tell = Callable[[int, int], None]
LEVEL = 4  # of compression: half the time of the usual one, and little more room


def folder() -> Path:
    """Where backups lie that are made without naming a file; made when it is missing."""
    place = Path(current_app.config["BACKUP_DIR"])
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def new_name(why: str) -> Path:
    """A file in that folder, named after the reason and the moment."""
    return folder() / f"{why}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"


def _nobody(_done: int, _total: int) -> None:
    """Nobody watches."""


def create(path: Path, *, may_replace: bool = False, tell: Tell = _nobody) -> Manifest:
    """Write the backup and read it once more before it gets its name. Bounded memory; readable by its owner alone.

    tell: called now and then with the rows that are done, and of how many. Raises BackupRefused when the file
    exists, or when there is nothing to back up.
    """
    if path.exists() and not may_replace:
        raise BackupRefused(f"{path} exists. Choose another name, or say --force.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
            manifest = _write(file, tell)
            file.flush()
            os.fsync(file.fileno())
        with opened(draft) as backup:
            backup.verify()
        _name(draft, path, may_replace)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(file: IO[bytes], tell: Tell) -> Manifest:
    with _one_moment() as connection:
        total = sum(connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables_of(connection))
        return write(connection, file, lambda done: tell(done, total))


def write(connection: Connection, file: IO[bytes], tell: Callable[[int], None] = lambda _rows: None) -> Manifest:
    """Write everything that this connection sees. Raises BackupRefused when there is nothing."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as out:
        found = revision(connection)
        if found is None:
            raise BackupRefused("The database was never prepared: there is nothing to back up.")
        began = datetime.now(UTC).isoformat(timespec="seconds")
        told = _Told(tell)
        tables = tuple(_write_table(out, connection, table, told) for table in tables_of(connection))
        manifest = Manifest(VERSION, found, began, connection.dialect.name, tables)
        out.writestr(ENTRY, manifest.to_json())
    return manifest


class _Told:
    """Counts the rows of all tables, and tells of them now and then."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell, self._rows = tell, 0

    def one_more(self) -> None:
        self._rows += 1
        if self._rows % TOLD_EVERY == 0:
            self._tell(self._rows)


def _write_table(out: zipfile.ZipFile, connection: Connection, table: Table, told: _Told) -> TableContents:
    contents = TableContents(table.name, columns_of(table), 0, "", highest_of(connection, table))
    digest, rows = hashlib.sha256(), 0
    with out.open(contents.entry, "w", force_zip64=True) as entry:
        for line in lines_of(connection, table):
            entry.write(line)
            digest.update(line)
            rows += 1
            told.one_more()
    return TableContents(contents.name, contents.columns, rows, digest.hexdigest(), contents.highest)


@contextmanager
def _one_moment() -> Iterator[Connection]:
    """A connection that sees the database as it is now, however long it reads."""
    with db.engine.connect() as connection:
        if is_postgresql():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.exec_driver_sql(f"SET LOCAL {limit} = 0")
        yield connection


def _name(draft: Path, path: Path, may_replace: bool) -> None:
    if may_replace:
        draft.replace(path)
    else:
        try:
            os.link(draft, path)  # unlike a rename it never takes the place of a file that came meanwhile
        except FileExistsError:
            raise BackupRefused(f"{path} exists. Choose another name, or say --force.") from None
    place = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
