"""Taking over a list when the work on it stops half way, or has to wait."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.db import in_transaction
from app.core.errors import Unavailable
from app.core.jobs import Run
from app.core.jobs.models import JobRun, RunState
from app.customers.models import ImportState
from app.customers.newcomers.kind import CUSTOMERS
from app.customers.takeover import flow, jobs, operations, queries
from app.extensions import db
from tests.customers.taking_over import customers, document, send, settled, uploaded


def test_work_that_died_is_told_and_begun_again(importer, list_of, monkeypatch):
    address = uploaded(importer, list_of("甲,1"))
    send(importer, address, "check")
    assert document(address).state is ImportState.STAGING
    assert send(importer, address, "check").status_code == 409
    monkeypatch.setattr(queries, "PATIENCE", timedelta(0))
    assert importer.get(f"{address}/progress").json["state"] == "staging"  # a worker will come
    given_up = update(JobRun).where(JobRun.state == RunState.QUEUED).values(state=RunState.FAILED)
    in_transaction(lambda: db.session.execute(given_up))
    assert importer.get(f"{address}/progress").json["state"] == "stalled"
    assert "stopped half way" in importer.get(address).text
    assert send(importer, address, "check").status_code == 302
    assert "Take over 1 customer" in settled(importer, address).text


def test_a_check_that_was_killed_half_way_is_begun_again_by_the_next_worker(importer, list_of, owner, monkeypatch):
    address = uploaded(importer, list_of("甲,1", "乙,2", "丙,3"))
    send(importer, address, "check")
    number = document(address).id
    monkeypatch.setattr(flow, "BATCH", 2)
    monkeypatch.setattr(flow, "_fail", lambda *_: None)  # a killed process says nothing
    with pytest.raises(KeyboardInterrupt):
        jobs._check(CUSTOMERS, Run(owner, {"import_id": number}, _killed_at(2)))
    monkeypatch.undo()
    assert document(address).rows_staged == 2
    assert "Take over 3 customers" in settled(importer, address).text
    assert document(address).opening_total == 6


def test_an_applying_that_was_killed_half_way_is_done_once_by_the_next_worker(importer, list_of, owner, monkeypatch):
    before = customers()
    address = uploaded(importer, list_of("甲,1", "乙,2", "丙,3"))
    send(importer, address, "check")
    settled(importer, address)
    send(importer, address, "apply")
    number = document(address).id
    monkeypatch.setattr(queries, "CHUNK", 2)
    monkeypatch.setattr(flow, "_fail", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        jobs._apply(CUSTOMERS, Run(owner, {"import_id": number}, _killed_at(2)))
    monkeypatch.undo()
    assert customers() == before
    assert document(address).state is ImportState.APPLYING
    assert document(address).document_no is None
    settled(importer, address)
    assert customers() == before + 3
    # Killed once more, after the work and before it could say so: nothing is done twice.
    assert jobs._apply(CUSTOMERS, Run(owner, {"import_id": number}))["applied"] == 3
    assert customers() == before + 3


def _killed_at(rows: int):
    def progress(done: int, total: int | None = None) -> None:
        if done >= rows:
            raise KeyboardInterrupt

    return progress


def test_a_busy_database_leaves_the_list_to_the_next_try(importer, list_of, owner, monkeypatch):
    address = uploaded(importer, list_of("甲,1"))
    send(importer, address, "check")
    number = document(address).id

    def busy(*_args, **_more) -> None:
        raise Unavailable

    monkeypatch.setattr(operations, "stage", busy)
    with pytest.raises(Unavailable):
        jobs._check(CUSTOMERS, Run(owner, {"import_id": number}))
    monkeypatch.undo()
    assert document(address).state is ImportState.STAGING
    assert "Take over 1 customer" in settled(importer, address).text
