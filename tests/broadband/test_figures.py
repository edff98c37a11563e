"""Figures of broadband: users by community as of any day, openings, and the takings of a day."""

import random
from contextlib import suppress
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import case, func, select

from app.broadband import operations
from app.broadband.models import Document, Service, ServiceStatus, WorkKind
from app.broadband.operations.filing import DOCUMENT, Fee
from app.broadband.refusals import NothingChanges, OpenWorkOrders
from app.broadband.reports.communities import communities_report
from app.broadband.reports.openings import CountedBy, openings_report
from app.broadband.reports.takings import FEES, takings_report
from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.extensions import db
from app.ledger.models import Kind, Posting
from app.shop.models import Method
from app.shop.operations import create_store
from app.tables import Asked, rows
from app.tables.filters import Span
from tests.broadband.ground import basics, done, opened, paid, running, service_of, undone
from tests.broadband.work import billed, brought_to, do, ordered
from tests.conftest import actor_of
from tests.counter.desk import customer_with

ZERO, ONE_DAY = Decimal(0), timedelta(days=1)
ACTIVE = ServiceStatus.ACTIVE


def asked(report, actor, first, last=None, **values):
    db.session.rollback()
    return Asked(actor, {"period": Span(first, last or first), **values})


def found(report, actor, first, last=None, **values):
    return rows.page(report, asked(report, actor, first, last, **values), limit=10_000).rows


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
        self.evenings[clock.today()] = {row.id: (row.community_id, row.status is ACTIVE) for row in db.session.execute(ask)}

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
