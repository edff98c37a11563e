"""XLSX workbooks. The archive and the sheet are measured in full before the library may open them."""

import zlib
from collections.abc import Iterator, Sequence
from os import SEEK_CUR
from pathlib import Path
from struct import Struct
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.customers.takeover import refusals
from app.customers.takeover.cells import Cell, Unread
from app.customers.takeover.sheetscan import Scan, part_of, scan

LARGEST = 64 << 20
LARGEST_UNPACKED = 320 << 20
HIGHEST_RATIO = 100  # of a sheet full of the same row it is about 40
SMALL = 16 << 20  # so little may be packed as tightly as it likes
MOST_PARTS = 2000
# What the readers of archives and of XML raise for bytes that make no sense.
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError, NotImplementedError)
_BLOCK = 1 << 18
_HEADER = Struct("<26xHH")  # of a part: the lengths of its name and its extra field


class Workbook:
    """The first visible sheet of a workbook that has anything on it."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST:
            raise refusals.TooLarge(megabytes=LARGEST >> 20)
        self._path = path
        self.notes: dict[str, Any] = {}
        try:
            with path.open("rb") as file, ZipFile(path) as archive:
                _measure(archive, file)
                self._name, self._scan = self._chosen(archive)
        except BROKEN:
            raise refusals.Damaged from None
        self.height = self._scan.height

    def _chosen(self, archive: ZipFile) -> tuple[str, Scan]:
        if "xl/workbook.xml" not in archive.namelist():
            raise refusals.NotAList
        names = self._sheet_names()
        for place, name in enumerate(names):
            found = scan(archive, part_of(archive, name))
            if found.cells:
                self.notes |= {"sheets_left": names[place + 1 :]} if names[place + 1 :] else {}
                return name, found
        raise refusals.Empty

    def _sheet_names(self) -> list[str]:
        with self._open() as book:
            return [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
            ]

    def _open(self) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_path(str(self._path))
        except CalamineError:
            raise refusals.Damaged from None

    def _sheet(self, book: CalamineWorkbook) -> CalamineSheet:
        try:
            return book.get_sheet_by_name(self._name)
        except CalamineError:
            raise refusals.Damaged from None

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Every row of the sheet with its number. Formulas give the value that the file holds."""
        with self._open() as book:
            sheet = self._sheet(book)
            left = sheet.start[1] if sheet.start else 0
            for line, cells in enumerate(sheet.iter_rows(), start=1):
                yield line, self._marked(line, left, cells)

    def _marked(self, line: int, left: int, cells: list[Cell]) -> list[Cell]:
        """The library reads an error, and a formula without value, as an empty cell: a balance of nothing."""
        for column, code in self._scan.unread.get(line, {}).items():
            if 0 <= column - left < len(cells):
                cells[column - left] = Unread(code)
        return cells


def _measure(archive: ZipFile, file: IO[bytes]) -> None:
    """Unpack everything once, keeping nothing: what the directory says may be a lie."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise refusals.Damaged
    for part in parts:
        if part.flag_bits & 1:
            raise refusals.Encrypted
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise refusals.Damaged
    packed = sum(part.compress_size for part in parts)
    _require_small(sum(part.file_size for part in parts), packed)
    unpacked = 0
    for part in parts:
        for size in _unpacked(file, part):
            unpacked += size
            _require_small(unpacked, packed)


def _require_small(unpacked: int, packed: int) -> None:
    if unpacked > LARGEST_UNPACKED or unpacked > max(SMALL, packed * HIGHEST_RATIO):
        raise refusals.Bomb


def _unpacked(file: IO[bytes], part: ZipInfo) -> Iterator[int]:
    """How much comes out, block by block, up to the end of the data and not to the size that it states."""
    file.seek(part.header_offset)
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        raise BadZipFile
    name_length, extra_length = _HEADER.unpack(header)
    file.seek(name_length + extra_length, SEEK_CUR)
    if part.compress_type == ZIP_STORED:
        yield part.compress_size
        return
    inflate, left = zlib.decompressobj(-zlib.MAX_WBITS), part.compress_size
    while left > 0 and (block := file.read(min(left, _BLOCK))):
        left -= len(block)
        yield len(inflate.decompress(block, _BLOCK))
        while inflate.unconsumed_tail:
            yield len(inflate.decompress(inflate.unconsumed_tail, _BLOCK))
