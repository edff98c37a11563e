"""Serving until told to stop, and then only until everybody who is being served has his answer."""

import signal
import time
from types import FrameType
from typing import Any

from waitress import wasyncore

PATIENCE = 25.0  # seconds for what is under way
LOOK = 0.1  # seconds between two looks whether anything still is


def serve_until_told(server: Any) -> None:
    """Answer until SIGTERM or Ctrl+C. Then nobody new is let in, and requests under way are answered.

    Told twice, or after PATIENCE, it stops at once. server: one of waitress. To be called in the main thread.
    """
    told: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        if told:
            raise SystemExit
        told.append(number)
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    while not told:
        _turn(server, server.adj.asyncore_loop_timeout)
    _turn(server, 0)  # who has just come in
    wasyncore.dispatcher.close(server)  # the door; who is inside stays
    give_up_at = time.monotonic() + PATIENCE
    while _is_serving(server) and time.monotonic() < give_up_at:
        _turn(server, LOOK)
    server.task_dispatcher.shutdown(timeout=1)


def _turn(server: Any, seconds: float) -> None:
    server.asyncore.loop(timeout=seconds, map=server._map, use_poll=server.adj.asyncore_use_poll, count=1)


def _is_serving(server: Any) -> bool:
    """Whether anybody waits for an answer, or for the rest of one. Who does not is shown out."""
    waiting = [channel for channel in list(server.active_channels.values()) if _waits(channel)]
    for channel in set(server.active_channels.values()) - set(waiting):
        channel.will_close = True
    return bool(waiting)


def _waits(channel: Any) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)
