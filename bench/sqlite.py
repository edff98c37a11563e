"""SQLite: recharges over HTTP with 8 clients, against the bare sqlite3 module doing the same statements."""

import shutil
import sqlite3
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.clients import load
from bench.ground import Ground, House, size
from bench.measure import Rate, joined, judge, tell, title
from bench.people import open_app, token
from bench.serving import alone

ROUNDS = 3
CLIENTS = 8
RECORDED = 1500
Statement = tuple[str, Any, bool]


def run(ground: Ground) -> None:
    title(f"SQLite: recharges over HTTP with {CLIENTS} clients, against bare sqlite3 with synchronous=FULL")
    house, seconds = ground.sqlite, size("BENCH_SECONDS", 5)
    customers, bearer = house.customers(), token(house.app)
    statements = _recorded(house, customers, ground.folder / "recorded.db")
    tell("statements of one recharge", sum(1 for each in statements if not each[0].startswith("BEGIN")) / RECORDED)
    bare, http = [], []
    with alone(house) as served:
        load(served.port, 1, "recharges", bearer, customers, connections=CLIENTS)
        for number in range(ROUNDS):
            bare.append(_replayed(house, statements, ground.folder / f"bare{number}.db"))
            http.append(load(served.port, seconds, "recharges", bearer, customers, connections=CLIENTS).rate)
    tell("bare sqlite3, one connection", joined(bare))
    tell("over HTTP", joined(http))
    judge("share of the bare rate", joined(http).per_second / joined(bare).per_second * 100, least=35, unit=" %")


def _copied(house: House, path: Path) -> Path:
    """The house's database as it is now, at another place."""
    with sqlite3.connect(house.url.removeprefix("sqlite:///")) as source, sqlite3.connect(path) as target:
        source.backup(target)
    return path


def _recorded(house: House, customers: list[int], path: Path) -> list[Statement]:
    """Every statement, with its values, of so many recharges in a copy of the house; None at each commit."""
    _copied(house, path)
    shutil.copy(path, path.with_name("before.db"))
    app, seen = open_app(f"sqlite:///{path}"), []
    with app.app_context():
        from app.core.actor import Actor, ActorKind  # noqa: PLC0415 - after the application
        from app.core.commands import Request, execute, new_key  # noqa: PLC0415
        from app.extensions import db  # noqa: PLC0415
        from app.ledger.operations import recharge  # noqa: PLC0415
        from app.shop.models import Method  # noqa: PLC0415

        def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, is_many: bool) -> None:
            seen.append((statement, values, is_many))

        event.listen(db.engine, "before_cursor_execute", note)
        for number in range(RECORDED):
            customer = customers[number % len(customers)]
            paid = {"method": Method.WECHAT, "store_id": 1, "actor": Actor(ActorKind.STAFF, 1, "bench")}
            request = Request("staff:1", new_key(), {"customer": customer})
            execute(request, lambda: recharge(customer, Decimal(100), **paid).answer())  # noqa: B023
        event.remove(db.engine, "before_cursor_execute", note)
        db.session.remove()
        db.engine.dispose()
    return seen


def _replayed(house: House, statements: list[Statement], path: Path) -> Rate:
    """The same statements, one connection, one thread, nothing but the module of the language."""
    shutil.copy(path.with_name("before.db"), path)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    began, is_open = time.perf_counter(), False
    for statement, values, is_many in statements:
        if statement.startswith("BEGIN") and is_open:
            connection.execute("COMMIT")
        is_open = True
        answer = (connection.executemany if is_many else connection.execute)(statement, values)
        answer.fetchall()
    connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return Rate(RECORDED, took)
