"""Row numbers taken before the rows are written, so that many rows can name each other and be written at once."""

from sqlalchemy import Table, func, literal_column, select, text

from app.core.db import is_postgresql
from app.extensions import db


def take_ids(table: Table, count: int) -> list[int]:
    """So many new primary keys, ascending, for rows that the present transaction will insert.

    On SQLite the transaction must hold the write lock, as every one of `in_transaction` does.
    """
    if is_postgresql():
        numbers = select(func.nextval(f"{table.name}_id_seq")).select_from(func.generate_series(1, count))
        return sorted(db.session.scalars(numbers))
    first = _highest(table) + 1
    return list(range(first, first + count))


def _highest(table: Table) -> int:
    """The highest number ever given, also to rows that are gone where the table counts those (AUTOINCREMENT)."""
    highest = db.session.scalar(select(func.coalesce(func.max(literal_column("id")), 0)).select_from(table)) or 0
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return highest
    ever = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return max(highest, db.session.scalar(ever, {"name": table.name}) or 0)
