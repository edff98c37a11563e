"""Figures of broadband: users by community as of any day, and openings of a period."""

import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.broadband import operations
from app.broadband.models import Document, Service, ServiceStatus, WorkKind
from app.broadband.refusals import NothingChanges, OpenWorkOrders
from app.broadband.reports.communities import communities_report
from app.broadband.reports.openings import CountedBy, openings_report
from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.shop.operations import change_settings, create_store
from app.tables import rows
from tests.broadband.asking import asked, found
from tests.broadband.ground import basics, done, opened, paid, running, service_of, undone
from tests.broadband.work import billed, brought_to, do, ordered
from tests.conftest import actor_of
from tests.counter.desk import customer_with
from tests.customers.desk import Desk

ZERO, ONE_DAY = Decimal(0), timedelta(days=1)
ACTIVE = ServiceStatus.ACTIVE


def users(actor, first, last):
    """Opened and active users by community, of those that have any."""
    all_of_them = found(communities_report, actor, first, last)
    return {row.id: (row.user_count, row.active_count) for row in all_of_them if row.user_count or row.active_count}


class Years:
    """A provider whose life is thrown with dice, and what its clerks saw every evening.

    evenings: by day, of each service where it was and whether it was active.
    """

    def __init__(self, owner, new_phone, seed):
        self.owner, self.new_phone, self.dice = owner, new_phone, random.Random(seed)  # noqa: S311 - no secret
        self.chosen = [basics() for _ in range(3)]
        self.customers = [customer_with("9000.00", new_phone(), owner) for _ in range(2)]
        self.services, self.evenings = [], {}

    def pass_day(self):
        for _ in range(self.dice.randint(0, 4)):
            self.act()
        db.session.rollback()
        ask = select(Service.id, Service.community_id, Service.status).where(Service.id.in_(self.services))
        self.evenings[clock.today()] = {
            row.id: (row.community_id, row.status is ACTIVE) for row in db.session.execute(ask)
        }

    def act(self):
        if len(self.services) < 3 or self.dice.random() < 0.15:
            wanted = operations.Wanted(**self.dice.choice(self.chosen))
            who = self.dice.choice(self.customers)
            opening = in_transaction(lambda: operations.open_service(who, wanted, store_id=1, actor=self.owner).id)
            self.services.append(opening)
            return
        number = self.dice.choice(self.services)
        service = service_of(number)
        last = db.session.scalar(
            select(Document.id)
            .where(Document.service_id == number, Document.reversed_at.is_(None))
            .order_by(Document.id.desc())
            .limit(1)
        )
        if last is not None and self.dice.random() < 0.35:
            undone(last, self.owner)
            return
        deeds = {
            ServiceStatus.PENDING: (self.install, self.activate, self.move, self.close),
            ACTIVE: (self.suspend, self.force, self.move, self.hand_over, self.close),
            ServiceStatus.SUSPENDED: (self.reactivate, self.move, self.close),
            ServiceStatus.FORCED: (self.reactivate, self.move),
            ServiceStatus.CLOSED: (lambda service: None,),
        }
        with suppress(OpenWorkOrders, NothingChanges):
            self.dice.choice(deeds[service.status])(service)

    def install(self, service):
        billed(ordered(service.id, self.owner, WorkKind.INSTALLATION), self.owner)

    def activate(self, service):
        number = service.id
        in_transaction(lambda: operations.activate(number, actor=self.owner) and None)

    def suspend(self, service):
        done(operations.suspend, service.id, owner=self.owner)

    def force(self, service):
        done(operations.suspend_by_force, service.id, owner=self.owner, reason="late")

    def reactivate(self, service):
        done(operations.reactivate, service.id, owner=self.owner)

    def close(self, service):
        done(operations.close, service.id, owner=self.owner)

    def move(self, service):
        where = self.dice.choice(self.chosen)["community_id"]
        done(operations.relocate, service.id, where, f"{self.dice.random()} Road", owner=self.owner)

    def hand_over(self, service):
        other = next(who for who in self.customers if who != service.customer_id)
        where = self.dice.choice([None, *(each["community_id"] for each in self.chosen)])
        said = {"community_id": where, "address": "1 New Road"} if where else {}
        done(operations.transfer, service.id, other, owner=self.owner, **said)

    def expected(self, first, last):
        """Of each community: who was opened in these days, as is known now, and who was active that evening."""
        counts = defaultdict(lambda: [0, 0])
        for number, (community, is_active) in self.evenings[last].items():
            day = service_of(number).activation_date
            counts[community][0] += day is not None and first <= day <= last
            counts[community][1] += is_active
        return {community: tuple(both) for community, both in counts.items() if any(both)}


@pytest.mark.parametrize("seed", range(3))
def test_a_past_day_is_told_as_its_evening_was(app, owner, new_phone, shop_time, seed):
    first = date(2027, 1 + seed * 2, 1)
    shop_time(first)
    life = Years(owner, new_phone, seed)
    mine = {each["community_id"] for each in life.chosen}
    for day in range(30):
        shop_time(first + day * ONE_DAY)
        life.pass_day()
    assert len({state for evening in life.evenings.values() for _place, state in evening.values()}) == 2
    for last in life.evenings:
        start = max(first, last - 9 * ONE_DAY)
        told = {place: both for place, both in users(owner, start, last).items() if place in mine}
        assert told == life.expected(start, last), last


def test_a_community_counts_who_was_opened_and_who_was_active(app, owner, new_phone, shop_time):
    """By hand: six users, and what became of each."""
    day = [date(2028, 3, number) for number in range(1, 11)]
    here, there = basics(), basics()
    shop_time(day[0])
    names = ("stays", "suspended", "forced", "closed", "moved", "mistaken")
    user = {name: running(owner, new_phone(), **here)[1] for name in names}
    opened(owner, new_phone(), **here)
    shop_time(day[2])
    done(operations.suspend, user["suspended"], owner=owner)
    done(operations.suspend_by_force, user["forced"], owner=owner, reason="late")
    done(operations.relocate, user["moved"], there["community_id"], "1 Far Road", owner=owner)
    mistake = done(operations.close, user["mistaken"], owner=owner)
    shop_time(day[4])
    done(operations.reactivate, user["suspended"], owner=owner)
    done(operations.close, user["closed"], owner=owner)
    shop_time(day[6])
    undone(mistake, owner)
    late = running(owner, new_phone(), **here)[1]

    def told(first, last):
        both = users(owner, day[first], day[last])
        return both.get(here["community_id"]), both.get(there["community_id"])

    assert late
    assert told(0, 1) == ((6, 6), None), "who waits for his installation is neither"
    assert told(0, 2) == ((5, 2), (1, 1)), "the mistaken closing stood that evening"
    assert told(3, 3) == ((0, 2), (0, 1))
    assert told(0, 4) == ((5, 2), (1, 1))
    assert told(5, 6) == ((1, 4), (0, 1)), "taken back: active again"
    assert told(0, 9) == ((6, 4), (1, 1))


def test_a_user_is_active_since_his_order_was_billed_from(app, owner, new_phone, shop_time):
    first = date(2028, 5, 1)
    shop_time(first)
    chosen = basics()
    _customer, number = opened(owner, new_phone(), **chosen)
    shop_time(first + 2 * ONE_DAY)
    order = brought_to("done", ordered(number, owner, WorkKind.INSTALLATION), owner)
    since = clock.now() - ONE_DAY
    document = do("bill", order, owner, billing_start_at=since)
    place = chosen["community_id"]
    assert users(owner, first, first).get(place) is None
    assert users(owner, first, first + ONE_DAY)[place] == (1, 1)
    shop_time(first + 4 * ONE_DAY)
    undone(document, owner)
    assert users(owner, first, first + 3 * ONE_DAY)[place] == (0, 1), "it stood; nobody knows a day of opening any more"
    assert users(owner, first, first + 4 * ONE_DAY).get(place) is None


def test_openings_are_counted_on_either_day_and_told_apart(app, owner, new_phone, shop_time):
    applied, activated = date(2028, 7, 1), date(2028, 7, 3)
    shop_time(applied)
    small, large = basics(), basics()
    services = [opened(owner, new_phone(), **chosen)[1] for chosen in (small, small, large)]
    opened(owner, new_phone(), **large)
    shop_time(activated)
    for number in services:
        in_transaction(lambda number=number: operations.activate(number, actor=owner) and None)
    done(operations.close, services[0], owner=owner)

    def count(first, last=None, **values):
        return rows.sums(openings_report, asked(openings_report, owner, first, last, **values)).figures["opened_count"]

    by_application = {"counted": CountedBy.APPLICATION}
    assert [count(applied), count(activated), count(applied, activated)] == [None, 3, 3]
    assert [count(applied, **by_application), count(activated, **by_application)] == [4, None]
    whole = asked(openings_report, owner, applied, activated)
    for group, expected in (("day", [3]), ("package", [1, 2]), ("salesperson", [3])):
        lines = rows.groups(openings_report, replace(whole, group=group))
        assert sorted(line["opened_count"] for line in lines) == expected
    assert sum(row.opened_count for row in found(openings_report, owner, applied, activated)) == 3


def test_programs_get_the_same_figures(app, owner, new_phone, shop_time):
    shop_time(date(2029, 5, 1))
    chosen = basics()
    _customer, number = running(owner, new_phone(), "5000.00", **chosen)
    paid(number, owner)
    db.session.rollback()
    desk, today = Desk(app, SUPER_ADMIN), {"from": "2029-05-01", "to": "2029-05-01"}
    (line,) = desk.get("/reports/broadband-takings", **today).json["items"]
    assert (line["usage_fee"], line["total_amount"]) == ("315.00", "315.00")
    assert desk.get("/reports/broadband-takings/sums", **today).json["sums"]["total_amount"] == "315.00"
    place = {"community": str(chosen["community_id"])}
    (line,) = desk.get("/reports/broadband-users-by-community", **today, **place).json["items"]
    assert (line["user_count"], line["active_count"]) == (1, 1)
    told = desk.get("/reports/broadband-users-by-community/sums", **today, **place).json["sums"]
    assert told == {"user_count": 1, "active_count": 1}
    answer = desk.get("/reports/broadband-openings/sums", **today, counted="application-date", group="day").json
    assert answer["sums"] == {"opened_count": 1}
    assert answer["groups"] == [{"key": "2029-05-01", "rows": 1, "opened_count": 1}]


def test_a_clerk_counts_the_customers_that_he_may_find(app, owner, new_phone, shop_time):
    day = date(2029, 7, 1)
    shop_time(day)
    chosen = basics()
    place = chosen["community_id"]
    running(owner, new_phone(), **chosen)
    east = in_transaction(lambda: create_store(f"e{new_phone()[-6:]}", "East", actor=owner))
    clerks = [replace(actor_of(app, ORDINARY_ADMIN), stores=frozenset({store})) for store in (1, east)]

    def counts():
        opened_ones = [asked(openings_report, clerk, day) for clerk in clerks]
        figures = [rows.sums(openings_report, each).figures["opened_count"] for each in opened_ones]
        return [users(clerk, day, day).get(place) for clerk in clerks], figures

    assert counts() == ([(1, 1), (1, 1)], [1, 1])
    in_transaction(lambda: change_settings({"own_store_customers": True}, actor=owner))
    try:
        assert counts() == ([(1, 1), None], [1, None])
    finally:
        in_transaction(lambda: change_settings({"own_store_customers": False}, actor=owner))
