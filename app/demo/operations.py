"""Filling an empty house with a shop chain, its staff, its customers and what they did."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import exists, select

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.money import to_text
from app.customers.models import Customer
from app.demo.calendar import DAYS, days
from app.demo.people import STAFF, STORES
from app.demo.provider.doing import postings_of
from app.demo.provider.loading import open_provider, plan
from app.demo.refusals import NotEmpty
from app.demo.trade import RULES, Trade
from app.extensions import db
from app.ledger.history import History
from app.ledger.queries import has_any
from app.shop.operations import change_settings, change_store, create_store
from app.shop.queries import open_stores
from app.staff.operations import create_staff

SOURCE = "demo"


def load_demo(
    customers: int,
    postings: int,
    *,
    over: int = DAYS,
    seed: int,
    subscribers: int = 0,
    password_hashes: Mapping[str, str],
    actor: Actor,
    tell: Callable[[int], None] = lambda postings: None,
) -> dict[str, Any]:
    """Make the chain of app/demo/people.py and so many customers and postings of the last days. Needs a command.

    over: how many days. The same seed makes the same on the same day. subscribers: of a broadband provider with a past
    of two years, for whom more postings are made; 0 for none. password_hashes: by username of the staff. tell: told
    after each day how many postings the chain has. Raises NotEmpty when there are customers or postings;
    StoreCodeTaken, UsernameTaken.
    """
    if has_any() or db.session.scalar(select(exists().where(Customer.id.is_not(None)))):
        raise NotEmpty
    store_ids = _open_stores(actor)
    clerks = _hire(store_ids, password_hashes, actor)
    change_settings({name: to_text(amount) for name, amount in RULES.items()}, actor=actor)
    now, shop, done = clock.now(), clock.shop_clock(), 0
    deeds = plan(subscribers, seed, now=now)
    history = History(postings + postings_of(deeds), rules=RULES, source=SOURCE)
    provider = open_provider(history, deeds, seed, customers, password_hashes, actor=actor) if deeds else None
    beside = provider.until if provider else (lambda at: None)
    there: dict[str, Any] = {"store_ids": store_ids, "clerks": clerks, "beside": beside}
    trade = Trade(history, seed, shop.business_date(now), **there)
    for day in days(customers, postings, seed, now=now, shop=shop, over=over):
        trade.spend(day)
        done += len(day.moments)
        tell(done)
    if provider:
        provider.until(now)
        provider.close()
    history.close()
    made = {"customers": customers, "postings": postings, "seed": seed, "days": over, "subscribers": subscribers}
    record("demo.load", "demo", None, actor=actor, changes={name: (None, number) for name, number in made.items()})
    return made


def _open_stores(actor: Actor) -> list[int]:
    """The stores of the chain: the oldest one that there is gets a new name, the others are opened."""
    first = open_stores()[0].id
    change_store(first, name=STORES[0].name, is_open=True, actor=actor)
    return [first, *(create_store(store.code or "", store.name, actor=actor) for store in STORES[1:])]


def _hire(store_ids: list[int], password_hashes: Mapping[str, str], actor: Actor) -> list[list[Actor]]:
    """Make the staff. Returns, store by store, who stands at the counter."""
    counters: list[list[Actor]] = [[] for _ in store_ids]
    for clerk in STAFF:
        places = range(len(store_ids)) if clerk.store is None else [clerk.store]
        number = create_staff(
            clerk.username,
            password_hash=password_hashes[clerk.username],
            role=clerk.role,
            store_ids=[store_ids[place] for place in places],
            display_name=clerk.name,
            actor=actor,
        )
        if clerk.store is not None:
            counters[clerk.store].append(Actor(ActorKind.STAFF, number, clerk.username))
    return counters
