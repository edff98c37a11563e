"""Figures per salesperson, against rows that are counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.broadband.basics import nouns
from app.broadband.models import CallOutcome, Reminder, Service
from app.broadband.reminders.due import note_due
from app.broadband.reminders.figures import figures_report
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.tables import rows as tables
from tests.broadband.ground import paid, service_of, undone
from tests.broadband.reminding import ask, called, listed, stop, stopping
from tests.broadband.things import make
from tests.staff.people import browser_of
from tests.staff.people import make as make_staff

BEGIN = date(2031, 5, 1)
FIGURES = ("came_due", "called", "reached", "promised", "renewed", "renewed_amount")


@pytest.fixture
def at(app, shop_time):
    """Let it be so many days after the beginning, or ask what is figured out."""
    shop_time(BEGIN)
    with app.test_request_context():
        yield lambda days: shop_time(BEGIN + timedelta(days=days))


def due(owner, phone, salesperson, left=3):
    """A service of that salesperson that came due today."""
    number = stopping(owner, phone, left, salesperson_id=salesperson)
    in_transaction(lambda: note_due(service_of(number)))
    return number


def figures(owner, salesperson, **arguments):
    db.session.rollback()
    usual = {"from": "2031-05-01", "to": "2031-05-31", "salesperson": str(salesperson)}
    asked = ask(figures_report, owner, **usual | arguments)
    found = tables.sums(figures_report, asked).figures
    db.session.rollback()
    return tuple(found[name] or 0 for name in FIGURES)


def test_figures_are_those_that_are_counted_by_hand(app, owner, new_phone, at):
    one, other = make(nouns.EMPLOYEE, owner), make(nouns.EMPLOYEE, owner)
    promises, renews, silent, unasked, missed = (due(owner, new_phone(), one) for _each in range(5))
    due(owner, new_phone(), other)
    at(1)
    called(promises, owner, CallOutcome.NOT_REACHED)
    called(promises, owner, CallOutcome.PROMISED, promised_on=BEGIN + timedelta(days=9))
    called(promises, owner, CallOutcome.REFUSES)
    called(renews, owner, CallOutcome.REACHED)
    called(missed, owner, CallOutcome.NOT_REACHED)
    at(2)
    paid(renews, owner)  # 300.00 and three months of 5.00
    paid(unasked, owner)
    assert service_of(silent).stop_date
    assert figures(owner, one) == (5, 3, 2, 1, 1, Decimal("315.00"))
    assert figures(owner, other) == (1, 0, 0, 0, 0, 0)


def test_a_payment_counts_only_after_a_call_and_within_the_days(app, owner, new_phone, at):
    one = make(nouns.EMPLOYEE, owner)
    late, early, reminded = (due(owner, new_phone(), one) for _each in range(3))
    paid(early, owner)
    stop(early, 3)
    at(1)
    for number in (late, early, reminded):
        called(number, owner)
    at(20)
    called(reminded, owner)
    at(40)
    paid(late, owner)
    paid(reminded, owner)
    assert figures(owner, one)[4:] == (1, Decimal("315.00")), "20 days after the second call, 39 after the first"
    assert figures(owner, one, within="39")[4:] == (2, Decimal("630.00"))
    assert figures(owner, one, within="19")[4:] == (0, 0)


def test_a_payment_that_was_taken_back_and_a_second_one_do_not_count(app, owner, new_phone, at):
    one = make(nouns.EMPLOYEE, owner)
    back, twice = due(owner, new_phone(), one), due(owner, new_phone(), one)
    for number in (back, twice):
        called(number, owner)
    undone(paid(back, owner), owner)
    paid(twice, owner, late_fee=Decimal("2.00"))
    paid(twice, owner)
    assert figures(owner, one) == (2, 2, 2, 0, 1, Decimal("317.00"))


def test_a_service_counts_once_for_each_stop_date(app, owner, new_phone, at):
    one = make(nouns.EMPLOYEE, owner)
    number = due(owner, new_phone(), one)
    called(number, owner)
    called(number, owner)
    assert figures(owner, one)[:2] == (1, 1)
    stop(number, 5)
    in_transaction(lambda: note_due(service_of(number)))
    assert figures(owner, one)[:2] == (2, 1), "of the new one nobody has spoken"


def test_the_salesperson_is_the_one_of_the_day_it_came_due(app, owner, new_phone, at):
    one, other = make(nouns.EMPLOYEE, owner), make(nouns.EMPLOYEE, owner)
    number = due(owner, new_phone(), one)

    def give():
        db.session.get(Service, number).salesperson_id = other

    in_transaction(give)
    assert figures(owner, one)[0] == 1
    assert figures(owner, other)[0] == 0


def test_the_period_is_that_of_coming_due(app, owner, new_phone, at):
    one = make(nouns.EMPLOYEE, owner)
    due(owner, new_phone(), one)
    at(31)
    due(owner, new_phone(), one)
    assert figures(owner, one)[0] == 1
    assert figures(owner, one, to="2031-06-01")[0] == 2


def test_the_rows_behind_the_figures_are_listed(app, owner, new_phone, at):
    one = make(nouns.EMPLOYEE, owner)
    first, second = due(owner, new_phone(), one), due(owner, new_phone(), one)
    called(first, owner)
    usual = {"from": "2031-05-01", "to": "2031-05-31", "salesperson": str(one), "within": "10"}
    rows = listed(owner, figures_report, **usual)
    assert [(row.service_id, row.called, row.renewed) for row in rows] == [(second, 0, 0), (first, 1, 0)]
    community = str(service_of(first).community_id)
    assert [row.service_id for row in listed(owner, figures_report, **usual, community=community)] == [first]


def test_the_page_sums_up_by_salesperson(app, owner, new_phone, at):
    number = due(owner, new_phone(), make(nouns.EMPLOYEE, owner, name="Qian the first"))
    called(number, owner)
    db.session.rollback()
    boss = browser_of(app, make_staff(SUPER_ADMIN))
    page = boss.get("/broadband/salespersons/?group=salesperson&from=2031-05-01&to=2031-05-31").text
    assert "Qian the first" in page
    assert 'href="/broadband/salespersons/?group=salesperson"' in page
    assert boss.get("/broadband/salespersons/").status_code == 200
    assert db.session.scalar(select(Reminder.due_on).where(Reminder.service_id == number)) == BEGIN
