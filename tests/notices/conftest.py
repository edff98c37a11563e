"""A house of the tests' own that may tell customers two things, by a mail server that really listens."""

import itertools
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core import clock, rooms
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.feature import Feature
from app.core.jobs import Run
from app.core.notices import NoticeKind
from app.customers.models import Customer
from app.customers.operations import create_customer
from app.extensions import db
from app.notices.models import Channel, DeliveryState, Notice, NoticeDelivery
from app.notices.operations import give
from app.notices.sending import send_due
from app.shop.operations import change_settings
from tests.conftest import actor_of
from tests.notices.mail_server import MailServer

# Their words are messages of the house, so that they are there in every language.
STOPS = NoticeKind("test.stops", "Day", "Statement of %(name)s", "%(name)s: %(value)s")
PLAIN = NoticeKind("test.plain", "Day", "Hello %(line)s", "%(line)s")
HOUSE = Actor.system("test")
NOTHING = {"sent": 0, "waiting": 0, "failed": 0, "unknown": 0}  # what became of a run that had nothing to do
_names = itertools.count(1)
NOON = datetime(2026, 5, 4, 12, 0)  # noqa: DTZ001 - as the shop's clock shows it


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def app(own_house, mail, monkeypatch) -> Flask:
    """Nothing that another test has left behind is sent in this one."""
    monkeypatch.setitem(own_house.config, "MAIL_URL", mail.url)
    monkeypatch.setitem(own_house.config, "MAIL_FROM", "The desk <desk@shop.test>")
    room = Feature("tests", __name__, notices=(STOPS, PLAIN))
    monkeypatch.setitem(own_house.extensions, rooms.KEY, (*own_house.extensions[rooms.KEY], room))
    left = update(NoticeDelivery).where(NoticeDelivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
    in_transaction(lambda: db.session.execute(left.values(state=DeliveryState.FAILED)))
    return own_house


@pytest.fixture
def owner(app) -> Actor:
    return actor_of(app, "super-admin")


@pytest.fixture
def shop_clock() -> Iterator[Callable[[datetime], None]]:
    """Call it with what the shop's clock is to show. It shows noon before."""
    before = clock._shop

    def show(local: datetime) -> None:
        shift = local.replace(tzinfo=before.zone) - clock.real_now()
        clock._shop = before._replace(shift=shift)

    show(NOON)
    yield show
    clock._shop = before


@pytest.fixture
def quiet(owner) -> Iterator[Callable[[str, str], None]]:
    """Call it with the first and the last quiet hour; there are none when the test is over."""

    def between(first: str, last: str) -> None:
        in_transaction(lambda: change_settings({"quiet_from": first, "quiet_to": last}, actor=owner))

    yield between
    between("", "")


@pytest.fixture
def new_customer(owner, new_phone) -> Callable[..., int]:
    """Call it for a customer; what his mail server does is the beginning of his address."""

    def make(does: str | None = "takes", **more: Any) -> int:
        email = f"{does}-{next(_names)}@people.test" if does else None
        values = {"phone": new_phone(), "name": "Lin", "email": email, **more}
        return in_transaction(lambda: create_customer(values, store_id=1, actor=owner).id)

    return make


def tell(customer_id: int, kind: NoticeKind = PLAIN, key: str = "", **values: Any) -> int:
    """Give a notice, and the number of it."""
    named = key or f"{kind.name}:{secrets.token_hex(8)}"
    given = {"line": "hello", "name": date(2026, 5, 9), "value": Decimal("1234.50"), **values}
    assert in_transaction(lambda: give(customer_id, kind, key=named, values=given, actor=HOUSE))
    db.session.rollback()
    number = db.session.scalars(select(Notice.id).where(Notice.key == named)).one()
    db.session.rollback()
    return number


def delivery(notice_id: int, channel: Channel = Channel.EMAIL) -> NoticeDelivery | None:
    db.session.rollback()
    ask = select(NoticeDelivery).where(NoticeDelivery.notice_id == notice_id, NoticeDelivery.channel == channel)
    return db.session.scalars(ask.execution_options(populate_existing=True)).one_or_none()


def address_of(customer_id: int) -> str:
    db.session.rollback()
    return str(db.session.scalar(select(Customer.email).where(Customer.id == customer_id)))


def send() -> dict[str, int]:
    """Do what the job does each minute."""
    return dict(send_due(Run(HOUSE)))
