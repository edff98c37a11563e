"""How not to do it: a house that posts as one would at first. It reads the balance, adds, and writes it back.

It answers the calls of a storm like the real one and looks for a key before it posts, so one client after another
never notices anything.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
from waitress.server import create_server

TABLES = (
    "CREATE TABLE wallet (id INTEGER PRIMARY KEY, balance INTEGER, is_closed INTEGER)",
    "CREATE TABLE posted (id {number}, key TEXT, wallet INTEGER, kind TEXT, amount INTEGER, balance INTEGER)",
)
Refusal = tuple[str, dict[str, Any]]


class NaiveHouse:
    """connect: a new connection to an empty database that commits each statement by itself."""

    def __init__(self, connect: Callable[[], Any], number: str) -> None:
        self._connect, self._kept = connect, threading.local()
        self._connections: list[Any] = []
        for statement in TABLES:
            self._ask(statement.format(number=number))

    def _ask(self, statement: str, *values: object) -> list[Any]:
        if not hasattr(self._kept, "connection"):
            self._kept.connection = self._connect()
            self._connections.append(self._kept.connection)
        connection = self._kept.connection
        marked = statement.replace("?", "%s") if isinstance(connection, psycopg.Connection) else statement
        ran = connection.execute(marked, values)
        return ran.fetchall() if ran.description else []

    def close(self) -> None:
        for connection in self._connections:
            connection.close()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        text = environ["wsgi.input"].read()
        path = environ["PATH_INFO"].removeprefix("/api/v1/").split("/")
        body = json.loads(text) if text else {}
        key = environ.get("HTTP_IDEMPOTENCY_KEY", "")
        status, answer = self._answer(environ["REQUEST_METHOD"], path, body, key, environ["QUERY_STRING"])
        replayed = [("Idempotent-Replayed", "true")] if status == 200 and "posting" in answer else []
        start(f"{status} So", [("Content-Type", "application/json"), *replayed])
        return [] if status == 204 else [json.dumps(answer).encode()]

    def _answer(self, method: str, path: list[str], body: Any, key: str, query: str) -> tuple[int, dict[str, Any]]:
        if method == "DELETE":
            self._ask("UPDATE wallet SET is_closed = 1 WHERE id = ?", int(path[1]))
            return 204, {}
        if path == ["customers"]:
            (count,) = self._ask("SELECT count(*) FROM wallet")[0]
            self._ask("INSERT INTO wallet VALUES (?, 0, 0)", count + 1)
            return 201, {"id": count + 1}
        if path == ["postings"]:
            customer = int(query.split("customer=")[1].split("&")[0])
            rows = self._ask("SELECT * FROM posted WHERE wallet = ? ORDER BY id DESC", customer)
            return 200, {"items": [_shown(row) for row in rows], "next": None}
        if method == "POST":
            return self._post(int(path[1]), path[2].removesuffix("s"), body["amount"], key)
        (balance,) = self._ask("SELECT balance FROM wallet WHERE id = ?", int(path[1]))[0]
        return 200, {"balance": _yuan(balance)}

    def _post(self, wallet: int, kind: str, amount: str, key: str) -> tuple[int, dict[str, Any]]:
        if before := self._ask("SELECT * FROM posted WHERE key = ?", key):
            return 200, {"posting": _shown(before[0])}
        balance, is_closed = self._ask("SELECT balance, is_closed FROM wallet WHERE id = ?", wallet)[0]
        time.sleep(0.001)  # it thinks: a program that asks a rule or two between takes no less
        balance += int(Decimal(amount) * 100) * (1 if kind == "recharge" else -1)
        if is_closed or balance < 0:
            return 409, {"code": "customer-deleted" if is_closed else "insufficient-balance"}
        self._ask("UPDATE wallet SET balance = ? WHERE id = ?", balance, wallet)
        row = (key, wallet, kind, int(Decimal(amount) * 100), balance)
        self._ask("INSERT INTO posted (key, wallet, kind, amount, balance) VALUES (?, ?, ?, ?, ?)", *row)
        return 201, {"posting": _shown(self._ask("SELECT * FROM posted WHERE key = ?", key)[0])}


def _shown(row: Any) -> dict[str, Any]:
    number, _key, _wallet, kind, amount, balance = row
    return {"id": number, "kind": kind, "amount": _yuan(amount), "balance_after": _yuan(balance)}


def _yuan(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def on_sqlite(folder: Path) -> NaiveHouse:
    path = folder / "naive.db"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")  # it is wrong enough when it is fast
        return connection

    return NaiveHouse(connect, "INTEGER PRIMARY KEY")


def on_postgresql(url: str) -> NaiveHouse:
    address = url.replace("+psycopg", "")
    return NaiveHouse(lambda: psycopg.connect(address, autocommit=True), "SERIAL PRIMARY KEY")


@contextmanager
def answering(house: NaiveHouse) -> Iterator[tuple[str, int]]:
    """Where it answers."""
    server = create_server(house, host="127.0.0.1", port=0, threads=16)

    def run() -> None:
        with suppress(OSError):  # its sockets are closed under it at the end
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield "127.0.0.1", server.effective_port
    finally:
        server.close()
        thread.join(10)
        house.close()
