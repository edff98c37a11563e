"""The provider of the demo: two years of work, as its verbs would have written them."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.broadband.kept import plain
from app.broadband.models import (
    Community,
    Document,
    DocumentKind,
    OrderStatus,
    Package,
    Payment,
    Service,
    ServiceStatus,
    WorkOrder,
    WorkOrderLine,
)
from app.broadband.operations import reverse
from app.broadband.periods import frozen_days, next_period
from app.core import clock, commands
from app.core.actor import Actor
from app.core.commands import Request, execute
from app.core.db import in_transaction
from app.core.sealed import unseal
from app.customers.models import Customer
from app.demo.people import people
from app.demo.provider.doing import DOING, Provider, postings_of
from app.demo.provider.ground import Ground, set_up
from app.demo.provider.lives import Deed
from app.demo.provider.loading import plan
from app.demo.trade import RULES
from app.extensions import db
from app.ledger.history import History
from app.ledger.models import Account, Posting, Transfer
from app.ledger.proofs import verify
from app.shop.operations import change_settings, create_store
from tests.conftest import actor_of, copy_of_ready, open_ready
from tests.demo.replay import VERBS, Replay, fixed
from tests.demo.test_demo_load import load

SUBSCRIBERS = 150


@pytest.fixture(scope="module")
def house(own_house):
    """A house with a small chain and a provider, and what the command answered."""
    code, out, _ = load(
        own_house, "--customers", 20, "--postings", 300, "--subscribers", SUBSCRIBERS, "--seed", 3, "--json"
    )
    assert code == 0
    return json.loads(out)


def test_every_proof_of_the_ledger_holds(house):
    assert [(proof.name, proof.found) for proof in verify() if not proof.holds] == []


def test_the_provider_is_of_the_size_that_was_asked_for(house):
    assert house["subscribers"] == SUBSCRIBERS
    assert db.session.scalar(select(func.count()).select_from(Service)) == SUBSCRIBERS
    assert db.session.scalar(select(func.count()).select_from(Community)) == 12
    assert {person["role"] for person in house["staff"] if "宽带" in (person["store"] or "")} >= {"installer"}
    sold = select(func.count()).select_from(Posting).where(Posting.source_type == "broadband-document")
    assert db.session.scalar(select(func.max(Posting.id))) == db.session.scalar(select(func.count(Posting.id)))
    assert db.session.scalar(sold) > SUBSCRIBERS * 2


def test_two_years_lie_behind_it_and_nothing_ahead(house):
    first, last = db.session.execute(select(func.min(Document.dated_on), func.max(Document.made_at))).one()
    assert 600 < (clock.today() - first).days <= 731
    assert last <= clock.now()


def test_every_day_that_was_paid_follows_the_one_before(house):
    """Each payment anew by the rule of periods; suspensions add the days that they froze; nothing else moves dates."""
    papers = db.session.execute(
        select(Document, Payment).outerjoin(Payment, Payment.document_id == Document.id).order_by(Document.id)
    ).all()
    stops: dict[int, date | None] = {}
    anchors: dict[int, int | None] = {}
    since: dict[int, date] = {}
    for paper, paid in papers:
        number = paper.service_id
        if paid is not None:
            given = {"stop_date": stops.get(number), "anchor": anchors.get(number), "today": paper.dated_on}
            found = next_period(paid.package_months, **given)
            assert (paid.package_start, paid.package_end) == (found.start, found.end)
            stops[number], anchors[number] = found.end, found.anchor
            assert paid.total == paper.fee
        elif paper.kind is DocumentKind.SUSPENSION:
            since[number] = paper.dated_on
        elif paper.kind is DocumentKind.REACTIVATION and number in since:
            waited = frozen_days(since.pop(number), paper.dated_on, stops[number])
            stops[number] = date.fromordinal(stops[number].toordinal() + waited)
    for service in db.session.scalars(select(Service)):
        assert service.stop_date == stops.get(service.id)
        assert service.anchor_day == anchors.get(service.id)


def test_every_fee_is_in_the_ledger_and_every_posting_of_the_room_is_a_fee(house):
    ask = select(Document, Posting).outerjoin(Posting, Posting.id == Document.posting_id)
    for paper, posting in db.session.execute(ask):
        assert (paper.fee > 0) == (posting is not None)
        if posting is not None:
            assert (posting.source_type, posting.source_id) == ("broadband-document", paper.id)
            assert (posting.amount, posting.customer_id) == (paper.fee, paper.customer_id)
            assert (posting.business_date, posting.posted_at) == (paper.dated_on, paper.made_at)
    bound = select(func.count()).where(Posting.source_type == "broadband-document")
    papers = select(func.count()).where(Document.posting_id.is_not(None))
    assert db.session.scalar(bound) == db.session.scalar(papers)


def test_what_the_past_has_filed_is_taken_back_like_anything_else(house, own_house):
    owner = actor_of(own_house, "super-admin")
    ask = select(Document.id, Document.service_id).where(Document.kind == DocumentKind.PAYMENT)
    number, service_id = db.session.execute(ask.order_by(Document.id.desc()).limit(1)).one()
    before = db.session.get(Document, number).before
    later = select(func.max(Document.id)).where(Document.service_id == service_id)
    assert db.session.scalar(later) == number
    db.session.rollback()
    in_transaction(lambda: reverse(number, reason="mistake", actor=owner) and None)
    assert plain(db.session.get(Service, service_id).stop_date) == before["stop_date"]
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_a_room_that_is_closed_gets_no_provider(empty_house):
    empty_house.extensions["rooms"] = tuple(
        room for room in empty_house.extensions["rooms"] if room.name != "broadband"
    )
    code, out, _ = load(empty_house, "--customers", 5, "--postings", 50, "--subscribers", 20, "--json")
    assert code == 0
    assert json.loads(out)["subscribers"] == 0
    assert db.session.scalar(select(func.count()).select_from(Service)) == 0


def test_a_plan_of_the_usual_size_has_orders_and_services_in_every_state():
    last: dict[int, str] = {}
    verbs = {"order": "draft", "accept": "accepted", "appoint": "scheduled", "start": "in-progress", "bill": "billed"}
    verbs |= {"finish": "done", "cancel": "cancelled"}
    for deed in plan(3000, 1, now=clock.now()):
        if deed.verb in verbs:
            last[deed.service] = verbs[deed.verb]
    assert set(last.values()) == set(OrderStatus)


# What a past leaves out of a row, or says otherwise: numbers of requests, seals by chance, where a recharge came from.
UNLIKE = {"command_id", "password_sealed", "source_type", "source_id", "created_by", "version_of"}
TABLES = (Customer, Service, Document, Payment, WorkOrder, WorkOrderLine, Posting)


def rows_of(app) -> dict[str, list[str]]:
    db.session.rollback()
    found = {}
    for model in TABLES:
        columns = [column for column in model.__table__.c if column.name not in UNLIKE]
        rows = db.session.execute(select(*columns).order_by(*model.__table__.primary_key)).all()
        found[model.__tablename__] = [str(dict(row._mapping)) for row in rows]
    found["accounts"], found["transfers"] = ledger_of()
    found["passwords"] = [unseal(token) or "" for token in db.session.scalars(select(Service.password_sealed))]
    return found


def ledger_of() -> tuple[list[str], list[str]]:
    """Accounts with what they hold, and transfers: by whose and what the accounts are, whatever their numbers."""
    names, held = {}, []
    for account in db.session.scalars(select(Account)):
        names[account.id] = account.code or f"{account.customer_id} {account.purse}"
        held.append(f"{names[account.id]} {account.balance} {account.seq} {account.status}")
    moved = [
        f"{each.posting_id} {each.line} {names[each.debit_id]} {names[each.credit_id]} {each.amount}"
        f" {each.wallet_id and names[each.wallet_id]} {each.seq} {each.balance_after}"
        for each in db.session.scalars(select(Transfer).order_by(Transfer.posting_id, Transfer.line))
    ]
    return sorted(held), moved


def everything_planned() -> tuple[int, list[Deed]]:
    """A seed by which a few services meet with everything, and what is done with them."""
    for seed in range(1, 1000):
        deeds = plan(25, seed, now=clock.now())
        if {deed.verb for deed in deeds} == DOING.keys():
            return seed, deeds
    raise AssertionError("nobody meets with everything")


def clerks_of(owner: Actor) -> list[Actor]:
    return [replace(owner, id=owner.id + number, name=f"clerk {number}") for number in range(2)]


def ground_of(owner: Actor) -> tuple[Ground, int]:
    def make() -> tuple[Ground, int]:
        change_settings({name: str(amount) for name, amount in RULES.items()}, actor=owner)
        store = create_store("broadband", "Provider", actor=owner)
        found = set_up(None, actor=owner)
        rows = {"packages": [each.id for each in found.packages], "materials": [each.id for each in found.materials]}
        return found._replace(**rows), store  # type: ignore[arg-type]

    return in_transaction(make)


@pytest.mark.parametrize("empty_house", ["sqlite"], indirect=True)  # PostgreSQL leaves gaps between numbers
def test_its_past_is_what_the_verbs_would_have_written(empty_house, tmp_path, monkeypatch):
    assert DOING.keys() == VERBS.keys()
    seed, deeds = everything_planned()
    owner, now = actor_of(empty_house, "super-admin"), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    ground, store = ground_of(owner)

    def write() -> dict[str, int]:
        whole = ground._replace(
            packages=[db.session.get_one(Package, number) for number in ground.packages],
            materials=[db.session.get_one(WorkOrderLine.material.property.mapper.class_, n) for n in ground.materials],
        )
        history = History(postings_of(deeds), rules=RULES, source="demo")
        own = people(seed, clock.today(), start=1)
        provider = Provider(history, deeds, whole, own, store_id=store, clerks=clerks_of(owner))
        provider.until(now)
        provider.close()
        history.close()
        return {}

    execute(Request("test", commands.new_key(), {}), write)
    assert [proof.name for proof in verify() if not proof.holds] == []
    past = rows_of(empty_house)

    other = open_ready(copy_of_ready("sqlite", None, tmp_path))
    with other.app_context():
        replay = Replay(*_again(owner, seed), clerks_of(owner), fixed(monkeypatch))
        for deed in deeds:
            replay.do(deed)
        monkeypatch.setattr(clock, "now", lambda: now)
        done = rows_of(other)
        db.session.remove()
        db.engine.dispose()
    for name, rows in done.items():
        assert past[name] == rows, name


def _again(owner: Actor, seed: int) -> tuple[Ground, object, int]:
    ground, store = ground_of(owner)
    return ground, people(seed, clock.today(), start=1), store


def test_services_come_into_every_state(house):
    deeds = plan(3000, 1, now=clock.now())
    verbs = {deed.verb for deed in deeds}
    assert verbs == DOING.keys()
    assert {ServiceStatus.ACTIVE, ServiceStatus.CLOSED} <= set(db.session.scalars(select(Service.status).distinct()))
    assert db.session.scalar(select(func.sum(Document.fee))) > Decimal(0)
