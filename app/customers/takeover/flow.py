"""Taking a list over, step by step: look at the file, check every row, apply. Run by the command and the browser.

Each step begins and ends its own transactions. `tell` is called with the number of rows that are done.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor
from app.core.commands import Request, execute
from app.core.db import in_transaction
from app.core.errors import Refused, Unavailable
from app.core.money import to_text
from app.customers.takeover import kept, operations, queries, refusals, rows
from app.customers.takeover.cells import Cell
from app.customers.takeover.kinds import ListKind, ReadRow
from app.customers.takeover.layout import Layout
from app.customers.takeover.source import Source, open_list
from app.extensions import db
from app.shop.queries import setting

BATCH = 1000
LARGE = 20_000  # rows whose applying holds up writers long enough to tell them
MOST_LISTED = 50
Tell = Callable[[int], None]


def _tell_nobody(_rows: int) -> None:
    pass


def look(path: Path, kind: ListKind) -> tuple[Layout, int]:
    """The layout that a file seems to have, and how many lines. Raises BadFile; keeps nothing."""
    source = open_list(path)
    return Layout.of(source, kind), source.height


def check(import_id: int, path: Path, layout: Layout, *, actor: Actor, tell: Tell = _tell_nobody) -> None:
    """Read every row of the file and stage it. Raises BadFile, after which the import is marked as failed."""
    begin_check(import_id, layout, actor=actor)
    check_rows(import_id, path, layout, actor=actor, tell=tell)


def begin_check(import_id: int, layout: Layout, *, actor: Actor) -> None:
    """The first step of `check`; `check_rows` is the long one. Raises NotReady."""
    in_transaction(lambda: operations.start_staging(import_id, layout.as_json(), actor=actor))


def check_rows(
    import_id: int,
    path: Path,
    layout: Layout,
    *,
    actor: Actor,
    tell: Tell = _tell_nobody,
    is_tried_again: bool = False,
) -> None:
    """Stage the rows of an import whose check has begun. Raises BadFile.

    is_tried_again: whoever calls does so again when the database is busy.
    """
    with _failing(import_id, actor, is_tried_again):
        layout.require_sure()
        forget_rows(import_id, actor=actor)
        reading = Reading(open_list(path), layout, _region())
        done = 0
        while batch := list(islice(reading.rows, BATCH)):
            _stage(layout.kind, import_id, batch, actor)
            done += len(batch)
            tell(done)
        if not done:
            raise refusals.Empty
        in_transaction(lambda: operations.finish_staging(import_id, notes=reading.notes(), actor=actor))


def _stage(kind: ListKind, import_id: int, batch: Sequence[ReadRow], actor: Actor) -> None:
    in_transaction(lambda: operations.stage(kind, import_id, batch, actor=actor))


def _region() -> str:
    region = str(setting("phone_region"))
    db.session.rollback()
    return region


class Reading:
    """The rows of a file that tell of somebody, and what was passed over between them."""

    def __init__(self, source: Source, layout: Layout, region: str) -> None:
        self._read_row = layout.kind.reader(region)
        self.rows = self._rows()
        self._source, self._layout, self._region = source, layout, region
        self._empty = self._named_by_phone = 0
        self._totals: list[int] = []
        self._differs: dict[str, Any] | None = None
        self._sum: Decimal | None = Decimal(0)

    def _rows(self) -> Iterator[ReadRow]:
        fields = self._layout.fields
        for line, cells in self._source.rows():
            if line <= self._layout.line:
                continue
            if rows.is_empty(cells):
                self._empty += 1
            elif word := rows.total_of(cells, fields, self._layout.kind, self._region):
                self._note_total(line, word, cells)
            else:
                yield self._read(line, cells)

    def _read(self, line: int, cells: Sequence[Cell]) -> ReadRow:
        row, money = self._read_row(line, cells, self._layout.fields), self._layout.kind.money
        self._named_by_phone += row.is_named_by_phone
        if money in row.errors:
            self._sum = None
        elif self._sum is not None and money is not None:
            self._sum += Decimal(row.values.get(money.value, 0))
        return row

    def _note_total(self, line: int, word: str, cells: Sequence[Cell]) -> None:
        self._totals.append(line)
        said = rows.stated_total(word, cells, self._layout.fields, self._layout.kind.money)
        if said is not None and self._sum is not None and said != self._sum:
            self._differs = {"line": line, "said": to_text(said), "found": to_text(self._sum)}

    def notes(self) -> dict[str, Any]:
        """What was passed over so far, by the names of wording.NOTES."""
        columns = self._layout.named(self._layout.left_out)
        lines = ", ".join(map(str, self._totals[:MOST_LISTED]))
        sheets = ", ".join(self._source.notes.get("sheets_left", []))
        money = self._layout.kind.money
        found = {
            "empty_rows": {"count": self._empty} if self._empty else None,
            "totals_rows": {"lines": lines} if lines else None,
            "total_differs": self._differs,
            "named_by_phone": {"count": self._named_by_phone} if self._named_by_phone else None,
            "columns_left": {"columns": columns} if columns else None,
            "sheets_left": {"sheets": sheets} if sheets else None,
            "no_balance": {} if money is not None and money not in self._layout.fields.values() else None,
        }
        return {name: figures for name, figures in found.items() if figures is not None}


def take_over(
    kind: ListKind, import_id: int, rows_good: int, *, actor: Actor, tell: Tell = _tell_nobody
) -> dict[str, Any]:
    """Apply a checked list, all of it or nothing. Returns the document's number and totals.

    rows_good: how many rows there are, for the mark that other processes see when there are many. Raises
    RowsRefused, NotReady or ListChanged.
    """
    begin_take_over(import_id, actor=actor)
    return apply_rows(kind, import_id, rows_good, actor=actor, tell=tell)


def begin_take_over(import_id: int, *, actor: Actor) -> None:
    """The first step of `take_over`; `apply_rows` is the long one. Raises RowsRefused or NotReady."""
    in_transaction(lambda: operations.start_applying(import_id, actor=actor))


def apply_rows(
    kind: ListKind,
    import_id: int,
    rows_good: int,
    *,
    actor: Actor,
    tell: Tell = _tell_nobody,
    is_tried_again: bool = False,
) -> dict[str, Any]:
    """Apply an import whose taking over has begun. Raises ListChanged."""

    def seen(done: int) -> None:
        if rows_good >= LARGE:
            kept.put_mark(kept.Mark(import_id, done, rows_good))
        tell(done)

    with _failing(import_id, actor, is_tried_again):
        seen(0)
        try:
            return _apply(kind, import_id, actor, seen)
        finally:
            kept.take_mark()


def _apply(kind: ListKind, import_id: int, actor: Actor, seen: Tell) -> dict[str, Any]:
    request = Request("customer-import", str(import_id), {"import_id": import_id})
    upload = queries.find(import_id, actor=actor).upload
    try:
        answered = execute(request, lambda: operations.apply(kind, import_id, actor=actor, seen=seen))
    except IntegrityError as conflict:
        raise refusals.ListChanged from conflict  # somebody came while the list was written
    forget_rows(import_id, actor=actor)
    kept.drop(upload)
    return dict(answered.answer)


def forget_rows(import_id: int, *, actor: Actor) -> None:
    """Remove the staged rows of an import in short transactions."""
    while in_transaction(lambda: operations.clear_rows(import_id, actor=actor)):
        pass


def forget(import_id: int, *, actor: Actor) -> None:
    """Remove everything of an import that was not applied."""
    forget_rows(import_id, actor=actor)
    kept.drop(in_transaction(lambda: operations.discard(import_id, actor=actor)))


def forget_abandoned(*, actor: Actor) -> int:
    """Remove the lists that nobody has gone on with for days. Returns how many."""
    count = 0
    for import_id in queries.abandoned(actor=actor):
        give_up_dead(import_id, actor=actor)
        with suppress(refusals.NotReady):
            forget(import_id, actor=actor)
            count += 1
    return count


@contextmanager
def _failing(import_id: int, actor: Actor, is_tried_again: bool) -> Iterator[None]:
    """Leave a word on the import when its work ends badly, whatever the reason."""
    try:
        yield
    except Unavailable:
        if not is_tried_again:
            _fail(import_id, {"code": refusals.Interrupted.code}, actor)
        raise
    except Refused as refusal:
        _fail(import_id, {"code": refusal.code, **refusal.figures}, actor)
        raise
    except BaseException:
        _fail(import_id, {"code": refusals.Interrupted.code}, actor)
        raise


def _fail(import_id: int, error: dict[str, Any], actor: Actor) -> None:
    with suppress(refusals.NotReady):  # it was applied, and only the tidying failed
        in_transaction(lambda: operations.fail(import_id, error=error, actor=actor))


def give_up_dead(import_id: int, *, actor: Actor) -> None:
    """Free an import whose work has died with its process, so that it can be begun again."""
    found = queries.find(import_id, actor=actor)
    if queries.is_stalled(found, is_marked=kept.mark() is not None):
        _fail(import_id, {"code": refusals.Interrupted.code}, actor)
