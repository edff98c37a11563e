"""Where the headings of a list are, and which column is which field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any

from app.core.sealed import mask
from app.customers.takeover import refusals
from app.customers.takeover.cells import Cell, Unfit, phone, shown
from app.customers.takeover.headings import assign, may_be_money, plain, recognised
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.source import Source

SEARCHED = 20
SAMPLES = 5


@dataclass(frozen=True)
class Layout:
    """kind: of the list. headings: of every column. line: of the row that they stand in; 0 when there is none, and
    the columns are called A, B, C. fields: which column is what. doubtful: pairs of columns that could be one field.
    """

    kind: ListKind
    headings: tuple[str, ...]
    line: int
    fields: Mapping[int, StrEnum]
    doubtful: tuple[tuple[int, int], ...] = ()
    samples: tuple[tuple[str, ...], ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, source: Source, kind: ListKind) -> "Layout":
        """Find the row of headings among the first ones. Raises Empty."""
        rows = list(islice(_filled(source), SEARCHED + SAMPLES))
        if not rows:
            raise refusals.Empty
        width = max(len(cells) for _line, cells in rows)
        place = _heading_place(rows[:SEARCHED], kind)
        texts = [tuple(shown(cell) for cell in cells) + ("",) * (width - len(cells)) for _line, cells in rows]
        if place is None:
            return cls(kind, tuple(letters(column) for column in range(width)), 0, {}, (), tuple(texts[:SAMPLES]))
        fields, doubtful = assign(texts[place], kind)
        samples = tuple(texts[place + 1 : place + 1 + SAMPLES])
        return cls(kind, texts[place], rows[place][0], fields, tuple(doubtful), samples)

    @classmethod
    def kept(cls, value: Mapping[str, Any], kind: ListKind) -> "Layout":
        """A layout that `as_json` made."""
        return cls(
            kind=kind,
            headings=tuple(value["headings"]),
            line=value["line"],
            fields={int(column): kind.fields(name) for column, name in value["fields"].items()},
            doubtful=tuple((first, second) for first, second in value["doubtful"]),
            samples=tuple(tuple(sample) for sample in value["samples"]),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "headings": list(self.headings),
            "line": self.line,
            "fields": {str(column): name.value for column, name in self.fields.items()},
            "doubtful": [list(pair) for pair in self.doubtful],
            "samples": [[self._kept(column, text) for column, text in enumerate(each)] for each in self.samples],
        }

    def _kept(self, column: int, text: str) -> str:
        """An example as it may be kept: of what is sealed, its mask."""
        return mask(text) or "" if self.fields.get(column) in self.kind.sealed else text

    def mapped(self, mapping: Mapping[str, Any]) -> "Layout":
        """With some columns named by hand. mapping: {"column heading": "field", or null to leave it out}.

        Raises BadMapping for a column or field that is not there, or a field named twice.
        """
        chosen = {self._column(heading): self._field(name) for heading, name in mapping.items()}
        named = [name for name in chosen.values() if name]
        if len(named) > len(set(named)):
            raise self._bad(next(name for name in named if named.count(name) > 1))
        fields = {column: name for column, name in self.fields.items() if column not in chosen and name not in named}
        fields |= {column: name for column, name in chosen.items() if name}
        doubtful = tuple(pair for pair in self.doubtful if not chosen.keys() & set(pair))
        return replace(self, fields=fields, doubtful=doubtful)

    def assigned(self, fields: Mapping[int, StrEnum]) -> "Layout":
        """With exactly these fields, chosen by a person who saw the columns. Raises TwoColumns or NoPhoneColumn."""
        for name in fields.values():
            columns = [column for column, each in fields.items() if each is name]
            if len(columns) > 1:
                raise refusals.TwoColumns(columns=self.named(columns))
        chosen = replace(self, fields=dict(fields), doubtful=())
        chosen.require_sure()
        return chosen

    def _column(self, heading: str) -> int:
        for alike in (str.strip, plain, str.casefold):
            names = [alike(each) for each in self.headings]
            if names.count(alike(heading)) == 1:
                return names.index(alike(heading))
        raise self._bad(heading)

    def _field(self, name: Any) -> StrEnum | None:
        if name in (None, ""):
            return None
        try:
            return self.kind.fields(name)
        except ValueError:
            raise self._bad(str(name)) from None

    def _bad(self, name: str) -> refusals.BadMapping:
        return refusals.BadMapping(
            name=name, columns=self.named(range(len(self.headings))), fields=", ".join(self.kind.fields)
        )

    def require_sure(self) -> None:
        """Raises NoPhoneColumn, TwoColumns or MoneyColumnLeft when a person had better decide."""
        if self.kind.phone not in self.fields.values():
            raise refusals.NoPhoneColumn(columns=self.named(range(len(self.headings))))
        if self.doubtful:
            raise refusals.TwoColumns(columns=self.named(self.doubtful[0]))

    def require_money_seen(self) -> None:
        """Raises MoneyColumnLeft: a list whose balances were overlooked cannot be taken over a second time."""
        left = [column for column in self.left_out if may_be_money(self.headings[column])]
        if left and self.kind.money and self.kind.money not in self.fields.values():
            raise refusals.MoneyColumnLeft(columns=self.named(left))

    @property
    def left_out(self) -> list[int]:
        return [column for column, heading in enumerate(self.headings) if heading and column not in self.fields]

    def named(self, columns: Sequence[int]) -> str:
        return ", ".join(self.headings[column] for column in columns if self.headings[column])


def _filled(source: Source) -> Iterator[tuple[int, Sequence[Cell]]]:
    return ((line, cells) for line, cells in source.rows() if any(cell not in ("", None) for cell in cells))


def _heading_place(rows: Sequence[tuple[int, Sequence[Cell]]], kind: ListKind) -> int | None:
    """The row with the most words that we know; else the first row that looks like headings above phone numbers."""
    known = [
        sum(isinstance(cell, str) and recognised(cell, kind) is not None for cell in cells) for _line, cells in rows
    ]
    best = max(range(len(rows)), key=lambda place: known[place])
    if known[best] >= 2 or (known[best] == 1 and not _has_phone(rows[best][1])):
        return best
    first = next((place for place, (_line, cells) in enumerate(rows) if _has_phone(cells)), len(rows))
    above = [
        place for place in range(first) if sum(isinstance(cell, str) and bool(cell) for cell in rows[place][1]) > 1
    ]
    return above[-1] if above else None


def _has_phone(cells: Sequence[Cell]) -> bool:
    return any(_is_phone(cell) for cell in cells)


def _is_phone(cell: Cell) -> bool:
    try:
        return bool(phone(cell, "CN"))
    except Unfit:
        return False


def letters(column: int) -> str:
    """The name of a column in a spreadsheet: A, B, ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
