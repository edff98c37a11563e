"""Notices of services that come due: each stop date once, whatever happens to the run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.broadband import operations as broadband
from app.broadband.feature import broadband as broadband_room
from app.broadband.models import Reminder
from app.broadband.reminders import operations
from app.broadband.reminders.jobs import JOBS
from app.broadband.reminders.notices import NOTICES, STOPPED, STOPS_SOON
from app.core import days
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.jobs import Run
from app.extensions import db
from app.notices.models import Notice
from app.notices.writing import write
from tests.broadband.ground import after, done, paid, service_of, undone
from tests.broadband.reminding import called, muted, stop, stopping

HOUSE = Actor.system("jobs")
(JOB,) = [job for job in JOBS if job.name == "broadband.remind"]


@pytest.fixture(autouse=True)
def _told(app):
    """What is due of earlier tests is told."""
    JOB.work(Run(HOUSE))
    yield
    db.session.rollback()


def notices(service_id):
    db.session.rollback()
    ask = select(Notice).where(Notice.key.startswith(f"broadband.stops:{service_id}:")).order_by(Notice.id)
    return list(db.session.scalars(ask))


def reminders(service_id):
    db.session.rollback()
    return list(db.session.scalars(select(Reminder).where(Reminder.service_id == service_id).order_by(Reminder.id)))


def test_who_comes_due_is_told_once(app, owner, new_phone):
    soon, over, far = (stopping(owner, new_phone(), left) for left in (7, -1, 8))
    assert JOB.work(Run(HOUSE)) == {"given": 2}
    assert JOB.work(Run(HOUSE)) == {"given": 0}
    (one,), (other,) = notices(soon), notices(over)
    assert (one.kind, other.kind) == (STOPS_SOON.name, STOPPED.name)
    assert notices(far) == []
    (reminder,) = reminders(soon)
    assert (reminder.stop_date, reminder.due_on, reminder.noticed_on) == (after(7), days.today(), days.today())


def test_the_text_has_all_its_places(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    JOB.work(Run(HOUSE))
    (notice,) = notices(number)
    with app.test_request_context():
        text = write(notice.kind, notice.values, "en")
    service = service_of(number)
    assert service.service_no in text.subject + text.body
    assert "315.00" in text.body
    assert "%(" not in text.subject + text.body


def test_each_stop_date_is_told_of(app, owner, new_phone, shop_time):
    number = stopping(owner, new_phone(), 3)
    JOB.work(Run(HOUSE))
    document = paid(number, owner)
    assert JOB.work(Run(HOUSE)) == {"given": 0}
    undone(document, owner)
    assert JOB.work(Run(HOUSE)) == {"given": 0}, "of that stop date he was told"
    paid(number, owner)
    shop_time(service_of(number).stop_date - timedelta(days=7))
    assert JOB.work(Run(HOUSE))["given"] >= 1
    assert len(notices(number)) == 2
    assert len(reminders(number)) == 2


def test_who_is_muted_is_told_when_he_is_not(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    muted(number, owner)
    assert JOB.work(Run(HOUSE)) == {"given": 0}
    assert [row.noticed_on for row in reminders(number)] == [None], "that it came due is known"
    in_transaction(lambda: operations.unmute(number, actor=owner) and None)
    assert JOB.work(Run(HOUSE)) == {"given": 1}
    assert len(reminders(number)) == 1


def test_who_was_called_before_is_told_too_and_came_due_once(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    called(number, owner)
    assert JOB.work(Run(HOUSE)) == {"given": 1}
    assert [row.noticed_on for row in reminders(number)] == [days.today()]


def test_nobody_is_told_of_a_service_that_does_not_run(app, owner, new_phone):
    frozen, forced, closed = (stopping(owner, new_phone(), 3) for _each in range(3))
    done(broadband.suspend, frozen, owner=owner)
    done(broadband.suspend_by_force, forced, owner=owner, reason="x")
    done(broadband.close, closed, owner=owner)
    assert JOB.work(Run(HOUSE)) == {"given": 0}
    assert [len(reminders(number)) for number in (frozen, forced, closed)] == [0, 1, 0]
    done(broadband.reactivate, forced, owner=owner)
    assert JOB.work(Run(HOUSE)) == {"given": 1}


class Killed(BaseException):
    """What a process dies of."""


def test_a_run_that_is_killed_is_gone_on_with_and_tells_nobody_twice(app, owner, new_phone, monkeypatch):
    monkeypatch.setattr("app.broadband.reminders.jobs.AT_ONCE", 2)
    ones = [stopping(owner, new_phone(), 3) for _each in range(5)]

    def die(count, _total=None):
        if count == 4:
            raise Killed

    with pytest.raises(Killed):
        JOB.work(Run(HOUSE, {}, die))
    assert sum(len(notices(number)) for number in ones) == 4
    assert JOB.work(Run(HOUSE)) == {"given": 1}
    assert [len(notices(number)) for number in ones] == [1] * 5


def test_runs_at_once_tell_everybody_once(app, owner, new_phone, monkeypatch):
    monkeypatch.setattr("app.broadband.reminders.jobs.AT_ONCE", 3)
    ones = [stopping(owner, new_phone(), 3) for _each in range(8)]
    db.session.rollback()
    ready = Barrier(3)

    def one(_number):
        with app.app_context():
            ready.wait()
            try:
                return JOB.work(Run(HOUSE))["given"]
            finally:
                db.session.remove()

    with ThreadPoolExecutor(3) as pool:
        given = list(pool.map(one, range(3)))
    assert sum(given) == len(ones)
    assert [len(notices(number)) for number in ones] == [1] * len(ones)
    assert [len(reminders(number)) for number in ones] == [1] * len(ones)


def test_what_is_told_is_declared_by_the_room(app):
    assert broadband_room.notices == NOTICES
    assert db.session.scalar(select(func.count()).where(Notice.kind.not_in([kind.name for kind in NOTICES]))) == 0


def test_a_stop_date_that_moves_is_told_of_again(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    JOB.work(Run(HOUSE))
    stop(number, 4)
    JOB.work(Run(HOUSE))
    assert len(notices(number)) == 2
