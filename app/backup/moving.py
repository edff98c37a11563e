"""Moving a shop from SQLite to PostgreSQL: everything, compared and proved on both sides, wholly or not at all.

What was moved becomes visible in one commit. A move that was killed has left nothing behind and is simply begun anew.
"""

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from app.backup.building import Built, build, prove
from app.backup.making import write
from app.backup.on_postgresql import TABLES, claim
from app.backup.on_sqlite import alone
from app.backup.reading import opened
from app.backup.refusals import BackupRefused
from app.core.connections import engine_options
from app.core.db import is_postgresql
from app.core.revisions import revision, wanted_revision
from app.extensions import db

TARGET = "postgresql+psycopg"
OWN = "guards"
NOT_EMPTY = "The target has tables already ({}). Name an empty database or schema; nothing was changed."


@dataclass(frozen=True)
class Moved:
    """What was moved. proofs: how many things each proof of the ledger looked at, the same on both sides."""

    tables: int
    rows: int
    proofs: dict[str, int]
    to: str


def is_target(url: str) -> bool:
    """Whether the text is the address of a PostgreSQL database as this product writes it."""
    try:
        return make_url(url).drivername == TARGET
    except ArgumentError:
        return False


def move(url: str) -> Moved:
    """Copy this deployment's SQLite database to PostgreSQL. The source stays as it is, and is locked meanwhile.

    Raises BackupRefused, with nothing changed, when either side is in use, the target is not empty, the source is of
    another version, or anything came out otherwise than it went in.
    """
    if is_postgresql():
        raise BackupRefused("This deployment is on PostgreSQL already.")
    path = Path(db.engine.url.database or "")
    if not path.is_file():
        raise BackupRefused(f"There is no database at {path}: nothing to move.")
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
    with tempfile.TemporaryDirectory(prefix=".moving-", dir=path.parent) as folder, alone(path) as source:
        package, proofs = _pack(source, Path(folder))
        built = _unpack(package, proofs, url)
    return Moved(built.tables, built.rows, proofs, make_url(url).render_as_string())


def _pack(source: sqlite3.Connection, folder: Path) -> tuple[Path, dict[str, int]]:
    """Everything in one file, and what the proofs say of it. Works on a copy: the source is not even touched."""
    copy, package = folder / "copy.db", folder / "moving.zip"
    with closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    engine = create_engine(f"sqlite:///{copy}", poolclass=NullPool)
    with engine.connect() as connection:
        found = revision(connection)
        if found != wanted_revision():
            raise BackupRefused(f"The database is of another version ({found}). Start the desk once, then move it.")
        proofs = prove(connection)
        with package.open("w+b") as file:
            write(connection, file)
    return package, proofs


def _unpack(package: Path, proofs: dict[str, int], url: str) -> Built:
    """Build it at the target, and commit only when every proof holds there and looked at as much as here."""
    engine = create_engine(url, **engine_options(url))
    try:
        with opened(package) as backup, engine.connect() as connection, connection.begin():
            backup.verify()
            _take(connection)
            built = build(connection, backup)
            _compare(proofs, built.proofs)
            return built
    finally:
        engine.dispose()


def _compare(here: dict[str, int], there: dict[str, int]) -> None:
    """Each database has guards of its own, so many as it needs; everything else must be the same."""
    if {**here, OWN: 0} != {**there, OWN: 0}:
        raise BackupRefused(f"The proofs looked at other things there: {here} here, {there} there.")


def _take(connection: Connection) -> None:
    """Make sure that the target is empty and nobody else's. Raises BackupRefused."""
    if tables := connection.scalars(TABLES, {"schema": claim(connection)}).all():
        raise BackupRefused(NOT_EMPTY.format(", ".join(tables[:3]) + (", ..." if len(tables) > 3 else "")))
