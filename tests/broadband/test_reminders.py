"""The work list: which services it names, what it says of them, and what is looked for in it."""

import pytest
from sqlalchemy import text

from app.broadband import operations as broadband
from app.broadband.models import CallOutcome
from app.broadband.reminders.settings import REMIND_DAYS
from app.core import days
from app.core.db import in_transaction, is_postgresql
from app.core.errors import Invalid
from app.extensions import db
from tests.broadband.ground import after, basics, done, opened, paid, running, service_of
from tests.broadband.reminding import called, listed, muted, numbers, remind_before, set_to, stop, stopping


@pytest.fixture(autouse=True)
def _request(app):
    with app.test_request_context():
        yield


def test_a_service_is_listed_from_the_days_of_the_house_before_its_stop_date(app, owner, new_phone):
    near, edge, far, over = (stopping(owner, new_phone(), left) for left in (0, 7, 8, -400))
    assert numbers(owner, near, edge, far, over) == [over, near, edge]
    set_to(owner, **{REMIND_DAYS: 8})
    assert numbers(owner, near, edge, far, over) == [over, near, edge, far]
    set_to(owner, **{REMIND_DAYS: 0})
    assert numbers(owner, near, edge, far, over) == [over, near]
    set_to(owner, **{REMIND_DAYS: 7})


def test_a_package_has_days_of_its_own(app, owner, new_phone):
    early, never = basics(), basics()
    remind_before(early["package_id"], 30)
    remind_before(never["package_id"], 0)
    ones = [stopping(owner, new_phone(), left, **early) for left in (30, 31)]
    others = [stopping(owner, new_phone(), left, **never) for left in (0, 1)]
    usual = stopping(owner, new_phone(), 8)
    assert numbers(owner, *ones, *others, usual) == [others[0], ones[0]]


def test_days_left_are_told_and_are_below_zero_when_overdue(app, owner, new_phone):
    for left in (-3, 0, 5):
        number = stopping(owner, new_phone(), left)
        (row,) = [row for row in listed(owner) if row.id == number]
        assert (row.days_left, row.stop_date) == (left, after(left))


def test_only_services_whose_paid_days_run_are_listed(app, owner, new_phone):
    _customer, waiting = opened(owner, new_phone())
    paid(waiting, owner)
    stop(waiting, 1)
    frozen, forced, closed, unpaid = (
        *(stopping(owner, new_phone(), 1) for _each in range(3)),
        running(owner, new_phone())[1],
    )
    done(broadband.suspend, frozen, owner=owner)
    done(broadband.suspend_by_force, forced, owner=owner, reason="x")
    done(broadband.close, closed, owner=owner)
    assert numbers(owner, waiting, frozen, forced, closed, unpaid) == [forced]
    assert numbers(owner, forced, status="force-suspended") == [forced]
    assert numbers(owner, forced, status="active") == []


def test_who_has_paid_is_not_listed_any_more(app, owner, new_phone):
    number = stopping(owner, new_phone(), -1)
    called(number, owner)
    paid(number, owner)
    assert numbers(owner, number) == []


def test_a_muted_service_is_listed_when_it_is_asked_for_and_again_on_its_day(app, owner, new_phone, shop_time):
    number, other = stopping(owner, new_phone(), 1), stopping(owner, new_phone(), 1)
    muted(number, owner, 10)
    assert numbers(owner, number, other) == [other]
    assert numbers(owner, number, other, muted="muted") == [number]
    assert numbers(owner, number, other, muted="not-muted") == [other]
    assert numbers(owner, number, other, muted="all-of-them") == [number, other]
    ninth, tenth = after(9), after(10)
    shop_time(ninth)
    assert numbers(owner, number) == []
    shop_time(tenth)
    assert numbers(owner, number) == [number]


def test_the_last_call_about_the_present_stop_date_is_shown(app, owner, new_phone):
    number = stopping(owner, new_phone(), 1)
    row = next(row for row in listed(owner, outcome="none-yet") if row.id == number)
    assert (row.outcome, row.called_on) == (None, None)
    called(number, owner, CallOutcome.NOT_REACHED, remark="tried twice")
    called(number, owner, CallOutcome.PROMISED, promised_on=after(2), remark="on Friday")
    row = next(row for row in listed(owner, outcome="promised-to-pay") if row.id == number)
    assert (row.called_on, row.promised_on, row.said) == (days.today(), after(2), "on Friday")
    assert row.called_by == owner.name
    assert numbers(owner, number, outcome="not-reached") == []
    stop(number, 2)
    assert numbers(owner, number, outcome="none-yet") == [number], "a new stop date begins anew"


def test_what_a_former_owner_said_is_not_told_of_the_new_one(app, owner, new_phone):
    number = stopping(owner, new_phone(), 1)
    called(number, owner, CallOutcome.PROMISED, promised_on=after(2))
    new, _service = running(owner, new_phone())
    done(broadband.transfer, number, new, owner=owner)
    assert numbers(owner, number, outcome="none-yet") == [number]


def test_the_list_is_looked_through_by_days_left(app, owner, new_phone):
    ones = [stopping(owner, new_phone(), left) for left in (-10, -2, 0, 3)]
    assert numbers(owner, *ones, days_min="-2", days_max="0") == ones[1:3]
    assert numbers(owner, *ones, days_max="-1") == ones[:2]
    assert numbers(owner, *ones, order="latest") == ones[::-1]
    with pytest.raises(AssertionError, match="days_min"):
        listed(owner, days_min="3", days_max="1")
    with pytest.raises(AssertionError, match="days_max"):
        listed(owner, days_max="soon")


def test_the_list_is_looked_through_by_what_leads_an_index(app, owner, new_phone):
    chosen = basics()
    one, other = stopping(owner, new_phone(), 1, **chosen), stopping(owner, new_phone(), 1)
    assert numbers(owner, one, other, community=str(chosen["community_id"])) == [one]
    assert numbers(owner, one, other, package=str(chosen["package_id"])) == [one]


def test_an_impossible_package_is_refused_where_it_is_typed(app, owner):
    from app.broadband.basics import nouns  # noqa: PLC0415
    from tests.broadband.things import make  # noqa: PLC0415

    for wrong in (-1, "1.5", 4000):
        with pytest.raises(Invalid):
            make(nouns.PACKAGE, owner, remind_days_before=wrong)


@pytest.mark.parametrize(("led", "index"), [("", "announced"), ("community", "announced_community_id")])
def test_an_index_knows_which_services_are_announced(app, owner, new_phone, led, index):
    chosen = basics()
    stopping(owner, new_phone(), 1, **chosen)
    where = f"community_id = {chosen['community_id']} AND" if led else ""
    ask = f"""SELECT id FROM broadband_service WHERE {where} status NOT IN ('pending-install', 'suspended', 'closed')
        AND stop_date <= '2030-01-01' ORDER BY stop_date, id LIMIT 5"""  # noqa: S608 - a number of our own

    def plan():
        if is_postgresql():
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            db.session.execute(text("SET LOCAL enable_sort = off"))
        explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
        return " ".join(str(row) for row in db.session.execute(text(f"{explain} {ask}")))

    assert f"ix_broadband_service_{index}" in in_transaction(plan)


def test_muting_ends_with_the_service_still_being_what_it_was(app, owner, new_phone):
    number = stopping(owner, new_phone(), 1)
    before = service_of(number).version
    muted(number, owner)
    assert service_of(number).version == before + 1
