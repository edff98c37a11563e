"""What is due is enqueued once: by several processes, after days off, and when the clock is set back."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.core.db import in_transaction
from app.core.jobs import EachDay, Every
from app.core.jobs.models import JobDue, JobRun
from app.extensions import db
from app.jobs.scheduling import enqueue_what_is_due, next_moments
from tests.jobs.conftest import do_all

DAY = timedelta(days=1)


@pytest.fixture
def daily(declare):
    yield declare(lambda run: {}, due=EachDay(timedelta(minutes=10)))
    in_transaction(lambda: db.session.execute(delete(JobDue)))


def look(app) -> list[str]:
    return enqueue_what_is_due(app.extensions["jobs"].values())


def runs(name: str) -> list[JobRun]:
    db.session.rollback()
    return list(db.session.scalars(select(JobRun).where(JobRun.name == name).order_by(JobRun.id)))


def test_a_new_house_waits_for_the_first_moment(own_house, daily, time_goes_by):
    assert look(own_house) == []
    assert runs(daily) == []
    planned = next_moments()[daily]
    time_goes_by(DAY)
    assert look(own_house) == [daily]
    assert [run.due_at for run in runs(daily)] == [planned]
    assert next_moments()[daily] == planned + DAY


def test_of_several_processes_one_enqueues(own_house, daily, time_goes_by):
    look(own_house)
    for _ in range(3):
        time_goes_by(DAY)
        found: list[str] = []

        def process(found: list[str] = found) -> None:
            with own_house.app_context():
                found += look(own_house)
                db.session.remove()

        threads = [threading.Thread(target=process) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [daily]
        do_all(own_house)
    assert len(runs(daily)) == 3


def test_days_off_are_caught_up_with_by_one_run(own_house, daily, time_goes_by):
    look(own_house)
    time_goes_by(9 * DAY)
    assert look(own_house) == [daily]
    do_all(own_house)
    assert look(own_house) == []
    assert len(runs(daily)) == 1


def test_nothing_piles_up_while_a_run_of_before_waits(own_house, daily, time_goes_by):
    look(own_house)
    for _ in range(3):
        time_goes_by(DAY)
        look(own_house)
    assert len(runs(daily)) == 1
    do_all(own_house)
    time_goes_by(DAY)
    assert look(own_house) == [daily]


def test_a_clock_that_is_set_back_makes_no_second_run(own_house, daily, time_goes_by):
    look(own_house)
    time_goes_by(DAY)
    look(own_house)
    do_all(own_house)
    time_goes_by(-2 * DAY)
    look(own_house)
    time_goes_by(DAY)
    look(own_house)
    time_goes_by(DAY)
    look(own_house)
    due = [run.due_at for run in runs(daily)]
    assert len(due) == len(set(due))


def test_a_schedule_that_was_shortened_holds_at_once(own_house, declare, daily):
    look(own_house)
    far = next_moments()[daily]
    declare(lambda run: {}, due=Every(timedelta(seconds=1)))
    look(own_house)
    assert next_moments()[daily] < far


def test_what_has_no_schedule_is_never_due(own_house, declare, time_goes_by):
    declare(lambda run: {})
    look(own_house)
    time_goes_by(40 * DAY)
    assert look(own_house) == []
