"""The server is killed in the middle of a storm, again and again: what it acknowledged is there, and once."""

import random
import time
from statistics import median

from tests.faults.storm import Storm

AT_WORK = 20  # postings, at most, until it is killed again


def test_killed_at_random_moments_it_loses_and_doubles_nothing(served, boss, size, tell):
    storm, chance, back = Storm(boss, seed=2), random.Random(), []  # noqa: S311
    with storm.raging():
        for _ in range(size.kills):
            _await(storm, chance.randrange(1, AT_WORK))
            time.sleep(chance.random() / 20)
            served.kill()
            back.append(served.start())
        _await(storm, AT_WORK)
    journal = storm.journal
    tell(
        f"{size.kills} kills on {served.kind}: {len(journal.applied())} postings acknowledged, "
        f"{journal.statuses[0]} requests without an answer sent again, back in {median(back):.1f} s "
        f"(the longest: {max(back):.1f} s)"
    )
    assert storm.findings() == []
    assert set(journal.statuses) <= {0, 200, 201, 409, 503}, (journal.statuses, served.said())
    assert journal.statuses[0] > 0, "nobody noticed"
    assert len(journal.applied()) > size.kills
    assert served.failures() == []
    assert max(back) < size.seconds


def _await(storm: Storm, postings: int) -> None:
    """Wait until so many more are acknowledged: on a slow machine as on a fast one it is killed in full flow."""
    enough, give_up_at = storm.journal.statuses[201] + postings, time.monotonic() + 60
    while storm.journal.statuses[201] < enough:
        assert time.monotonic() < give_up_at, "nothing is posted"
        time.sleep(0.005)
