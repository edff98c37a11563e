"""Building a database from a backup at a fresh place, and proving it there."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from app.backup.manifest import TableContents
from app.backup.reading import BackupFile
from app.backup.refusals import BackupRefused, Damaged
from app.backup.tables import columns_of, count_on, empty, lines_of, load, tables_of, without_triggers
from app.core.revisions import is_known, migrate_on, wanted_revision
from app.ledger.proofs import prove_all
from app.notices.outbox import doubt_what_waits


@dataclass(frozen=True)
class Built:
    """What was built. proofs: how many things each proof looked at; kept: where the former data are."""

    revision: str
    migrated_to: str
    tables: int
    rows: int
    proofs: dict[str, int]
    kept: str | None = None


def check(backup: BackupFile) -> None:
    """Look at the file alone, before any database is touched. Raises BackupRefused."""
    revision = backup.manifest.revision
    if not is_known(revision):
        raise BackupRefused(f"The backup is of another version ({revision}) than this one knows. Start that one.")
    backup.verify()


def build(connection: Connection, backup: BackupFile) -> Built:
    """Make the tables of the backup's revision, fill them, compare, migrate to this version, and prove the ledger.

    The connection must be in a transaction and see an empty place. Raises BackupRefused; nothing is kept then.
    """
    manifest = backup.manifest
    migrate_on(connection, manifest.revision)
    tables = {table.name: table for table in tables_of(connection)}
    if {table.name: table.columns for table in manifest.tables} != {
        name: columns_of(table) for name, table in tables.items()
    }:
        raise Damaged(f"{backup.path} does not hold the tables of its revision {manifest.revision}.")
    _fill(connection, backup, tables)
    wanted = wanted_revision()
    migrate_on(connection, wanted)
    return Built(manifest.revision, wanted, len(tables), manifest.rows, prove(connection))


def build_again(connection: Connection, backup: BackupFile) -> Built:
    """The same, to go on with: nobody knows what has left the house since the backup was made."""
    built = build(connection, backup)
    doubt_what_waits(connection)
    return built


def _fill(connection: Connection, backup: BackupFile, tables: dict[str, Table]) -> None:
    listed = {table.name: table for table in backup.manifest.tables}
    with without_triggers(connection, list(tables.values())):
        empty(connection, list(tables.values()))
        for name, table in tables.items():
            _load(connection, backup, table, listed[name])
    for name, table in tables.items():
        _compare(connection, table, listed[name])
    if connection.dialect.name != "sqlite":
        return
    if loose := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Damaged(f"{backup.path}: a row of the table {loose[0]} points at a row that is not there.")


def _load(connection: Connection, backup: BackupFile, table: Table, listed: TableContents) -> None:
    try:
        load(connection, table, backup.lines(listed))
    except (ValueError, TypeError, connection.dialect.loaded_dbapi.Error) as failure:
        said = str(failure).partition("\n")[0]
        raise Damaged(f"{backup.path}: the table {table.name} does not take its rows ({said}).") from None
    count_on(connection, table, listed.highest)


def _compare(connection: Connection, table: Table, listed: TableContents) -> None:
    digest, rows = hashlib.sha256(), 0
    for line in lines_of(connection, table):
        digest.update(line)
        rows += 1
    if (rows, digest.hexdigest()) != (listed.rows, listed.sha256):
        raise BackupRefused(f"The table {table.name} came out otherwise than it was backed up.")


def prove(connection: Connection) -> dict[str, int]:
    """How many things each proof of the ledger looked at. Raises BackupRefused when one fails."""
    proofs = prove_all(connection)
    for proof in proofs:
        if not proof.holds:
            first = f"{proof.found[0].where} {proof.found[0].what}"
            raise BackupRefused(f"The ledger in it does not hold: {proof.name}, {proof.failures} found: {first}.")
    return {proof.name: proof.checked for proof in proofs}
