"""Forced suspension by rule: what it does, what it spares, and what happens to it meanwhile."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.audit.models import OperationRecord
from app.broadband import operations as broadband
from app.broadband.models import CallOutcome, Document, DocumentKind, ServiceStatus
from app.broadband.operations import Bill
from app.broadband.refusals import WrongState
from app.broadband.reminders.jobs import JOBS
from app.broadband.reminders.queries import overdue
from app.broadband.reminders.suspending import REASON, suspend_by_rule, suspend_overdue
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.jobs import Run
from app.extensions import db
from app.ledger.models import Account
from app.ledger.proofs import verify
from tests.broadband.ground import after, balance, done, paid, service_of
from tests.broadband.reminding import called, muted, numbers, rule, set_to, stop, stopping

HOUSE = Actor.system("jobs")
(JOB,) = [job for job in JOBS if job.name == "broadband.suspend"]


@pytest.fixture(autouse=True)
def _nothing_overdue(app, owner):
    """Services of earlier tests are out of the way."""
    with rule(owner, 0):
        suspend_overdue(actor=HOUSE)
    yield
    db.session.rollback()


def found():
    db.session.rollback()
    return [row.id for row in db.session.execute(overdue())]


def documents(service_id):
    db.session.rollback()
    return list(db.session.scalars(select(Document).where(Document.service_id == service_id).order_by(Document.id)))


def test_without_the_setting_nobody_is_suspended(app, owner, new_phone):
    number = stopping(owner, new_phone(), -1000)
    assert found() == []
    assert JOB.work(Run(HOUSE)) == {"suspended": 0, "left": 0}
    assert service_of(number).status is ServiceStatus.ACTIVE


def test_who_is_overdue_longer_than_the_setting_is_suspended_by_the_house_for_nothing(app, owner, new_phone):
    late, edge = stopping(owner, new_phone(), -11), stopping(owner, new_phone(), -10)
    customer, end = service_of(late).customer_id, service_of(late).stop_date
    with rule(owner, 10):
        assert JOB.work(Run(HOUSE)) == {"suspended": 1, "left": 0}
    assert service_of(edge).status is ServiceStatus.ACTIVE
    service = service_of(late)
    assert (service.status, service.suspended_on, service.stop_date) == (ServiceStatus.FORCED, clock.today(), end)
    (document,) = documents(late)
    assert (document.kind, document.remark, document.fee) == (DocumentKind.FORCED_SUSPENSION, REASON, 0)
    assert (document.operator_kind, document.operator_name) == (ActorKind.SYSTEM, "jobs")
    assert document.posting_id is None
    assert balance(customer) == 1000
    record = db.session.scalars(
        select(OperationRecord).filter_by(object_type="broadband-service", object_id=late).order_by(-OperationRecord.id)
    ).first()
    assert record.operation == "broadband.forced-suspension"


def test_a_second_run_does_nothing(app, owner, new_phone):
    number = stopping(owner, new_phone(), -5)
    with rule(owner, 1):
        assert JOB.work(Run(HOUSE))["suspended"] == 1
        assert JOB.work(Run(HOUSE)) == {"suspended": 0, "left": 0}
    assert len(documents(number)) == 1


def test_a_suspension_by_rule_is_taken_back_like_any(app, owner, new_phone):
    number = stopping(owner, new_phone(), -5)
    with rule(owner, 1):
        suspend_overdue(actor=HOUSE)
    (document,) = documents(number)
    in_transaction(lambda: broadband.reverse(document.id, reason="he has paid in cash", actor=owner) and None)
    assert service_of(number).status is ServiceStatus.ACTIVE


def test_the_muted_and_those_who_promised_are_spared_until_their_day_is_over(app, owner, new_phone, shop_time):
    quiet, promised, broken = (stopping(owner, new_phone(), -20) for _each in range(3))
    muted(quiet, owner, 5)
    called(promised, owner, CallOutcome.PROMISED, promised_on=after(5))
    called(broken, owner, CallOutcome.PROMISED, promised_on=after(5))
    called(broken, owner, CallOutcome.REFUSES)
    with rule(owner, 10):
        assert found() == [broken], "what he said last holds"
        start = clock.today()
        shop_time(start + timedelta(days=5))
        assert found() == [quiet, broken], "muted until that day; promised for all of it"
        shop_time(start + timedelta(days=6))
        assert found() == [quiet, promised, broken]


def test_a_promise_about_an_earlier_stop_date_spares_nobody(app, owner, new_phone):
    number = stopping(owner, new_phone(), -30)
    called(number, owner, CallOutcome.PROMISED, promised_on=after(5))
    stop(number, -20)
    with rule(owner, 10):
        assert found() == [number]


def test_only_services_that_run_are_suspended(app, owner, new_phone):
    frozen, closed, forced = (stopping(owner, new_phone(), -20) for _each in range(3))
    done(broadband.suspend, frozen, owner=owner)
    done(broadband.close, closed, owner=owner)
    done(broadband.suspend_by_force, forced, owner=owner, reason="x")
    with rule(owner, 10):
        assert found() == []


def dry_run(app, *options):
    db.session.rollback()
    answer = app.test_cli_runner().invoke(args=["broadband", "suspend-overdue", "--dry-run", *options])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_the_dry_run_the_list_and_the_job_say_the_same(app, owner, new_phone):
    late = [stopping(owner, new_phone(), -20 - number) for number in range(3)]
    spared = [stopping(owner, new_phone(), -20), stopping(owner, new_phone(), -1)]
    muted(spared[0], owner)
    with rule(owner, 10):
        promised = json.loads(dry_run(app, "--json"))
        with app.test_request_context():
            listed = numbers(owner, *late, *spared, rule="true")
            assert numbers(owner, *late, *spared, rule="false") == [spared[1]]
        assert [service_of(number).status for number in late] == [ServiceStatus.ACTIVE] * 3, "it changes nothing"
        assert listed == late[::-1]
        assert [row["service_no"] for row in promised] == [service_of(number).service_no for number in listed]
        assert [row["days"] for row in promised] == [22, 21, 20]
        assert "Would be suspended: 3." in dry_run(app)
        assert JOB.work(Run(HOUSE)) == {"suspended": 3, "left": 0}
        assert json.loads(dry_run(app, "--json")) == []
    assert [service_of(number).status for number in (*late, *spared)] == [
        *[ServiceStatus.FORCED] * 3,
        *[ServiceStatus.ACTIVE] * 2,
    ]


def test_the_command_suspends_too(app, owner, new_phone):
    number = stopping(owner, new_phone(), -20)
    with rule(owner, 10):
        db.session.rollback()
        answer = app.test_cli_runner().invoke(args=["broadband", "suspend-overdue"])
        assert answer.output == "Suspended: 1. Left as they are: 0.\n"
    assert documents(number)[0].operator_name == "flask broadband suspend-overdue"


def test_a_service_that_is_paid_between_finding_and_locking_is_left(app, owner, new_phone):
    number = stopping(owner, new_phone(), -20)
    with rule(owner, 10):
        assert found() == [number]
        paid(number, owner)
        assert in_transaction(lambda: suspend_by_rule(number, actor=HOUSE)) is False
    assert service_of(number).status is ServiceStatus.ACTIVE


class Killed(BaseException):
    """What a process dies of."""


def test_a_run_that_is_killed_is_gone_on_with(app, owner, new_phone):
    late = [stopping(owner, new_phone(), -20) for _each in range(3)]

    def die(count, _total):
        if count == 2:
            raise Killed

    with rule(owner, 10):
        with pytest.raises(Killed):
            suspend_overdue(actor=HOUSE, progress=die)
        assert len(found()) == 1
        assert suspend_overdue(actor=HOUSE).suspended == 1
    assert [len(documents(number)) for number in late] == [1, 1, 1]


@pytest.mark.parametrize("attempt", range(4))
def test_a_payment_at_the_same_moment_and_the_rule_do_not_both_win_wrongly(app, owner, new_phone, attempt):
    """Either he pays first, and is left; or the rule is first, and his payment is taken while he is suspended."""
    late = [stopping(owner, new_phone(), -20) for _each in range(3)]
    customers = [service_of(number).customer_id for number in late]
    with rule(owner, 10):
        db.session.rollback()
        ready = Barrier(3)

        def at_once(act):
            with app.app_context():
                ready.wait()
                try:
                    return act()
                finally:
                    db.session.remove()

        def pay_all():
            for number in late[::-1]:
                in_transaction(
                    lambda number=number: broadband.pay(number, Bill(), method=None, store_id=1, actor=owner) and None
                )

        def by_rule():
            return suspend_overdue(actor=HOUSE)

        with ThreadPoolExecutor(3) as pool:
            _paid, one, other = pool.map(at_once, (pay_all, by_rule, by_rule))
    forced = 0
    for number, customer in zip(late, customers, strict=True):
        kinds = [document.kind for document in documents(number)]
        service = service_of(number)
        assert kinds.count(DocumentKind.PAYMENT) == 1
        if service.status is ServiceStatus.FORCED:
            forced += 1
            assert kinds == [DocumentKind.FORCED_SUSPENSION, DocumentKind.PAYMENT], "never after he has paid"
        else:
            assert kinds == [DocumentKind.PAYMENT]
        assert service.stop_date > clock.today()
        assert db.session.scalar(select(Account.balance).where(Account.customer_id == customer)) == 685
    assert one.suspended + other.suspended == forced
    db.session.rollback()
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_frozen_time_is_not_charged_when_he_comes_back(app, owner, new_phone, shop_time):
    number = stopping(owner, new_phone(), -20)
    with rule(owner, 10):
        suspend_overdue(actor=HOUSE)
    start = clock.today()
    shop_time(start + timedelta(days=40))
    done(broadband.reactivate, number, owner=owner)
    document = documents(number)[-1]
    assert (document.kind, document.fee) == (DocumentKind.REACTIVATION, 0)
    assert service_of(number).stop_date == start - timedelta(days=20)
    paid(number, owner)
    service = service_of(number)
    assert service.status is ServiceStatus.ACTIVE
    first = db.session.scalar(
        select(func.min(Document.dated_on)).where(Document.service_id == number, Document.fee > 0)
    )
    assert first == start + timedelta(days=40), "he pays from the day on which he pays, not for the days before"
    with pytest.raises(WrongState):
        done(broadband.reactivate, number, owner=owner)


def test_the_setting_says_from_which_day_on(app, owner, new_phone):
    number = stopping(owner, new_phone(), -1)
    set_to(owner, broadband_suspend_after=0)
    assert found() == [number]
    stop(number, 0)
    assert found() == []
    set_to(owner, broadband_suspend_after=None)
