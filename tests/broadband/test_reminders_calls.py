"""Calls and muted reminders: what is written down, what is refused, and what two clerks do at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import OperationRecord, PersonalValues
from app.broadband import operations as broadband
from app.broadband.models import CallOutcome, Reminder
from app.broadband.operations.erasing import erase_customer
from app.broadband.refusals import ServiceClosed, WrongState
from app.broadband.reminders import operations, queries
from app.broadband.reminders.refusals import NothingToRemindOf
from app.core import days
from app.core.db import in_transaction
from app.core.errors import Invalid, Stale
from app.extensions import db
from tests.broadband.ground import after, done, running, service_of
from tests.broadband.reminding import called, muted, stopping

PROMISED = CallOutcome.PROMISED


def calls(service_id):
    db.session.rollback()
    return queries.calls_of(service_id)


def records(service_id, operation):
    db.session.rollback()
    about = {"object_type": "broadband-service", "object_id": service_id, "operation": operation}
    return list(db.session.scalars(select(OperationRecord).filter_by(**about)))


@pytest.mark.parametrize("outcome", list(CallOutcome))
def test_a_call_is_kept_with_who_called_when_and_on_record(app, owner, new_phone, outcome):
    number = stopping(owner, new_phone(), 3)
    promised = after(5) if outcome is PROMISED else None
    called(number, owner, outcome, promised_on=promised, remark="  at work until six ")
    (call,) = calls(number)
    service = service_of(number)
    assert (call.outcome, call.promised_on, call.remark) == (outcome, promised, "at work until six")
    assert (call.customer_id, call.stop_date) == (service.customer_id, service.stop_date)
    assert (call.called_on, call.operator_name) == (days.today(), owner.name)
    (record,) = records(number, "broadband.call")
    assert record.changes["outcome"] == [None, outcome.value]
    assert "at work" not in str(record.changes)
    assert db.session.scalar(select(PersonalValues.record_id).where(PersonalValues.record_id == record.id)) is None


def test_a_call_says_that_the_service_came_due_once(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    for _each in range(2):
        called(number, owner)
    (reminder,) = db.session.scalars(select(Reminder).where(Reminder.service_id == number))
    assert (reminder.stop_date, reminder.due_on, reminder.noticed_on) == (after(3), days.today(), None)


@pytest.mark.parametrize(
    ("outcome", "promised", "field"),
    [
        (PROMISED, None, "promised_on"),
        (PROMISED, -1, "promised_on"),
        (PROMISED, 400, "promised_on"),
        (CallOutcome.REACHED, 1, "promised_on"),
        (CallOutcome.OTHER, None, "remark"),
    ],
)
def test_what_makes_no_sense_is_refused(app, owner, new_phone, outcome, promised, field):
    number = stopping(owner, new_phone(), 3)
    remark = "x" * 501 if field == "remark" else None
    with pytest.raises(Invalid) as refused:
        called(number, owner, outcome, promised_on=None if promised is None else after(promised), remark=remark)
    assert set(refused.value.errors) == {field}
    assert calls(number) == []


def test_nobody_is_called_about_what_does_not_stop(app, owner, new_phone):
    unpaid = running(owner, new_phone())[1]
    with pytest.raises(NothingToRemindOf):
        called(unpaid, owner)
    frozen = stopping(owner, new_phone(), 3)
    done(broadband.suspend, frozen, owner=owner)
    with pytest.raises(WrongState):
        called(frozen, owner)
    closed = stopping(owner, new_phone(), 3)
    done(broadband.close, closed, owner=owner)
    for verb in (lambda: called(closed, owner), lambda: muted(closed, owner)):
        with pytest.raises(ServiceClosed):
            verb()
    with pytest.raises(ServiceClosed):
        in_transaction(lambda: operations.unmute(closed, actor=owner) and None)


def test_muting_and_hearing_again_are_on_record(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    muted(number, owner, 10)
    assert service_of(number).muted_until == after(10)
    in_transaction(lambda: operations.unmute(number, actor=owner) and None)
    assert service_of(number).muted_until is None
    assert records(number, "broadband.mute")[0].changes == {"muted_until": [None, after(10).isoformat()]}
    assert records(number, "broadband.unmute")[0].changes == {"muted_until": [after(10).isoformat(), None]}


@pytest.mark.parametrize("days_ahead", [-1, 0, 367])
def test_reminders_are_not_muted_until_yesterday_nor_for_ever(app, owner, new_phone, days_ahead):
    number = stopping(owner, new_phone(), 3)
    with pytest.raises(Invalid):
        muted(number, owner, days_ahead)


def test_a_form_that_has_seen_less_is_stale(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    first = called(number, owner, after=0)
    with pytest.raises(Stale):
        called(number, owner, after=0)
    called(number, owner, after=first)
    seen = service_of(number).version
    muted(number, owner)
    with pytest.raises(Stale):
        in_transaction(lambda: operations.unmute(number, actor=owner, version=seen) and None)


def test_clerks_who_saw_the_same_write_down_one_call(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    db.session.rollback()
    ready = Barrier(4)

    def one(_clerk):
        with app.app_context():
            ready.wait()
            try:
                return called(number, owner, after=0)
            except Stale as stale:
                return stale
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(one, range(4)))
    assert sorted(isinstance(each, Stale) for each in answers) == [False, True, True, True]
    assert len(calls(number)) == 1


def test_a_call_of_another_store_is_not_found(app, owner, new_phone):
    from dataclasses import replace  # noqa: PLC0415

    from app.core.errors import NotFound  # noqa: PLC0415
    from tests.broadband.reminding import set_to  # noqa: PLC0415

    number = stopping(owner, new_phone(), 3)
    set_to(owner, own_store_customers=True)
    stranger = replace(owner, stores=frozenset({999}))
    with pytest.raises(NotFound):
        called(number, stranger)
    with pytest.raises(NotFound):
        muted(number, stranger)
    set_to(owner, own_store_customers=False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE broadband_call SET outcome = 'reached' WHERE id = :id",
        "UPDATE broadband_call SET remark = 'another' WHERE id = :id",
        "DELETE FROM broadband_call WHERE id = :id",
    ],
)
def test_the_database_keeps_what_was_said(app, owner, new_phone, statement):
    call = called(stopping(owner, new_phone(), 3), owner, CallOutcome.OTHER, remark="as he said")
    with pytest.raises(DBAPIError, match="append-only"):
        in_transaction(lambda: db.session.execute(text(statement), {"id": call}) and None)


def test_an_erased_customer_leaves_no_words(app, owner, new_phone):
    number = stopping(owner, new_phone(), 3)
    called(number, owner, remark="his mother is ill")
    customer = service_of(number).customer_id
    assert in_transaction(lambda: erase_customer(customer, actor=owner))
    assert not in_transaction(lambda: erase_customer(customer, actor=owner))
    assert [(call.remark, call.outcome) for call in calls(number)] == [(None, CallOutcome.REACHED)]
