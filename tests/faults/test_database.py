"""The database goes away, is cut off, answers too late, or has no room: nothing by halves, and it recovers."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.core.connections import BUSY_MS, LOCK_MS
from tests.faults.programs import Answer, Program
from tests.faults.serving import House
from tests.faults.storm import Storm

HONEST = {0, 200, 201, 409, 503}
PART = 0.3  # seconds of a storm between two faults
ROOM = 48 * 1024 * 1024  # of a small disk, in bytes
postgresql_only = pytest.mark.parametrize("served", ["postgresql"], indirect=True)


def seconds_until_it_posts(boss: Program, customer: int, limit: float) -> float:
    """How long it takes until money moves again, from now. customer: one who has no part in the storm."""
    began, mine = time.monotonic(), boss.another()
    while mine.recharge(customer, "1.00").status != 201:
        assert time.monotonic() - began < limit, "it does not recover"
        time.sleep(0.02)
    return time.monotonic() - began


def settled(storm: Storm, served: House) -> None:
    """Nothing is lost, doubled or half done, and every answer was an honest one."""
    assert set(storm.journal.statuses) <= HONEST, (storm.journal.statuses, served.said())
    assert storm.findings() == []
    assert storm.journal.applied()
    assert served.failures() == []


@postgresql_only
def test_connections_cut_in_a_storm(served, boss, postgres, size, tell):
    storm, bystander, cut = Storm(boss, seed=3), boss.new_customer(), 0
    with storm.raging():
        for _ in range(size.cuts):
            time.sleep(PART)
            cut += postgres.cut(served.url)
        back = seconds_until_it_posts(boss, bystander, size.seconds)
    tell(
        f"connections cut {size.cuts} times ({cut} of them): {len(storm.journal.applied())} postings acknowledged, "
        f"{storm.journal.statuses[503]} answers of 503 repeated, posting again after {back:.2f} s"
    )
    settled(storm, served)
    assert cut >= size.cuts


@postgresql_only
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_the_database_restarted_in_a_storm(served, boss, postgres, size, tell, mode):
    storm, bystander, back = Storm(boss, seed=4), boss.new_customer(), []
    with storm.raging():
        for _ in range(size.restarts):
            time.sleep(PART)
            postgres.restart(mode)
            back.append(seconds_until_it_posts(boss, bystander, size.seconds))
    tell(
        f"PostgreSQL restarted ({mode}) {size.restarts} times: {len(storm.journal.applied())} postings acknowledged, "
        f"{storm.journal.statuses[503]} answers of 503 repeated, posting again {max(back):.2f} s after it at the latest"
    )
    settled(storm, served)


@contextmanager
def held(served: House, postgres_connect: Callable[[], object], customer: int) -> Iterator[None]:
    """Another process holds what a posting for this customer needs."""
    if served.kind == "sqlite":
        with closing(sqlite3.connect(make_url(served.url).database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with postgres_connect() as other, other.transaction():
        other.execute("SELECT 1 FROM ledger_account WHERE customer_id = %s FOR UPDATE", [customer])
        yield


def test_who_waits_for_a_lock_too_long_is_told_so(served, boss, request, tell):
    customer, others = boss.new_customer("10.00"), [boss.another() for _ in range(3)]

    def connect():
        return request.getfixturevalue("postgres").connect(served.url)

    with ThreadPoolExecutor(4) as pool:
        with held(served, connect, customer):
            began = time.monotonic()
            asked = [
                pool.submit(each.consume, customer, "1.00", f"held-{number}") for number, each in enumerate(others)
            ]
            reads = [_seconds(lambda: boss.get(f"/customers/{customer}")) for _ in range(5)]
            answers = [each.result() for each in asked]
            waited = time.monotonic() - began
        after = _seconds(lambda: boss.consume(customer, "1.00", "after"))
    limit = BUSY_MS if served.kind == "sqlite" else LOCK_MS
    told = {(answer.status, answer.code) for answer in answers}
    tell(f"a lock held for long on {served.kind}: {told} after {waited:.1f} s; meanwhile reads in {max(reads):.2f} s")
    assert told <= {(503, "unavailable"), (409, "in-flight")}, answers
    assert limit / 1000 - 0.5 < waited < limit / 1000 + 8
    assert max(reads) < 5
    assert after < 5
    assert boss.get(f"/customers/{customer}").body["balance"] == "9.00"
    again = [each.consume(customer, "1.00", f"held-{number}").status for number, each in enumerate(others)]
    assert again == [201] * 3
    assert boss.get(f"/customers/{customer}").body["balance"] == "6.00"


def _seconds(ask: Callable[[], Answer]) -> float:
    began = time.monotonic()
    assert ask().status in (200, 201)
    return time.monotonic() - began


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of a few megabytes, which only root may make."""
    folder = Path(tempfile.mkdtemp(prefix="faults-disk-"))
    folder.chmod(0o755)  # PostgreSQL may have a user of its own
    asked = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(asked, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("a small disk cannot be mounted here: run this as root, where mounting is allowed")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
    folder.rmdir()


def fill(disk: Path) -> Path:
    """Fill a disk to its last byte; returns the file that does."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for part in (1024 * 1024, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * part)
            except OSError:
                continue
    return ballast


def _on_the_disk(kind: str, disk: Path, folder: Path, request: pytest.FixtureRequest) -> House:
    """A house whose data, and nothing else, are on that disk."""
    if kind == "sqlite":
        return House(f"sqlite:///{disk / 'house.db'}", folder)
    postgres = request.getfixturevalue("postgres")
    room = disk / "room"
    room.mkdir()
    if postgres.user:
        shutil.chown(room, postgres.user)
    with postgres.connect() as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{room}'")
    return House(postgres.new_database("TABLESPACE small"), folder)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_full_disk_stops_postings_and_loses_nothing(kind, small_disk, request, size, tell, tmp_path):
    house = _on_the_disk(kind, small_disk, tmp_path, request)
    house.start()
    try:
        boss = Program.signed_in(house.address)
        storm, bystander = Storm(boss, seed=5), boss.new_customer()
        with storm.raging():
            time.sleep(PART)
            ballast = fill(small_disk)
            _wait(lambda: storm.journal.statuses[503] >= 20)
            refused = storm.journal.statuses[503]
            read = boss.another().get(f"/customers/{storm.hot[0]}").status
            ballast.unlink()
            back = seconds_until_it_posts(boss, bystander, size.seconds)
        tell(
            f"disk full on {kind}: {refused} answers of 503, {len(storm.journal.applied())} postings acknowledged "
            f"in all, posting again {back:.2f} s after there was room"
        )
        settled(storm, house)
        assert read == 200
    finally:
        house.kill()
        if kind == "postgresql":
            _leave(request.getfixturevalue("postgres"), house)


def _wait(what: Callable[[], bool], seconds: float = 30) -> None:
    give_up_at = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < give_up_at, "it never came true"
        threading.Event().wait(0.02)


def _leave(postgres, house: House) -> None:
    with postgres.connect() as connection:
        connection.execute(f"DROP DATABASE {make_url(house.url).database} WITH (FORCE)")
        connection.execute("DROP TABLESPACE small")
