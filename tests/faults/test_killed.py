"""The server is killed in the middle of a storm, again and again: what it acknowledged is there, and once."""

import random
import time
from statistics import median

from tests.faults.storm import Storm

AT_WORK = 0.6  # seconds, at most, until it is killed again


def test_killed_at_random_moments_it_loses_and_doubles_nothing(served, boss, size, tell):
    storm, chance, back = Storm(boss, seed=2), random.Random(), []  # noqa: S311
    with storm.raging():
        for _ in range(size.kills):
            time.sleep(AT_WORK * chance.random())
            served.kill()
            back.append(served.start())
        time.sleep(AT_WORK)
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
