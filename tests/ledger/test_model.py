"""The ledger against a model of it in whole numbers, in sequences that nobody would think of; and what that catches.

FULL_SIZE=1 plants every wrong ledger, on both databases.
"""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import update

from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.ledger.models import Hold, HoldStatus
from tests.conftest import actor_of
from tests.ledger.comparing import Wrong, failed_proofs
from tests.ledger.machine import Calendar, Ledger
from tests.ledger.mutants import ALWAYS, MUTANTS

IS_FULL = bool(os.environ.get("FULL_SIZE"))
RUNS, STEPS = 200, 50
TO_CATCH = 300 if IS_FULL else 60  # runs in which a wrong ledger must be found out


@pytest.fixture(scope="module")
def ledger(own_house: Flask, tmp_path_factory) -> Iterator[type[Ledger]]:
    own_house.config["ARCHIVE_DIR"] = str(tmp_path_factory.mktemp("archives"))
    before = clock.shop_clock()
    people = {"boss": actor_of(own_house, SUPER_ADMIN), "clerk": actor_of(own_house, ORDINARY_ADMIN)}
    yield type("LedgerOfThisHouse", (Ledger,), people | {"calendar": Calendar()})
    clock.configure(before.zone.key, "00:00", (clock.real_now() + before.shift).isoformat())


def _clear(ledger: type[Ledger]) -> None:
    """Mend what a mutant has broken and others would meet: holds that are open for ever."""
    db.session.rollback()
    in_transaction(lambda: db.session.execute(update(Hold).values(status=HoldStatus.VOIDED)))


@pytest.fixture
def mutants_ledger(ledger):
    """The same without retention: that would find by its proofs what an earlier mutant has left behind."""
    yield type("LedgerOfMutants", (ledger,), {"may_purge": False})
    _clear(ledger)


def run(machine: type[Ledger], runs: int) -> None:
    """So many runs of the machine. What it does depends on nothing but its code.

    Each has a seed of its own: of runs of one seed most are a former one with a step or two changed.
    """
    options = settings(
        max_examples=1,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        verbosity=Verbosity.normal,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    for number in range(runs):
        run_state_machine_as_test(seed(number)(machine), settings=options)


def test_the_ledger_does_what_the_model_does(ledger):
    run(ledger, RUNS)
    assert failed_proofs() == {}


TRIED = [mutant for mutant in MUTANTS if IS_FULL or mutant.name in ALWAYS]
# What is wrong is planted in the verbs and found by the model: the database has no part in it.
HOUSES = ["sqlite", "postgresql"] if IS_FULL else ["sqlite"]


@pytest.mark.parametrize("own_house", HOUSES, indirect=True)
@pytest.mark.parametrize("mutant", TRIED, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_wrong_ledger_is_caught(mutants_ledger, mutant, monkeypatch):
    mutant.plant(monkeypatch)
    # What goes wrong is tried once more, on a database that is no longer as it was: it may go otherwise then.
    with pytest.raises((Wrong, Flaky)):
        run(mutants_ledger, TO_CATCH)
