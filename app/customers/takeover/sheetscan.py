"""A look at a sheet's XML before the library reads it: how large it is, and what the library would not tell."""

import posixpath
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from app.customers.takeover import refusals
from app.customers.takeover.cells import Unread

MOST_ROWS = 1_048_576
MOST_COLUMNS = 200
MOST_UNREAD = 100_000
_BLOCK = 1 << 18


@dataclass
class Scan:
    """height, width: the furthest row and column that have a cell; the library makes room for all of them.

    unread: {row from 1: {column from 0: reason}}, cells with an error or with a formula that nobody worked out.
    """

    height: int = 0
    width: int = 0
    cells: int = 0
    unread: dict[int, dict[int, Unread]] = field(default_factory=dict)


def part_of(archive: ZipFile, sheet_name: str) -> str:
    """Where in the archive a sheet is. Raises Damaged."""
    relation = next(
        (a.get("id") for a in _elements(archive, "xl/workbook.xml", "sheet") if a.get("name") == sheet_name), None
    )
    for relationship in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        if relationship.get("Id") == relation:
            target = relationship.get("Target", "")
            return posixpath.normpath(posixpath.join("xl", target)) if target[:1] != "/" else target[1:]
    raise refusals.Damaged


def _elements(archive: ZipFile, part: str, name: str) -> list[dict[str, str]]:
    """The attributes of every element of that name, names without their prefix."""
    found: list[dict[str, str]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if _local(element) == name:
            found.append({_local(key): value for key, value in attributes.items()})

    _parse(archive, part, start, lambda _element: None)
    return found


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _parse(archive: ZipFile, part: str, start: Any, end: Any, characters: Any = None) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.CharacterDataHandler = characters
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open(part) as file:
            while block := file.read(_BLOCK):
                parser.Parse(block)
            parser.Parse(b"", True)
    except (KeyError, expat.ExpatError):
        raise refusals.Damaged from None


def _refuse_doctype(*_declaration: Any) -> None:
    raise refusals.Damaged  # no spreadsheet writes one; it can only blow up


def scan(archive: ZipFile, part: str) -> Scan:
    """Measure a sheet. Raises TooWide or TooLarge when it reaches further than a customer list does."""
    watch = _Watch()
    _parse(archive, part, watch.start, watch.end, watch.characters)
    return watch.found


class _Watch:
    def __init__(self) -> None:
        self.found = Scan()
        self.row = self.column = 0
        self.kind = ""
        self.has_formula = self.has_value = self.awaits_value = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        name = _local(element)
        if name == "c":
            self._cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name in ("v", "is"):
            # An empty result of text is a result; an empty one of a number was never worked out.
            self.has_value = self.kind == "str" or not self.has_formula
            self.awaits_value = not self.has_value
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        if reference := attributes.get("r"):
            self.column, self.row = _place(reference)
        else:
            self.column += 1
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = self.awaits_value = False

    def characters(self, _data: str) -> None:
        self.has_value = self.has_value or self.awaits_value

    def end(self, element: str) -> None:
        name = _local(element)
        if name == "v":
            self.awaits_value = False
        if name != "c" or not (self.has_value or self.has_formula):
            return
        found = self.found
        found.cells += 1
        found.height, found.width = max(found.height, self.row), max(found.width, self.column)
        if found.width > MOST_COLUMNS:
            raise refusals.TooWide(line=self.row, columns=MOST_COLUMNS)
        if found.height > MOST_ROWS:
            raise refusals.Damaged
        if self.kind == "e":
            self._mark(Unread.ERROR)
        elif not self.has_value:
            self._mark(Unread.FORMULA)

    def _mark(self, code: Unread) -> None:
        if len(self.found.unread) >= MOST_UNREAD:
            raise refusals.Damaged
        self.found.unread.setdefault(self.row, {})[self.column - 1] = code


def _place(reference: str) -> tuple[int, int]:
    """Column and row of "AB12", from 1."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column, int(reference[len(letters) :])
