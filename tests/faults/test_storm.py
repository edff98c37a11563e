"""Eight clients at once on four customers: nothing lost, doubled, or below zero; and the judge has teeth."""

import random
import time

import pytest

from tests.faults.naive import answering, on_postgresql, on_sqlite
from tests.faults.programs import Program
from tests.faults.storm import CLIENTS, Storm

NAIVE_OPERATIONS = 12


def test_a_storm_loses_and_doubles_nothing(served, boss, size, tell):
    storm, began = Storm(boss, seed=1), time.monotonic()
    storm.run(size.operations)
    seconds = time.monotonic() - began
    journal = storm.journal
    tell(
        f"storm on {served.kind}: {len(journal.answers)} requests, {len(journal.doubled)} of them sent twice, "
        f"in {seconds:.0f} s, {len(journal.applied())} applied, refused {dict(journal.refused())}, "
        f"{journal.reads} reads added up"
    )
    assert storm.findings() == []
    assert set(journal.statuses) <= {200, 201, 409}, journal.statuses
    assert len(journal.answers) == CLIENTS * size.operations
    assert journal.statuses.total() > len(journal.answers), "no key was doubled"
    assert {"insufficient-balance", "customer-deleted"} <= journal.refused().keys()
    assert journal.reads > 0
    assert served.failures() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_judge_catches_a_naive_posting_every_time(kind, size, tell, request, tmp_path):
    caught = []
    for seed in range(size.naive):
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        if kind == "sqlite":
            house = on_sqlite(folder)
        else:
            house = on_postgresql(request.getfixturevalue("postgres").new_database())
        with answering(house) as address:
            storm = Storm(Program(address), seed, is_read=False)
            storm.run(NAIVE_OPERATIONS)
            caught.append(bool(storm.findings()))
    tell(f"teeth on {kind}: the naive posting was caught in {sum(caught)} of {len(caught)} storms")
    assert all(caught)


def test_the_judge_finds_nothing_where_one_client_is_alone(tmp_path):
    """Not by crying wolf: one after another, even the naive posting is right."""
    with answering(on_sqlite(tmp_path)) as address:
        storm = Storm(Program(address), is_read=False)
        chance, program = random.Random(1), Program(address)  # noqa: S311
        for _ in range(50):
            storm.settle(program, storm.draw(chance))
        assert storm.findings() == []
