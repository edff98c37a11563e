"""Servers of the product for as long as something is measured on them."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.ground import ROOT, House

PATIENCE = 90  # seconds until a server must answer


@dataclass
class Served:
    """A server that answers. seconds: from its start until it did."""

    port: int
    process: subprocess.Popen[bytes]
    seconds: float


@contextmanager
def gunicorn(house: House, *, workers: int = 2, arguments: tuple[str, ...] = ()) -> Iterator[Served]:
    """The product and /hello behind gunicorn, with 8 threads in each worker."""
    command = [sys.executable, "-m", "gunicorn", f"-w{workers}", *arguments, "bench.served:app"]
    with _served(house, command) as served:
        yield served


@contextmanager
def alone(house: House) -> Iterator[Served]:
    """The product as `make run` starts it: one process."""
    with _served(house, [sys.executable, "run.py"]) as served:
        yield served


@contextmanager
def _served(house: House, command: list[str]) -> Iterator[Served]:
    port, began = _free_port(), time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**house.environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield Served(port, process, time.monotonic() - began)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise SystemExit(f"The server ended with {process.returncode}.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise SystemExit("The server does not answer.")
