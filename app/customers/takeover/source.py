"""A customer list as rows of cells, whatever kind of file it comes in. Nothing is trusted before it is measured."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from app.customers.takeover import refusals
from app.customers.takeover.cells import Cell
from app.customers.takeover.separated import SeparatedText
from app.customers.takeover.workbook import Workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Source(Protocol):
    """A file that was measured and can be read from the start as often as needed.

    height: how many lines there are at most, for the progress bar. notes: what was passed over in the file.
    """

    height: int
    notes: dict[str, Any]

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Every row with its number, as the spreadsheet or the editor counts from 1."""
        raise NotImplementedError


def open_list(path: Path) -> Source:
    """Find out what the file is by its first bytes, and measure it.

    Raises a BadFile that says what is wrong with it.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise refusals.Empty
    if start.startswith(ZIP):
        return Workbook(path)
    if start.startswith(OLE):
        raise refusals.Encrypted if ENCRYPTED in path.read_bytes()[: 1 << 20] else refusals.OldWorkbook
    if start.startswith(FOREIGN):
        raise refusals.NotAList
    return SeparatedText(path)
