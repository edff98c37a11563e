"""A run: asked for in a transaction, done once, and what is kept of it."""

import os
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.audit.models import OperationRecord
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.jobs import enqueue
from app.core.jobs.models import JobRun, RunState
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.jobs import claims, operations
from app.jobs.alarms import failed_jobs
from app.jobs.doing import Progress, do
from app.jobs.office import open_office
from app.jobs.waking import queue_of
from app.jobs.workers import Worker
from tests.conftest import actor_of
from tests.jobs.conftest import ACTOR, WORKER, NoPaper, ask, do_all, run_of, wait_until


def records(operation: str, run_id: int) -> list[OperationRecord]:
    db.session.rollback()
    wanted = OperationRecord.operation == operation, OperationRecord.object_id == run_id
    return list(db.session.scalars(select(OperationRecord).where(*wanted)))


def test_what_is_asked_for_is_done_and_its_figures_are_kept(own_house, declare):
    name = declare(lambda run: {"sum": sum(run.arguments["numbers"])})
    run_id = ask(name, {"numbers": [1, 2, 3]})
    assert run_of(run_id).state is RunState.QUEUED
    assert do_all(own_house) == 1
    run = run_of(run_id)
    assert (run.state, run.result, run.attempt) == (RunState.DONE, {"sum": 6}, 1)
    assert run.enqueued_at <= run.started_at <= run.ended_at


def test_a_transaction_that_is_rolled_back_leaves_no_run(own_house, declare):
    name = declare(lambda run: {})
    before = queue_of(own_house).pending_count()

    def want_and_fail() -> None:
        enqueue(name, actor=ACTOR)
        raise NoPaper(tray=1)

    with pytest.raises(NoPaper):
        in_transaction(want_and_fail)
    assert db.session.scalars(select(JobRun).where(JobRun.name == name)).all() == []
    assert queue_of(own_house).pending_count() == before
    assert do_all(own_house) == 0


def test_a_committed_run_wakes_a_worker(own_house, declare):
    before = queue_of(own_house).pending_count()
    ask(declare(lambda run: {}))
    assert queue_of(own_house).pending_count() == before + 1
    in_transaction(lambda: db.session.scalar(select(JobRun.id).limit(1)))
    assert queue_of(own_house).pending_count() == before + 1


def test_what_waits_is_done_though_the_queue_of_wake_ups_is_away(own_house, declare, monkeypatch):
    monkeypatch.setitem(own_house.config, "REDIS_URL", "redis://127.0.0.1:1/0")
    for name in ("wake-ups", "wake-up"):
        monkeypatch.delitem(own_house.extensions, name, raising=False)
    run_id = ask(declare(lambda run: {"fine": True}))
    with open_office(own_house):
        wait_until(lambda: run_of(run_id).state is RunState.DONE)
    for name in ("wake-ups", "wake-up"):
        own_house.extensions.pop(name, None)


def test_an_office_in_the_serving_process_does_what_waits_and_closes(own_house, declare):
    name = declare(lambda run: {})
    with open_office(own_house) as office:
        runs = [ask(name, {"number": number}) for number in range(5)]
        wait_until(lambda: all(run_of(run_id).state is RunState.DONE for run_id in runs))
        assert office.close()


def test_work_is_done_in_the_name_of_who_asked(own_house, declare):
    owner = actor_of(own_house, SUPER_ADMIN, address="192.0.2.1")
    clerk = Actor(ActorKind.STAFF, 7, "clerk", stores=frozenset({3, 1}))
    seen: list[Actor] = []
    name = declare(lambda run: seen.append(run.actor) or {})
    ask(name, actor=owner)
    ask(name, actor=clerk)
    do_all(own_house)
    assert seen[0].grants == owner.grants
    assert (seen[0].kind, seen[0].id, seen[0].stores, seen[0].address) == (owner.kind, owner.id, None, None)
    assert seen[1] == clerk


def test_a_refusal_is_kept_as_a_sentence_and_recorded(own_house, declare):
    def refuse(run):
        raise NoPaper(tray=2)

    run_id = ask(declare(refuse))
    do_all(own_house)
    run = run_of(run_id)
    assert run.state is RunState.FAILED
    assert run.error["sentence"] % run.error["figures"] == "There is no paper in tray 2."
    assert [line.changes["code"] for line in records("jobs.failed", run_id)] == [[None, "test-no-paper"]]


def test_a_fault_fails_the_run_and_not_the_worker(own_house, declare, caplog):
    declare(lambda run: {"share": 1 / 0})
    declare(lambda run: {"fine": True}, name="test.other")
    first, second = ask("test.work"), ask("test.other")
    assert do_all(own_house) == 2
    assert run_of(first).error["figures"] == {"fault": "ZeroDivisionError"}
    assert "ZeroDivisionError" in caplog.text
    assert run_of(second).state is RunState.DONE


def test_a_job_that_the_house_does_not_know_fails(own_house, declare):
    declare(lambda run: {})
    run_id = ask("test.unknown")
    do_all(own_house)
    assert run_of(run_id).error["code"] == "job-unknown"


def test_of_many_workers_one_gets_a_run(own_house, declare):
    done: list[int] = []
    name = declare(lambda run: done.append(run.arguments["number"]) or {})
    runs = [ask(name, {"number": number}) for number in range(20)]
    threads = [threading.Thread(target=do_all, args=(own_house,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(20))
    assert {run_of(run_id).attempt for run_id in runs} == {1}


def test_the_same_work_is_not_done_twice_at_a_time(own_house, declare):
    name = declare(lambda run: {})
    first, second, other = ask(name), ask(name), ask(name, {"which": "other"})
    assert claims.claim(WORKER).id == first
    claimed = claims.claim(WORKER)
    assert claimed.id == other
    assert claims.claim(WORKER) is None
    do(own_house, claims.Claim(first, name, {}, ACTOR, 1))
    assert claims.claim(WORKER).id == second


def test_progress_is_seen_while_the_work_is_in_a_transaction(own_house, declare):
    seen = []

    def work(run):
        run.progress(3, 12)
        seen.append(wait_until(lambda: (run_of(run_id).done, run_of(run_id).total) == (3, 12), 5))
        in_transaction(lambda: run.progress(12))
        return {}

    run_id = ask(declare(work))
    do_all(own_house)
    assert seen == [True]
    assert run_of(run_id).state is RunState.DONE


def test_progress_keeps_the_total_that_it_was_told_once():
    progress = Progress()
    progress(1, 10)
    progress(2)
    assert progress.figures == (2, 10)


def test_who_lost_his_run_cannot_end_it(own_house, declare):
    run_id = ask(declare(lambda run: {}))
    lost = claims.claim("elsewhere:1:x")
    make_silent(run_id)
    assert claims.take_back(Worker("").is_dead) == 1
    mine = claims.claim(WORKER)
    assert mine.attempt == 2
    claims.finish(lost, {"by": "the dead"})
    assert not claims.beat(lost, 1, 2)
    assert run_of(run_id).state is RunState.RUNNING
    claims.finish(mine, {"by": "me"})
    assert run_of(run_id).result == {"by": "me"}


def make_silent(run_id: int) -> None:
    then = clock.real_now() - timedelta(minutes=2)
    in_transaction(lambda: db.session.execute(update(JobRun).where(JobRun.id == run_id).values(heartbeat_at=then)))


def test_a_run_with_a_heartbeat_is_left_alone(own_house, declare):
    ask(declare(lambda run: {}))
    claims.claim("elsewhere:1:x")
    assert claims.take_back(Worker("").is_dead) == 0


def test_after_three_deaths_a_run_has_failed(own_house, declare):
    run_id = ask(declare(lambda run: {}))
    for _ in range(3):
        assert claims.claim("elsewhere:1:x")
        make_silent(run_id)
        claims.take_back(Worker("").is_dead)
    run = run_of(run_id)
    assert run.state is RunState.FAILED
    assert run.error["sentence"] % run.error["figures"] == "Its process ended in the middle of it 3 times."
    assert claims.claim(WORKER) is None


def test_a_process_of_this_machine_is_known_to_be_dead_at_once(own_house, declare, tmp_path):
    run_id = ask(declare(lambda run: {}))
    other, me = Worker(str(tmp_path)), Worker(str(tmp_path))
    claims.claim(other.name)
    assert claims.take_back(me.is_dead) == 0
    os.close(other._file)  # as the system does when a process ends
    assert claims.take_back(me.is_dead) == 1
    me.tidy()
    assert [path.name for path in tmp_path.iterdir()] == [f"{me.name}.lock"]
    assert run_of(run_id).state is RunState.QUEUED


def test_asking_twice_for_what_waits_makes_one_run(own_house, declare):
    name = declare(lambda run: {})
    owner = actor_of(own_house, SUPER_ADMIN)
    first = in_transaction(lambda: operations.run_now(name, actor=owner))
    assert in_transaction(lambda: operations.run_now(name, actor=owner)) == first
    assert [line.actor_name for line in records("jobs.run", first)] == [owner.name]


def test_runs_that_ended_long_ago_are_forgotten(own_house, declare):
    name = declare(lambda run: {})
    old, new = ask(name), ask(name, {"new": True})
    do_all(own_house)
    then = clock.real_now() - timedelta(days=31)
    in_transaction(lambda: db.session.execute(update(JobRun).where(JobRun.id == old).values(ended_at=then)))
    assert in_transaction(lambda: operations.forget_runs(actor=ACTOR)) == 1
    assert db.session.scalars(select(JobRun.id).where(JobRun.name == name)).all() == [new]


def test_the_owner_alone_is_told_of_a_job_that_must_not_fail(own_house, declare):
    from flask import g  # noqa: PLC0415 - of this request alone

    fails = [True]

    def work(run):
        if fails[0]:
            raise NoPaper(tray=1)
        return {}

    name = declare(work, alarms=True)
    for should_fail, told in ((True, [name]), (False, [])):
        fails[0] = should_fail
        ask(name)
        do_all(own_house)
        with own_house.test_request_context():
            assert failed_jobs() == []
            g.actor = actor_of(own_house, "ordinary-admin")
            assert failed_jobs() == []
            g.actor = actor_of(own_house, SUPER_ADMIN)
            assert failed_jobs() == told
