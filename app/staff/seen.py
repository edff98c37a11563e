"""When a session or a key was last used: told to five minutes, so that hardly a request writes it.

It is written after the answer was made, in a transaction of its own: no handler waits for it, and none that only
reads becomes one that writes. A busy database loses it, which the next request makes good.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request
from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.connections import BUSY_MS
from app.core.db import is_postgresql
from app.extensions import db
from app.staff.models import ApiKey, StaffSession

COARSE = timedelta(minutes=5)
_COLUMNS = {StaffSession: "last_seen_at", ApiKey: "last_used_at"}


def note(kind: type[Any], number: int, last: datetime | None) -> None:
    """Write down that the session or key was used now, unless that was done within five minutes."""
    now = clock.real_now()
    if last is not None and now - last < COARSE:
        return

    def write(response: Response) -> Response:
        _write(update(kind).where(kind.id == number).values({_COLUMNS[kind]: now}))
        return response

    after_this_request(write)


def _write(statement: Any) -> None:
    try:
        with db.engine.connect() as connection, _impatient(connection), connection.begin():
            connection.execute(statement)
    except DBAPIError:
        return


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """Nobody's answer waits long for this. On PostgreSQL no one holds these rows for long anyway."""
    if is_postgresql():
        yield
        return
    connection.exec_driver_sql("PRAGMA busy_timeout=100")
    connection.rollback()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
        connection.rollback()
