"""What is told on stderr: one line for each event, with the request that it belongs to and without personal data.

Messages of errors are left out, for they quote what people have typed; what the database says of itself is kept.
"""

import atexit
import json
import logging
import queue
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Thread
from types import TracebackType
from typing import Any, TextIO

from flask import Flask
from flask.logging import default_handler
from sqlalchemy.exc import DBAPIError, OperationalError

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)  # of the request under way

MOST_WAITING = 10_000  # lines that nobody has taken; what comes then is dropped
LAST_WORDS = 2.0  # seconds
# They tell names, or too much.
STRANGERS = {"flask_appbuilder": "ERROR", "waitress": "ERROR", "huey": "ERROR", "alembic": "WARNING"}
NO_BREAKS = {10: "\\n", 13: "\\r", 0x85: "\\x85", 0x2028: "\\u2028", 0x2029: "\\u2029", 27: "\\x1b", 0: "\\0"}


def configure(app: Flask, stream: TextIO | None = None) -> None:
    """Tell of this process on `stream` (stderr) as the settings say. Called by who serves or does jobs; once."""
    form = Lines() if app.config["LOG_FORMAT"] == "json" else Text()
    handler = Spool(stream or sys.stderr)
    handler.setFormatter(form)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(app.config["LOG_LEVEL"])
    app.logger.removeHandler(default_handler)
    for name, level in STRANGERS.items():
        logging.getLogger(name).setLevel(level)
    server = logging.getLogger("gunicorn.error")
    if server.handlers:  # a worker of gunicorn
        server.handlers, server.propagate = [], True


class Spool(logging.Handler):
    """Hands lines to a thread that writes them: a terminal or pipe that nobody reads must not stop the shop."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._writer = Thread(target=self._write, name="log", daemon=True)
        self._writer.start()
        atexit.register(self.close)

    def emit(self, record: logging.LogRecord) -> None:
        if self._lines.qsize() < MOST_WAITING:
            try:
                self._lines.put(self.format(record))
            except Exception:
                self._lines.put('{"level": "error", "message": "an event could not be told of"}')

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):
                continue  # nobody listens any more

    def close(self) -> None:
        """Write what waits, but wait no longer than LAST_WORDS for it."""
        self._lines.put(None)
        self._writer.join(LAST_WORDS)
        super().close()


class Lines(logging.Formatter):
    """One JSON object in one line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_told(record), ensure_ascii=False, default=str).translate(NO_BREAKS)


class Text(logging.Formatter):
    """The same for people: one line, and the traceback under it, set in."""

    def format(self, record: logging.LogRecord) -> str:
        told = _told(record)
        errors = told.pop("errors", ())
        head = f"{told.pop('time')} {told.pop('level'):<7} {told.pop('message')}"
        line = " ".join([head, *(f"{name}={value}" for name, value in told.items() if value is not None)])
        below = [f"    {text}" for error in errors for text in (f"{error['type']} {error['said']}", *error["at"])]
        return "\n".join(each.translate(NO_BREAKS) for each in [line, *below])


def _told(record: logging.LogRecord) -> dict[str, Any]:
    fields: Mapping[str, Any] = getattr(record, "fields", {})
    args = record.args if isinstance(record.args, tuple) else ("",)
    is_plain = not record.name.startswith("gunicorn") or all(isinstance(each, int) for each in args)
    told = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage() if is_plain else str(record.msg),  # its words quote the address
        "request": request_id.get(),
        **fields,
    }
    if record.exc_info and record.exc_info[1]:
        told["errors"] = [_error(each) for each in _chain(record.exc_info[1])]
    return told


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and what it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _error(error: BaseException) -> dict[str, Any]:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return {"type": kind, "said": _said(error), "at": _frames(error.__traceback__)}


def _said(error: BaseException) -> str:
    """What can be told of it: never a value that was sent, which a message may hold."""
    if isinstance(error, OperationalError):
        return str(error.orig).strip().partition("\n")[0]
    if isinstance(error, DBAPIError):
        state, facts = getattr(error.orig, "sqlstate", None), getattr(error.orig, "diag", None)
        named = (state, getattr(facts, "table_name", None), getattr(facts, "constraint_name", None))
        return " ".join(str(each) for each in named if each)
    return error.strerror or "" if isinstance(error, OSError) else ""


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{at.filename}:{at.lineno} {at.name}: {at.line}" for at in traceback.extract_tb(trace)]
