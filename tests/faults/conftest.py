"""Houses that are served by processes of their own, so that they can be killed, cut off and starved.

FAULTS=full (`make faults`) runs everything at full size; left out, the sizes are those of `make test`.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.databases import OwnPostgres
from tests.faults.programs import Program
from tests.faults.serving import House


@dataclass(frozen=True)
class Size:
    """How much is done. seconds: within which the house must be back; a machine that runs a whole suite gets more."""

    operations: int  # of each of the 8 clients of a storm
    naive: int  # storms against the naive posting
    kills: int  # of the server, per database
    acknowledgements: int  # counted with strace
    cuts: int  # of all connections
    restarts: int  # of PostgreSQL, in each mode
    seconds: float


SIZES = {
    "small": Size(operations=40, naive=5, kills=4, acknowledgements=40, cuts=5, restarts=1, seconds=20),
    "full": Size(operations=500, naive=10, kills=100, acknowledgements=1000, cuts=50, restarts=5, seconds=5),
}
FAULTS = os.environ.get("FAULTS", "small")


@pytest.fixture(scope="session")
def size() -> Size:
    if FAULTS not in SIZES:
        pytest.fail(f"FAULTS is one of {', '.join(SIZES)}, not {FAULTS}")
    return SIZES[FAULTS]


@pytest.fixture(scope="session")
def postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL server of our own, that may be stopped in the middle of anything."""
    kept = tempfile.TemporaryDirectory(prefix="faults-pg-", ignore_cleanup_errors=True)
    with kept as folder, OwnPostgres(Path(folder)) as server:
        yield server


def _house(kind: str, request: pytest.FixtureRequest, tmp_path_factory) -> House:
    folder = tmp_path_factory.mktemp("served")
    if kind == "sqlite":
        return House(f"sqlite:///{folder / 'house.db'}", folder)
    return House(request.getfixturevalue("postgres").new_database(), folder)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def served(request, tmp_path_factory) -> Iterator[House]:
    """A served house: `python run.py` on SQLite, gunicorn with 2 processes of 8 threads on PostgreSQL."""
    house = _house(request.param, request, tmp_path_factory)
    house.start()
    yield house
    house.kill()


@pytest.fixture
def boss(served) -> Program:
    """A program that calls it with the rights of the owner."""
    return Program.signed_in(served.address)


_told: list[str] = []


@pytest.fixture
def tell():
    """Call it with a sentence of measured figures: `make faults` shows it, docs/reliability.md quotes it."""
    return _told.append


def pytest_terminal_summary(terminalreporter):
    if FAULTS == "full" or terminalreporter.config.option.verbose > 0:
        terminalreporter.section("measured")
        for sentence in _told:
            terminalreporter.line(sentence)
