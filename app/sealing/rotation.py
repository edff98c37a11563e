"""Sealing everything again with the first key, while the desk serves; it may be stopped and run again."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.sealed import Unreadable, is_of_first_key, mark, seal, unseal
from app.extensions import db
from app.sealing import operations, queries
from app.sealing.operations import Resealed
from app.sealing.queries import SealedColumn, Token

AT_ONCE = 1000
Tell = Callable[[int], None]


@dataclass
class Rotation:
    """What a run did. rows: sealed again, by column; unreadable: those that none of the keys opens."""

    rows: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    def fields(self) -> Mapping[str, int]:
        """The rows by what is sealed, of all tables together."""
        found: Counter[str] = Counter()
        for name, count in self.rows.items():
            found[name.rpartition(".")[2]] += count
        return found

    @property
    def lost(self) -> int:
        return sum(self.unreadable.values())


def rotate(*, actor: Actor, tell: Tell = lambda rows: None) -> Rotation:
    """Seal again what the first key has not sealed, in transactions of AT_ONCE rows. tell: called with rows so far.

    What cannot be read is counted and left as it is. However it ends, a record says how far it came.
    """
    done = Rotation()
    try:
        for column in queries.sealed_columns():
            _rotate(column, done, actor, tell)
    finally:
        if done.total or done.lost:
            in_transaction(partial(operations.note, done.fields(), done.lost, actor=actor))
    return done


def _rotate(column: SealedColumn, done: Rotation, actor: Actor, tell: Tell) -> None:
    done.rows[column.name] = done.unreadable[column.name] = 0
    after = None
    while found := queries.tokens(column, after, limit=AT_ONCE):
        db.session.rollback()  # nothing is held while it is sealed
        rows = [row for token in found if (row := _anew(token, column, done)) is not None]
        if rows:
            in_transaction(partial(operations.replace, column, rows, actor=actor))
            done.rows[column.name] += len(rows)
            tell(done.total)
        after = found[-1].key


def seal_anew(token: Token) -> Resealed:
    """The same value by the first key. Raises Unreadable."""
    plain = unseal(token.text)
    return Resealed(token, seal(plain), mark(plain))


def _anew(token: Token, column: SealedColumn, done: Rotation) -> Resealed | None:
    if is_of_first_key(token.text):
        return None
    try:
        return seal_anew(token)
    except Unreadable:
        done.unreadable[column.name] += 1
        return None
