"""Connections to the database: what each is told at its beginning, and which of the pool may still be used."""

import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Connection, Dialect, Engine, Pool, event, make_url
from sqlalchemy.exc import DisconnectionError

APPLICATION = "prepaid-desk"  # what its connections to PostgreSQL are called
BUSY_MS = 10_000
LOCK_MS = 5_000
STATEMENT_MS = 30_000
IDLE_S = 30  # after which a connection is asked whether it is still there
GIVEN_BACK = "given back at"
UNASKED = 1 << 62  # how often the driver sees a question before it has it planned once without having been told
# For questions that are asked all the time and whose plan does not hang on the values: PostgreSQL plans them once for
# each connection. A question for a list is planned for its own values each time, or it may run through the wrong index.
PLANNED_ONCE: dict[str, Any] = {"is_planned_once": True}


class _Connection(psycopg.Connection[Any]):
    """A connection to PostgreSQL on which a rollback forgets no plan.

    The driver forgets them all, because a rollback may undo the making of a table; but whatever only reads ends with
    one, so that nothing would ever be planned once.
    """

    def rollback(self) -> None:
        with self.lock:
            is_sound = self.pgconn.transaction_status == TransactionStatus.INTRANS
            if is_sound and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                return
        super().rollback()


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Dialect, _record: Any, arguments: Any, options: dict[str, Any]) -> Any:
    if dialect.driver != "psycopg" or dialect.is_async:
        return None
    return _Connection.connect(*arguments, **options, prepare_threshold=UNASKED)


@event.listens_for(Engine, "do_execute")
def _execute(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    is_planned_once = context is not None and context.execution_options.get("is_planned_once", False)
    if is_planned_once and isinstance(cursor, psycopg.Cursor):
        cursor.execute(statement, parameters, prepare=True)
        return True
    return False


def has_begun(connection: Connection) -> bool:
    """Whether PostgreSQL has begun the transaction: it does with the first question, not before."""
    return _driver_of(connection).pgconn.transaction_status != TransactionStatus.IDLE


@contextmanager
def before_it_begins(connection: Connection) -> Iterator[Connection]:
    """Questions to PostgreSQL on a connection whose transaction has not begun, and does not begin by them."""
    driver = _driver_of(connection)
    driver.autocommit = True
    try:
        yield connection
    finally:
        if not driver.closed:
            driver.autocommit = False


def _driver_of(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - nothing else is PostgreSQL here
    return driver


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver's own BEGIN would be a deferred one
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Pool, "checkin")
def _note_the_moment(_connection: Any, record: Any) -> None:
    record.info[GIVEN_BACK] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _refuse_the_lost(connection: Any, record: Any, _holder: Any) -> None:
    """Hand out no connection that the server has ended: nobody has asked it anything, and yet it has something to say.

    Looking for that costs no way to the server and back, as asking it would. What is idle for long is asked: a
    wall between here and there forgets connections in silence. Nor one that would commit each statement by itself,
    because whoever looked with it was stopped in the middle (`before_it_begins`): money is never written so.
    """
    if isinstance(connection, psycopg.Connection) and GIVEN_BACK in record.info:
        is_idle = time.monotonic() - record.info[GIVEN_BACK] > IDLE_S
        is_unfit = connection.closed or connection.autocommit or _has_something_to_say(connection)
        if is_unfit or (is_idle and not _answers(connection)):
            raise DisconnectionError


def _has_something_to_say(connection: psycopg.Connection) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(poll.poll(0))


def _answers(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error:
        return False
    return True


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        options = connection.get_execution_options()
        patience = f"PRAGMA busy_timeout={options.get('patience_ms', BUSY_MS)}"
        connection.connection.driver_connection.execute(patience)
        connection.exec_driver_sql(f"BEGIN {options.get('begin', 'DEFERRED')}")


def engine_options(url: str, *, is_replica: bool = False) -> dict[str, Any]:
    """What the engine of this database needs: time-outs, a pool, READ COMMITTED, and errors that hold no values.

    url: the database's address. Options that it names itself (such as a search_path) are kept.
    is_replica: nothing can be written through it.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": BUSY_MS / 1000, "check_same_thread": False}}
    own = f"-c lock_timeout={LOCK_MS} -c statement_timeout={STATEMENT_MS} -c idle_in_transaction_session_timeout=60000"
    own += " -c default_transaction_read_only=on" if is_replica else ""
    named = parsed.query.get("options", "")
    return {
        "hide_parameters": True,
        "isolation_level": "READ COMMITTED",
        "pool_size": 16,
        "max_overflow": 16,
        "pool_recycle": 1800,
        "connect_args": {"options": f"{own} {named}".strip(), "application_name": APPLICATION},
    }
