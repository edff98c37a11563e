"""While the nightly proofs fail, nothing leaves and nothing is replaced."""

import pytest

from app.backup.making import create
from app.backup.refusals import BackupRefused
from app.backup.replacing import drill, restore
from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs.models import JobRun, RunState
from app.extensions import db
from app.ledger.doubt import LedgerInDoubt, is_in_doubt
from app.ledger.nightly import VERIFY
from app.retention.run import rehearse, retain
from tests.backup.conftest import post

ACTOR = Actor.system("test")


def note(state: RunState) -> None:
    """The proofs ended so."""
    at = clock.real_now()
    in_transaction(
        lambda: db.session.add(
            JobRun(name=VERIFY, actor={}, state=state, enqueued_at=at, started_at=at, ended_at=at, attempt=1)
        )
    )


def test_a_failed_proof_is_a_doubt_until_the_next_one_holds(empty_house):
    assert not is_in_doubt()
    note(RunState.FAILED)
    assert is_in_doubt()
    note(RunState.QUEUED)
    assert is_in_doubt()
    note(RunState.DONE)
    assert not is_in_doubt()


def test_nothing_leaves_in_doubt(empty_house):
    note(RunState.FAILED)
    with pytest.raises(LedgerInDoubt):
        retain(actor=ACTOR)
    assert rehearse().is_dry
    note(RunState.DONE)
    assert retain(actor=ACTOR).holds


def test_data_in_doubt_are_not_replaced_but_on_demand(empty_house, tmp_path):
    post(empty_house, 1)
    create(tmp_path / "good.zip")
    note(RunState.FAILED)
    db.session.remove()
    with pytest.raises(BackupRefused, match="did not hold"):
        restore(tmp_path / "good.zip")
    drill(tmp_path / "good.zip")
    restore(tmp_path / "good.zip", over_failed_proofs=True)
    assert not is_in_doubt()


def test_a_database_without_tables_is_no_reason_not_to_restore(empty_house, tmp_path):
    create(tmp_path / "good.zip")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE job_run")
    db.session.remove()
    restore(tmp_path / "good.zip")
    assert not is_in_doubt()
