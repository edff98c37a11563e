"""The verbs of sealed values."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, update

from app.audit.operations import record
from app.core.actor import Actor
from app.extensions import db
from app.sealing.queries import SealedColumn, Token


class Resealed(NamedTuple):
    """A row's token as it was, and its token and mark by the first key."""

    was: Token
    sealed: str | None
    mark: str | None


def replace(column: SealedColumn, rows: Sequence[Resealed], *, actor: Actor) -> None:
    """Put these tokens in place of the former ones, but where somebody has changed the row meanwhile.

    Nothing that anybody sees changes, so the row's version stays; `note` records it for all columns together.
    """
    change = update(column.table).where(column.sealed == bindparam("was"))
    for place, key in enumerate(column.key):
        change = change.where(key == bindparam(f"key_{place}"))
    change = change.values({column.sealed: bindparam("token")})
    if column.mark is not None:
        change = change.values({column.mark: bindparam("mark")})
    db.session.connection().execute(change, [_bound(column, row) for row in rows])


def _bound(column: SealedColumn, row: Resealed) -> dict[str, object]:
    key = {f"key_{place}": value for place, value in enumerate(row.was.key)}
    marked = {} if column.mark is None else {"mark": row.mark}
    return {"was": row.was.text, "token": row.sealed, **key, **marked}


def note(rows: Mapping[str, int], unreadable: int, *, actor: Actor) -> None:
    """Write down that values were sealed again. rows: how many, by what they are."""
    changes = {name: (None, count) for name, count in {**rows, "unreadable": unreadable}.items() if count}
    record("sealing.rotate", "sealed-values", None, actor=actor, changes=changes)
