"""The model base, the column types, and the one way to change data: `in_transaction`."""

import enum
import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from flask_appbuilder import Model
from sqlalchemy import BigInteger, Connection, DateTime, Enum, Integer, Text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from app.core import errors, money, tally
from app.core.connections import BUSY_MS
from app.extensions import REPLICA, db, reads_replica

__all__ = [
    "BigId",
    "JsonText",
    "Model",
    "Money",
    "UtcDateTime",
    "big_id",
    "consistent_view",
    "in_transaction",
    "is_postgresql",
    "reading_reports",
]

Answer = TypeVar("Answer")
TRIES = 3
is_writing: ContextVar[bool] = ContextVar("is_writing", default=False)  # within `in_transaction`
RETRYABLE_STATES = {"40001", "40P01"}
LOCK_NOT_AVAILABLE = "55P03"
_writer = threading.Lock()


class Money(TypeDecorator[Decimal]):
    """An exact amount, kept as whole minor units so that every database agrees."""

    impl = BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        return None if value is None else money.to_minor(Decimal(value))

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else money.from_minor(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; refuses naive ones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class JsonText(TypeDecorator[Any]):
    """A small JSON value kept as text, with sorted keys: the same bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else dump_json(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


def dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return money.to_text(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no plain form")


# SQLite numbers rows by itself only when the key is INTEGER, not BIGINT.
BigId = BigInteger().with_variant(Integer(), "sqlite")

big_id = Annotated[int, mapped_column(BigId, primary_key=True)]

# Enums are stored by value, as short text: a new member then needs no migration.
Model.registry.update_type_annotation_map(
    {
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=32,
            values_callable=lambda kind: [member.value for member in kind],
            validate_strings=True,
        )
    }
)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def in_transaction(work: Callable[[], Answer]) -> Answer:
    """Run `work` in one transaction of its own: all of it is applied, or none.

    Whatever the request has read before is let go first, and `work` may run up to three times, so it must
    fetch what it needs and do nothing slow. Raises what `work` raises; Unavailable when the database stays
    busy, OutcomeUnknown when the connection is lost during COMMIT.
    """
    at_home, writing = reads_replica.set(False), is_writing.set(True)
    try:
        return _tried(work)
    except errors.Refused as refusal:
        tally.refused.send(refusal.code)
        raise
    finally:
        is_writing.reset(writing)
        reads_replica.reset(at_home)


def _tried(work: Callable[[], Answer]) -> Answer:
    give_up_at = time.monotonic() + BUSY_MS / 1000
    for tries_left in reversed(range(TRIES)):
        db.session.rollback()
        with _turn(give_up_at):
            try:
                _begin(give_up_at)
                answer = work()
                db.session.flush()
            except DBAPIError as failure:
                db.session.rollback()
                _retry_or_raise(failure, tries_left, give_up_at)
            except BaseException:
                db.session.rollback()
                raise
            else:
                if _committed(tries_left, give_up_at):
                    return answer
        time.sleep(random.uniform(0.002, 0.02))  # noqa: S311
    raise errors.Unavailable


@contextmanager
def _turn(give_up_at: float) -> Iterator[None]:
    """Let the writers of this process go one after the other on SQLite, which has one writer.

    They would wait in SQLite by asking again after a while, longer and longer: who came last is often first, and who
    has waited long sleeps while nobody writes. Raises Unavailable.
    """
    if is_postgresql():
        yield
        return
    if not _writer.acquire(timeout=max(0, give_up_at - time.monotonic())):
        raise errors.Unavailable
    try:
        yield
    finally:
        _writer.release()


@contextmanager
def consistent_view() -> Iterator[Connection]:
    """A connection that sees one moment of the database, however long it reads. Nothing can be written with it."""
    engine = db.engines.get(REPLICA, db.engine) if reads_replica.get() else db.engine
    with engine.connect() as connection:
        if is_postgresql():
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield connection


@contextmanager
def reading_reports() -> Iterator[None]:
    """What is read in here may be some seconds old: it comes from the replica, when there is one.

    Whatever goes through `in_transaction` meanwhile is read and written at home. Also to be used as a decorator.
    """
    token = reads_replica.set(True)
    try:
        yield
    finally:
        reads_replica.reset(token)


def _begin(give_up_at: float) -> None:
    if not is_postgresql():
        # A read that turns into a write fails at once on SQLite, whatever the busy time-out. Who has waited for his
        # turn waits for other processes only as long as is left.
        left = max(1, round((give_up_at - time.monotonic()) * 1000))
        db.session.connection(execution_options={"begin": "IMMEDIATE", "patience_ms": left})


def _committed(tries_left: int, give_up_at: float) -> bool:
    try:
        db.session.commit()
    except DBAPIError as failure:
        db.session.rollback()
        if failure.connection_invalidated:
            raise errors.OutcomeUnknown from failure
        _retry_or_raise(failure, tries_left, give_up_at)
        return False
    except BaseException:
        db.session.rollback()
        raise
    return True


def _retry_or_raise(failure: DBAPIError, tries_left: int, give_up_at: float) -> None:
    state = getattr(failure.orig, "sqlstate", None)
    if state == LOCK_NOT_AVAILABLE:
        raise errors.Unavailable(in_flight=True) from failure
    if not _is_passing(failure, state):
        raise failure
    # SQLite has waited for its lock by the time it says that it is busy: nobody waits for it three times.
    if not tries_left or time.monotonic() >= give_up_at:
        raise errors.Unavailable from failure


def _is_passing(failure: DBAPIError, state: str | None) -> bool:
    busy = getattr(failure.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return state in RETRYABLE_STATES or busy or failure.connection_invalidated
