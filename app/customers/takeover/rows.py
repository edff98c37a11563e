"""Rows of any list: which are empty, which are totals, and how the usual kinds of cells are read."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.core.money import to_text
from app.core.sealed import mask
from app.customers.takeover import cells
from app.customers.takeover.cells import NOTHING, Cell, Unfit, shown
from app.customers.takeover.headings import is_grand_total, is_total, plain
from app.customers.takeover.kinds import ListKind, ReadRow

Reader = Callable[[Cell], Any]
_UNKNOWN = NOTHING | {"未知", "保密", "unknown"}


def is_empty(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def total_of(row: Sequence[Cell], fields: Mapping[int, StrEnum], kind: ListKind, region: str) -> str | None:
    """The word that makes the row a line of totals; None for a row of somebody."""
    word = next((cell for cell in row if isinstance(cell, str) and is_total(cell)), None)
    if word is None:
        return None
    try:
        cells.phone(_cell(row, _column(fields, kind.phone)), region)
    except Unfit:
        return word
    return None


def stated_total(
    word: str, row: Sequence[Cell], fields: Mapping[int, StrEnum], money: StrEnum | None
) -> Decimal | None:
    """The sum of balances that a row of grand totals states, if it states one that can be read."""
    column = _column(fields, money)
    if column is None or not is_grand_total(word):
        return None
    try:
        return cells.amount(_cell(row, column)) or None
    except Unfit:
        return None


def _column(fields: Mapping[int, StrEnum], wanted: StrEnum | None) -> int | None:
    return next((column for column, name in fields.items() if name is wanted), None)


def _cell(row: Sequence[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None


def read_cells(
    line: int,
    row: Sequence[Cell],
    fields: Mapping[int, StrEnum],
    readers: Mapping[Any, Reader],
    sealed: frozenset[str],
) -> ReadRow:
    """Read each cell of a row. Whatever does not fit is told of each field; nothing is guessed."""
    result = ReadRow(line)
    for column, name in fields.items():
        cell = _cell(row, column)
        try:
            value = readers[name](cell)
        except Unfit as unfit:
            said = shown(cell)
            result.refuse(name.value, unfit.code, (mask(said) or "") if name.value in sealed else said)
        else:
            if value is not None:
                result.values[name.value] = value
    return result


def text_of(length: int) -> Reader:
    """Reads a text of at most so many signs, nothing as None. Raises Unfit(too-long)."""

    def read(cell: Cell) -> str | None:
        value = cells.text(cell)
        if len(value) > length:
            raise Unfit("too-long")
        return value or None

    return read


def number_of(length: int) -> Reader:
    """Reads digits that a spreadsheet may have taken for a number, such as those of a card."""
    as_text = text_of(length)

    def read(cell: Cell) -> str | None:
        value = as_text(cell)
        if value is None or value in NOTHING:
            return None
        if isinstance(cell, float) and abs(cell) >= 1e15:  # a float holds no more digits than that
            raise Unfit("lost-digits")
        return cells.digits_kept(value)

    return read


def amount(cell: Cell) -> str:
    """Reads an amount; nothing is zero."""
    return to_text(cells.amount(cell))


def day(cell: Cell) -> str | None:
    """Reads a day that has been."""
    found = cells.day(cell)
    return found.isoformat() if found else None


def one_of(words: Mapping[Any, str], code: str) -> Reader:
    """Reads one of these words. Raises Unfit with the code for another."""
    known = {word: member.value for member, line in words.items() for word in line.split()}
    known |= {plain(word): value for word, value in known.items()}

    def read(cell: Cell) -> str | None:
        value = cells.text(cell).casefold()
        if value in _UNKNOWN:
            return None
        found = known.get(value) or known.get(plain(value))
        if found is None:
            raise Unfit(code)
        return found

    return read
