"""Reading a backup, and trusting nothing in it before it was verified."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.backup.manifest import ENTRY, Manifest, TableContents, read_manifest
from app.backup.refusals import Damaged

LONGEST_MANIFEST = 4 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024
PIECE = 1024 * 1024
FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, UnicodeDecodeError)


class BackupFile:
    """A backup that is open for reading."""

    def __init__(self, path: Path, entries: zipfile.ZipFile) -> None:
        self.path = path
        self._entries = entries
        with _whole(path):
            if entries.getinfo(ENTRY).file_size > LONGEST_MANIFEST:
                raise Damaged(f"{path} is damaged: its list of contents is too long.")
            self.manifest: Manifest = read_manifest(entries.read(ENTRY))

    def verify(self) -> None:
        """Read all of it: the tables that it lists and no others, with their counts and checksums. Raises Damaged."""
        listed = sorted([ENTRY, *(table.entry for table in self.manifest.tables)])
        if sorted(self._entries.namelist()) != listed:
            raise Damaged(f"{self.path} is damaged: it does not hold the tables that it lists.")
        for table in self.manifest.tables:
            if self._measure(table) != (table.rows, table.sha256):
                raise Damaged(f"{self.path} is damaged: the table {table.name} is not the one that was written.")

    def lines(self, table: TableContents) -> Iterator[bytes]:
        """The rows of a table, each as a line of JSON."""
        with _whole(self.path), self._entries.open(table.entry) as entry:
            while line := entry.readline(LONGEST_LINE):
                if not line.endswith(b"\n"):
                    raise Damaged(f"{self.path} is damaged: a row of the table {table.name} is cut or too long.")
                yield line

    def _measure(self, table: TableContents) -> tuple[int, str]:
        digest, rows = hashlib.sha256(), 0
        with _whole(self.path), self._entries.open(table.entry) as entry:
            while piece := entry.read(PIECE):
                digest.update(piece)
                rows += piece.count(b"\n")
        return rows, digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[BackupFile]:
    """The backup in that file. Raises Damaged when it is none."""
    with _whole(path):
        entries = zipfile.ZipFile(path)
    with entries:
        yield BackupFile(path, entries)


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    try:
        yield
    except FAULTS:
        raise Damaged(f"{path} is damaged, or no backup of Prepaid Desk.") from None
