"""CSV as spreadsheets write it: UTF-8 with or without a mark, UTF-16 with one, GB18030; commas, semicolons, tabs."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import IO, Any

from app.customers.takeover import refusals

LARGEST = 2 << 30
LONGEST_LINE = 64 * 1024
MOST_COLUMNS = 200
DELIMITERS = ",;\t"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BINARY = {chr(code) for code in range(32)} - set("\t\r\n\f\v\x1a")
_BLOCK = 1 << 20


class SeparatedText:
    """A CSV file. Read line by line, so that its size does not matter."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST:
            raise refusals.TooLarge(megabytes=LARGEST >> 20)
        self._path = path
        self.encoding, self.height = _measured(path)
        self.delimiter = self._sniffed()
        self.notes: dict[str, Any] = {}

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Every record with the line that it begins on. Raises LineTooLong, TooWide, OpenQuote."""
        with self._opened() as file:
            reader = csv.reader(_bounded(file), delimiter=self.delimiter, strict=True)
            line = 1
            try:
                for record in reader:
                    if len(record) > MOST_COLUMNS:
                        raise refusals.TooWide(line=line, columns=MOST_COLUMNS)
                    yield line, record
                    line = reader.line_num + 1
            except csv.Error:
                raise refusals.OpenQuote(line=line) from None

    def _opened(self) -> IO[str]:
        return self._path.open(encoding=self.encoding, newline="")

    def _sniffed(self) -> str:
        """The delimiter that makes the most columns of the first lines."""
        with self._opened() as file:
            sample = "".join(islice(_bounded(file), 30))
        return max(DELIMITERS, key=lambda sign: _cells(sample, sign))


def _cells(sample: str, delimiter: str) -> int:
    reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter)
    try:
        return sum(len(record) - 1 for record in reader if record)
    except csv.Error:
        return -1


def _bounded(file: IO[str]) -> Iterator[str]:
    """The lines of the file, none longer than LONGEST_LINE."""
    for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), ""), start=1):
        if len(line) > LONGEST_LINE:
            raise refusals.LineTooLong(line=number)
        yield line


def _measured(path: Path) -> tuple[str, int]:
    """The encoding that the whole file is sound in, and its number of lines.

    UTF-8 first: text in another encoding is practically never sound UTF-8. Raises NotAList.
    """
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        lines = _lines(path, encoding)
        if lines is not None:
            return encoding, lines
    raise refusals.NotAList


def _lines(path: Path, encoding: str) -> int | None:
    """How many lines there are; None when a sign is not sound or is one that no text has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError:
                return None
            if not _BINARY.isdisjoint(text):
                return None
            lines += text.count("\n") or text.count("\r")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return lines
