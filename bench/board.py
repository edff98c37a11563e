"""The owner's overview of 180 days: how long the database works for it, in a new process and in one that knows."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text

from bench.ground import Ground
from bench.measure import judge, tell, title
from bench.processors import nanoseconds

MOST = 20
TIMES = 7


def run(ground: Ground) -> None:
    title("The overview of 180 days: milliseconds of the database's processor time")
    app = ground.large.app
    with app.app_context():
        from app.extensions import db  # noqa: PLC0415 - after the application
        from app.reports import board, remembered  # noqa: PLC0415

        def forget() -> None:
            for kept in vars(remembered).values():
                getattr(kept, "cache_clear", lambda: None)()

        def ask(prepare: Callable[[], None]) -> tuple[float, list[tuple[float, str]]]:
            prepare()
            db.session.rollback()
            backend = db.session.scalar(text("SELECT pg_backend_pid()"))
            return _in_database(db.engine, backend, lambda: board.board(180))

        ask(forget)
        for name, prepare in {"a process that knows no day": forget, "one that was asked before": lambda: None}.items():
            ask(prepare)
            total, parts = sorted((ask(prepare) for _ in range(TIMES)), key=lambda found: found[0])[TIMES // 2]
            judge(name, total, most=MOST, unit=" ms")
            for each, statement in sorted(parts, reverse=True)[:3]:
                tell(f"  {each:5.1f} ms", " ".join(statement.split())[:90])
        db.session.rollback()


def _in_database(engine: Any, backend: int, work: Callable[[], object]) -> tuple[float, list[tuple[float, str]]]:
    """Milliseconds that this process of the database works for the statements, all together and each."""
    began: list[int] = []
    parts: list[tuple[float, str]] = []

    def before(*_: Any) -> None:
        began.append(nanoseconds(backend))

    def after(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        parts.append(((nanoseconds(backend) - began[-1]) / 1e6, statement))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)
    return sum(milliseconds for milliseconds, _statement in parts), parts
