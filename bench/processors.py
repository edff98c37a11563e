"""How long processors worked, whoever else used them: on a busy machine the figure that stays the same.

With both cores full, what two things can do in a second stands in inverse ratio to what each of them costs.
"""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")


def server_of(url: str) -> int:
    """The first process of the PostgreSQL server behind this address, which must run on this machine; else 0."""
    with psycopg.connect(url) as connection:
        backend = connection.info.backend_pid
        stat = Path(f"/proc/{backend}/stat")
        return int(_fields(stat)[1]) if stat.exists() else 0


def worked(*roots: int) -> float:
    """Seconds that these processes and their children have worked so far, those that have ended included."""
    found = [process for root in roots if root for process in _tree(root)]
    return sum(_of(process) for process in found) + sum(_ended(root) for root in found)


def worked_here() -> float:
    """Seconds of the processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def nanoseconds(process: int) -> int:
    """What one process with one thread has worked, finely."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0])


def clock_of(url: str) -> Callable[[], float]:
    """A clock that runs while this process or a process of that database server works, and stands still else."""
    server = server_of(url)
    return lambda: time.process_time() + sum(map(_finely, _tree(server)[1:])) if server else time.process_time()


def _finely(process: int) -> float:
    try:
        return nanoseconds(process) / 1e9
    except OSError:
        return 0


def _tree(root: int) -> list[int]:
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text().split()
    except OSError:
        return []
    return [root, *(below for child in children for below in _tree(int(child)))]


def _fields(stat: Path) -> list[str]:
    """The fields after the name, of which the first is the state."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50


def _of(process: int) -> float:
    fields = _fields(Path(f"/proc/{process}/stat"))
    return (int(fields[11]) + int(fields[12])) / TICKS


def _ended(process: int) -> float:
    fields = _fields(Path(f"/proc/{process}/stat"))
    return (int(fields[13]) + int(fields[14])) / TICKS
