"""Many connections that send requests one after the other, cheaply enough not to be what is measured.

One process, one thread, no parsing beyond the status line and the length. Keep-alive.
"""

import asyncio
import json
import multiprocessing
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bench.measure import Rate

CONNECTIONS = 16
Request = Callable[[], bytes]


@dataclass
class Load:
    """What clients did. statuses: how many answers of which status."""

    rate: Rate
    statuses: dict[int, int]


class Client(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends again until it is time to stop.

    every: seconds from one request to the next; 0: as soon as the former is answered. One that is late for its time is
    measured from that time on, for a customer would have waited since then.
    """

    def __init__(
        self, request: Request, until: float, times: list[float], statuses: Counter[int], every: float = 0
    ) -> None:
        self.request, self.until, self.times, self.statuses = request, until, times, statuses
        self.every, self.due = every, time.perf_counter() + random.random() * every  # noqa: S311
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._go_on()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, blank, body = self.buffer.partition(b"\r\n\r\n")
        if not blank or len(body) < _length(head):
            return
        self.statuses[int(head[9:12])] += 1
        self.times.append(time.perf_counter() - self.began)
        self.buffer = b""
        self._go_on()

    def connection_lost(self, _reason: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _go_on(self) -> None:
        if not self.every:
            self._send(time.perf_counter())
            return
        loop, due = asyncio.get_running_loop(), self.due
        self.due += self.every
        loop.call_later(max(due - time.perf_counter(), 0), self._send, due)

    def _send(self, began: float) -> None:
        self.began = began
        if self.began >= self.until:
            self.transport.close()
            return
        self.transport.write(self.request())  # type: ignore[attr-defined]


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    return 0


def recharges(port: int, token: str, customers: list[int]) -> Request:
    """Requests that pay 100.00 in for one of these customers, each under a key of its own."""
    body = json.dumps({"amount": "100.00", "method": "wechat", "store": "main"}).encode()

    def request() -> bytes:
        head = (
            f"POST /api/v1/customers/{random.choice(customers)}/recharges HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"  # noqa: S311
            f"Authorization: Bearer {token}\r\nIdempotency-Key: {secrets.token_hex(12)}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    return request


def gets(port: int, path: str, token: str = "") -> Request:
    """Requests that read one address."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    plain = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{bearer}\r\n".encode()
    return lambda: plain


def load(
    port: int, seconds: float, kind: str, *given: object, connections: int = CONNECTIONS, per_second: float = 0
) -> Load:
    """Send requests for so many seconds from a process of its own. kind: "recharges" or "gets"; given: for it.

    per_second: how many, from all connections together; 0: as many as get an answer.
    """
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    every = connections / per_second if per_second else 0
    process = context.Process(target=_in_process, args=(port, seconds, kind, given, (connections, every), answers))
    process.start()
    times, statuses = answers.get(timeout=seconds + 300)
    process.join()
    return Load(Rate(len(times), seconds, times), statuses)


def _in_process(
    port: int,
    seconds: float,
    kind: str,
    given: tuple[object, ...],
    pace: tuple[int, float],
    answers: multiprocessing.Queue,
) -> None:
    make = {"recharges": recharges, "gets": gets}[kind]
    times: list[float] = []
    statuses: Counter[int] = Counter()
    until = time.perf_counter() + seconds
    every = pace[1]
    asyncio.run(_send_for(port, lambda: Client(make(port, *given), until, times, statuses, every), pace[0]))  # type: ignore[operator]
    answers.put((times, dict(statuses)))


async def _send_for(port: int, client: Callable[[], Client], connections: int) -> None:
    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(client, "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(client.done for _transport, client in opened))
