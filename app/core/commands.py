"""Commands: one request of one sender, done once however often it is sent.

A command that moved money is written in the transaction of the money; one that a rule refused is written by
itself, after the rollback. No row ever says that something is under way.
"""

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.connections import LOCK_MS
from app.core.db import BigId, JsonText, Model, UtcDateTime, dump_json, in_transaction, is_postgresql
from app.core.errors import Forbidden, Invalid, NotFound, OutcomeUnknown, Refused, Stale, Unavailable
from app.extensions import db

LONGEST_KEY = 255


class Outcome(StrEnum):
    APPLIED = "applied"
    REFUSED = "refused"


class Command(Model):
    """One request of one sender, and how it was answered. answer: ids and amounts, no personal data."""

    __tablename__ = "command"
    __table_args__ = (
        UniqueConstraint("scope", "key"),
        Index("ix_command_business_date", "business_date"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    scope: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    request_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[Outcome]
    code: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[dict] = mapped_column(JsonText)
    business_date: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyReused(Exception):
    """The key was used before, for another request."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, by whom, under which name.

    scope: the sender. key: the sender's name for the request. content: everything that makes it this request
    and no other, normalised; only its hash is kept.
    """

    scope: str
    key: str
    content: Mapping[str, Any]

    @property
    def hash(self) -> str:
        return hashlib.sha256(dump_json(self.content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answered:
    """How a command was answered. refusal: set when a rule said no. is_replay: it was answered before."""

    answer: Mapping[str, Any]
    refusal: Refused | None = None
    is_replay: bool = False


@dataclass(slots=True)
class Running:
    """The command that the present transaction belongs to.

    written: the answer that its row holds already, because a posting wrote it along with the money.
    """

    request: Request
    id: int = field(default_factory=lambda: new_id())
    written: Mapping[str, Any] | None = None

    def row(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of the row. Who inserts them sets `written`."""
        return _row(self.id, self.request, Outcome.APPLIED, None, answer)


_running: ContextVar[Running | None] = ContextVar("running_command", default=None)


def new_id() -> int:
    """A number that grows with time: milliseconds since 2020 and 20 random bits. A clash aborts the insert."""
    return (time.time_ns() // 1_000_000 - 1_577_836_800_000) << 20 | secrets.randbits(20)


def new_key() -> str:
    """A key for a request whose sender has none of his own: a form, a job."""
    return secrets.token_urlsafe(24)


def running() -> Running | None:
    """The command under way in this thread, if any."""
    return _running.get()


def unasked(name: str) -> Running:
    """A command of the house's own making, for work that no request asked for: a job, a console."""
    return Running(Request(f"system:{name}"[:64], new_key(), {}))


def execute(request: Request, work: Callable[[], Mapping[str, Any]]) -> Answered:
    """Do `work` once for this request: apply it, or say again what was said the first time.

    work runs in a transaction of its own and returns the answer to keep: ids and amounts, plain JSON. Raises
    KeyReused, what `in_transaction` raises, and what `work` raises unless it is a refusal that is kept. While the
    same request is under way already it waits for that one's answer, and raises Unavailable when it takes too long.
    """
    with _alone(request):
        return _execute(request, work)


def _execute(request: Request, work: Callable[[], Mapping[str, Any]]) -> Answered:
    try:
        return Answered(in_transaction(lambda: _apply(request, work)))
    except IntegrityError as conflict:
        if (found := find(request)) and "command" in str(conflict.orig):
            return found
        raise
    except OutcomeUnknown as unknown:
        return _look(request, unknown) or _execute(request, work)
    except (Forbidden, Invalid, NotFound, Refused, Stale) as wrong:
        if isinstance(wrong, Refused) and wrong.is_frozen:
            return _refuse(request, wrong)
        # What was applied stays applied, whatever has become of the customer, the store or the version since.
        if (found := find(request)) is None:
            raise
        return found


_under_way: set[tuple[str, str]] = set()
_one_ended = threading.Condition()


@contextmanager
def _alone(request: Request) -> Iterator[None]:
    """Let the copies of one request go one after the other on SQLite, none waiting longer than LOCK_MS for another.

    On PostgreSQL the second copy meets the locks of the first one, whichever process that is in. Here it would wait
    for the one writer, and as long as anybody waits for that. Raises Unavailable.
    """
    if is_postgresql():
        yield
        return
    name = request.scope, request.key
    with _one_ended:
        if not _one_ended.wait_for(lambda: name not in _under_way, LOCK_MS / 1000):
            raise Unavailable(in_flight=True)
        _under_way.add(name)
    try:
        yield
    finally:
        with _one_ended:
            _under_way.remove(name)
            _one_ended.notify_all()


def _look(request: Request, unknown: OutcomeUnknown) -> Answered | None:
    """How a request was answered whose COMMIT broke off. With the database away nobody can say."""
    try:
        return find(request)
    except OperationalError:
        db.session.rollback()
        raise unknown from None


def _apply(request: Request, work: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    command = Running(request)
    token = _running.set(command)
    try:
        answer = work()
    finally:
        _running.reset(token)
    if command.written is None:
        db.session.execute(insert(Command).values(**command.row(answer)))
    elif command.written != answer:
        db.session.execute(update(Command).where(Command.id == command.id).values(answer=dict(answer)))
    return answer


def _refuse(request: Request, refusal: Refused) -> Answered:
    figures = json.loads(dump_json(dict(refusal.figures)))
    row = _row(new_id(), request, Outcome.REFUSED, refusal.code, figures)
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    statement = insert_(Command).values(**row).on_conflict_do_nothing(index_elements=["scope", "key"])
    # An insert's rowcount is -1 with some drivers; what it returns is certain.
    is_new = in_transaction(lambda: db.session.scalar(statement.returning(Command.id)) is not None)
    return Answered(figures, refusal) if is_new else find(request) or Answered(figures, refusal)


def find(request: Request) -> Answered | None:
    """How this request was answered before; None when it is new. Raises KeyReused."""
    db.session.rollback()
    row = db.session.execute(
        select(Command.request_hash, Command.outcome, Command.code, Command.answer).where(
            Command.scope == request.scope, Command.key == request.key
        )
    ).one_or_none()
    db.session.rollback()
    if row is None:
        return None
    if row.request_hash != request.hash:
        raise KeyReused
    if row.outcome is Outcome.APPLIED:
        return Answered(row.answer, is_replay=True)
    return Answered(row.answer, Refused.known.get(row.code, Refused)(**row.answer), is_replay=True)


def _row(
    command_id: int, request: Request, outcome: Outcome, code: str | None, answer: Mapping[str, Any]
) -> dict[str, Any]:
    at = clock.now()
    return {
        "id": command_id,
        "scope": request.scope,
        "key": request.key,
        "request_hash": request.hash,
        "outcome": outcome,
        "code": code,
        "answer": dict(answer),
        "business_date": clock.shop_clock().business_date(at),
        "recorded_at": at,
    }
