"""A report as a file: CSV or a workbook, written row by row in bounded memory.

`write` is called by the page, and by a job for what takes long: it needs an application context, no request.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from xlsxwriter import Workbook

from app.core.db import consistent_view
from app.core.errors import N_, Refused
from app.extensions import db
from app.tables import cells, rows
from app.tables.asking import described
from app.tables.report import Asked, Column, Kind, Report

MOST_IN_WORKBOOK = 1_048_575  # rows; the format ends at 1,048,576, and the first is that of the headings
LONGEST_CELL = 32_767  # characters, likewise
TOLD_EVERY = 5_000  # rows
Progress = Callable[[int, int | None], None]


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def mimetype(self) -> str:
        if self is Format.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TooManyForWorkbook(Refused):
    code = "too-many-for-a-workbook"
    sentence = N_("These are more than %(most)s rows, which is all that a workbook holds. Export them as CSV.")


class Exported(Protocol):
    """Writes the operation record of an export, in the present transaction."""

    def __call__(self, report: Report, asked: Asked, format: Format) -> None: ...


def _unrecorded(report: Report, asked: Asked, format: Format) -> None:
    raise NotImplementedError("nobody records exports")


_recorder: Exported = _unrecorded


def set_recorder(recorder: Exported) -> None:
    """Say who writes down that something was exported. The room of the operation records does, a floor above."""
    global _recorder
    _recorder = recorder


def record(report: Report, asked: Asked, format: Format) -> None:
    """Write down that this is being exported. To be called in a transaction, before anything is handed out."""
    _recorder(report, asked, format)


def nobody(_done: int, _total: int | None = None) -> None:
    """Nobody watches."""


def write(report: Report, asked: Asked, path: Path, format: Format, progress: Progress = nobody) -> int:
    """Write all rows that are asked for into a new file; returns how many, all of one moment.

    progress: called now and then with the rows that are done, and of how many. Raises TooManyForWorkbook.
    """
    columns = report.columns_of(asked.actor)
    with consistent_view() as connection:
        is_book = format is Format.XLSX
        total = rows.count(report, asked, connection, MOST_IN_WORKBOOK + 1 if is_book else None)
        if is_book and total > MOST_IN_WORKBOOK:
            raise TooManyForWorkbook(most=MOST_IN_WORKBOOK)
        lines = _watched(_lines(columns, rows.every_row(report, asked, connection)), total, progress)
        title, said = str(report.title), described(report, asked)
        db.session.rollback()  # what was read to get here must not wait open, for minutes, until the last row
        if is_book:
            return _write_workbook(path, columns, lines, title, said)
        return _write_csv(path, columns, lines)


def write_lines(
    path: Path,
    format: Format,
    columns: Sequence[Column],
    lines: Iterable[Mapping[str, Any]],
    title: str,
    asked: str,
    progress: Progress = nobody,
    total: int | None = None,
) -> int:
    """Write rows that no report has into a new file, in the same form; returns how many.

    lines: the values by name of column. asked: what was looked for, in words. total: how many, if known.
    Raises TooManyForWorkbook.
    """
    makers = [(column.name, cells.plainly(column)) for column in columns]
    plain = ([None if (value := line[name]) is None else make(value) for name, make in makers] for line in lines)
    made = _watched(plain, total, progress)
    if format is Format.XLSX:
        return _write_workbook(path, columns, _within_workbook(made), title, asked)
    return _write_csv(path, columns, made)


def _within_workbook(lines: Iterator[list[Any]]) -> Iterator[list[Any]]:
    for done, line in enumerate(lines):
        if done >= MOST_IN_WORKBOOK:
            raise TooManyForWorkbook(most=MOST_IN_WORKBOOK)
        yield line


def _lines(columns: Sequence[Column], found: Iterator[Any]) -> Iterator[list[Any]]:
    makers = [(column.name, cells.plainly(column)) for column in columns]
    for row in found:
        values = row._mapping
        yield [None if (value := values[name]) is None else make(value) for name, make in makers]


def _watched(lines: Iterator[list[Any]], total: int | None, progress: Progress) -> Iterator[list[Any]]:
    done = 0
    progress(0, total)
    for line in lines:
        yield line
        done += 1
        if done % TOLD_EVERY == 0:
            progress(done, total)
    progress(done, max(done, total or 0))


def _write_csv(path: Path, columns: Sequence[Column], lines: Iterator[list[Any]]) -> int:
    done = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark tells spreadsheets that it is UTF-8
        writer = csv.writer(file)
        writer.writerow([cells.harmless(str(column.label)) for column in columns])
        for line in lines:
            writer.writerow([_as_text(value) for value in line])
            done += 1
    return done


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return cells.harmless(value)
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def _write_workbook(path: Path, columns: Sequence[Column], lines: Iterator[list[Any]], title: str, asked: str) -> int:
    done = 0
    # Rows go to the disk as they come. Texts stay texts: neither formulas nor links are guessed from them.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), {**options, "tmpdir": str(path.parent)}) as book:
        book.set_properties({"title": title, "comments": asked})
        sheet, looks = book.add_worksheet(), _looks(book)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _width(column))
        for at, column in enumerate(columns):
            sheet.write_string(0, at, str(column.label), looks["head"])
        formats = [looks.get(column.kind) for column in columns]
        for done, line in enumerate(lines, 1):
            for at, value in enumerate(line):
                if value is not None:
                    _put(sheet, done, at, value, formats[at], looks["quoted"])
    return done


def _put(sheet: Any, row: int, at: int, value: Any, look: Any, quoted: Any) -> None:
    if isinstance(value, str):
        # Quoted in the file's own way: it stays a text even when somebody edits the cell.
        sheet.write_string(row, at, value[:LONGEST_CELL], quoted if value.startswith(cells.DANGEROUS) else look)
    elif isinstance(value, datetime | date):
        sheet.write_datetime(row, at, value, look)
    elif isinstance(value, Decimal | int):
        sheet.write_number(row, at, value, look)


def _looks(book: Workbook) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "quoted": book.add_format({"quote_prefix": True}),
        Kind.MONEY: book.add_format({"num_format": "#,##0.00"}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def _width(column: Column) -> int:
    usual = {Kind.MOMENT: 20, Kind.DAY: 12, Kind.MONEY: 14, Kind.PHONE: 18, Kind.TEXT: 20}
    return max(usual.get(column.kind, 14), min(len(str(column.label)) + 2, 40))
