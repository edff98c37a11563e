"""Postings that an ordinary administrator may not see, made so that they are known again wherever they turn up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.broadband.models import Document
from app.broadband.operations import Bill, pay
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers.operations import create_customer
from app.extensions import db
from app.ledger.closing import close_days
from app.ledger.models import Posting
from app.ledger.operations import consume, recharge, sell
from app.shifts.operations import close_shift, open_shift
from app.shop.models import Method
from app.shop.operations import create_store
from tests.broadband.ground import running
from tests.conftest import actor_of
from tests.notices.told import declare, say
from tests.staff.people import make

YESTERDAY_AMOUNT, EAST_AMOUNT, SOLD_AMOUNT = Decimal("7313.57"), Decimal("4242.42"), Decimal("5151.51")
OWN_AMOUNT = Decimal("10.00")
COUNTED = Decimal("606.06")  # in a drawer of the other store


@dataclass
class Planted:
    """What was planted. forbidden: texts that tell of it. clerk: of the main store."""

    clerk: int
    owner: int
    hidden: list[int]
    own: int
    customers: list[int]
    east: str
    people: list[int]
    yesterday: date
    receipts: list[str]
    shift: int
    service: int
    documents: list[int]
    deliveries: list[int]
    forbidden: set[str] = field(default_factory=set)


def amounts() -> Iterator[str]:
    """The hidden amounts and what they make together with others, as programs and people write them."""
    single = [YESTERDAY_AMOUNT, EAST_AMOUNT, SOLD_AMOUNT]
    sums = {*single, EAST_AMOUNT + SOLD_AMOUNT, sum(single, Decimal(0))}
    for amount in {*sums, *(each + OWN_AMOUNT for each in sums)}:
        yield from (str(amount), f"{amount:,}")


def plant(app: Any, set_clock: Any) -> Planted:
    """A clerk of the main store with one posting of today; others have postings of yesterday and of another store."""
    today = clock.today()
    clerk = make(ORDINARY_ADMIN, name="clerkofmain", store_ids=[1])
    owner, boss = make(SUPER_ADMIN, name="ownerofall"), actor_of(app, SUPER_ADMIN)
    set_clock(today)
    east = in_transaction(lambda: create_store("canary-east", "Hidden branch", actor=boss))
    people = [make(ORDINARY_ADMIN, name=name, store_ids=[1, east]) for name in ("canarybefore", "canaryeast")]
    before, eastern, me = (Actor(ActorKind.STAFF, number, "x", stores=None) for number in (*people, clerk))
    customers = [_customer(phone, boss) for phone in ("+8613911110001", "+8613922220002", "+8613933330003")]
    paid = {"method": Method.CASH, "store_id": 1}

    hidden = [
        _made(lambda: recharge(customers[0], YESTERDAY_AMOUNT, **paid, note="canary-note-before", actor=before)),
        # What is left tells nothing: balances may be seen.
        _made(lambda: consume(customers[0], Decimal("7300.00"), store_id=1, actor=before)),
    ]
    declare(app)
    told_before = say(customers[0], "canary-told-before", boss)
    service, document = _paid_service(boss, before)
    hidden.append(document.posting_id)
    yesterday, today = today, today + timedelta(days=1)
    set_clock(today)
    close_days(actor=boss)
    there = {"method": Method.WECHAT, "store_id": east}
    hidden += [
        _made(lambda: recharge(customers[1], EAST_AMOUNT, **there, note="canary-note-east", actor=eastern)),
        _made(lambda: consume(customers[1], Decimal("4200.00"), store_id=east, actor=eastern)),
        _made(lambda: sell(SOLD_AMOUNT, **there, note="canary-note-sold", actor=eastern)),
    ]
    shift = in_transaction(lambda: open_shift(east, Decimal(0), actor=eastern))
    in_transaction(lambda: close_shift(shift, COUNTED, actor=eastern))
    elsewhere = _customer("+8613955550005", boss, east)
    deliveries = [*told_before, *say(elsewhere, "canary-told-east", boss)]
    own = _made(lambda: recharge(customers[2], OWN_AMOUNT, **paid, actor=me))
    receipts = list(db.session.scalars(select(Posting.receipt_no).where(Posting.id.in_(hidden))))
    notes = {"canary-note-before", "canary-note-east", "canary-note-sold", "canarybefore", "canaryeast"}
    notes |= {"canary-told-before", "canary-told-east", "canary-note-paid"}
    forbidden = {*notes, *receipts, *amounts(), str(COUNTED)}
    told = (customers, "canary-east", people, yesterday, receipts, shift, service, [document.id], deliveries)
    return Planted(clerk, owner, hidden, own, *told, forbidden)


def _paid_service(boss: Actor, before: Actor) -> tuple[int, Document]:
    """A service whose customer has paid."""
    _customer_id, service = running(boss, "+8613944440004", "0")
    bill = Bill(package_fee=YESTERDAY_AMOUNT, months_paid=0, remark="canary-note-paid")
    paid = {"method": Method.WECHAT, "store_id": 1, "actor": before}
    number = in_transaction(lambda: pay(service, bill, **paid).id)
    return service, db.session.get(Document, number)


def _customer(phone: str, actor: Actor, store_id: int = 1) -> int:
    values = {"phone": phone, "name": "王小明"}
    return in_transaction(lambda: create_customer(values, store_id=store_id, actor=actor).id)


def _made(verb: Any) -> int:
    return in_transaction(lambda: verb().id)


GET_FORM = re.compile(r"<form\b(?![^>]*method=\"post\")[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
INPUT = re.compile(r"<(?:input|select)\b[^>]*\bname=\"([^\"]+)\"[^>]*>")
NUMBER = re.compile(r"inputmode=\"(?:decimal|numeric)\"")
MOST_CHOICES = 20  # of more, such as the hours of a day, the first and the last
SELECT = re.compile(r"<select\b[^>]*\bname=\"([^\"]+)\"[^>]*>(.*?)</select>", re.DOTALL)
OPTION = re.compile(r"<option value=\"([^\"]*)\"")
LINK = re.compile(r"\b(?:href|src|action|data-[a-z-]+)=\"(/[^\"#]*)\"")


@dataclass
class Typed:
    """What a visitor would type to find it: into an input for days, for numbers, and for anything else."""

    days: list[str]
    numbers: list[str]
    texts: list[str]

    def into(self, tag: str) -> list[str]:
        if 'type="date"' in tag:
            return self.days
        return self.numbers if NUMBER.search(tag) else self.texts


def asked_on(page: str, typed: Typed) -> Iterator[tuple[str, str]]:
    """What a visitor may fill into the filters of a page: each input with each value worth trying."""
    for form in GET_FORM.findall(page):
        choices = {name: [each for each in OPTION.findall(inner) if each] for name, inner in SELECT.findall(form)}
        for name, tag in {found[1]: found[0] for found in INPUT.finditer(form)}.items():
            values = choices[name] if name in choices else typed.into(tag)
            yield from ((name, value) for value in (values if len(values) <= MOST_CHOICES else (values[0], values[-1])))


def links_on(page: str) -> set[str]:
    """The addresses of this house that a page leads to."""
    return {link.replace("&amp;", "&") for link in LINK.findall(page) if not link.startswith(("//", "/static"))}
