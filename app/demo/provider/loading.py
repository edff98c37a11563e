"""The provider of the demo, from nothing to the present day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.demo.people import DemoClerk, people
from app.demo.provider.doing import Provider
from app.demo.provider.ground import COUNTER, STAFF, STORE, set_up
from app.demo.provider.lives import Deed, lives
from app.ledger.history import History
from app.shop.operations import create_store
from app.staff.operations import create_staff


def plan(subscribers: int, seed: int, *, now: datetime) -> list[Deed]:
    """What the provider does in two years, up to the hour that has begun."""
    shop = clock.shop_clock()
    ends_at = now.replace(minute=0, second=0, microsecond=0)
    return lives(subscribers, seed, shop.business_date(now), ends_at, shop) if subscribers else []


def open_provider(
    history: History, deeds: Sequence[Deed], seed: int, others: int, password_hashes: Mapping[str, str], *, actor: Actor
) -> Provider:
    """Open its store, hire its people, set up what it works with. others: how many customers are not its own."""
    store_id = create_store(STORE.code or "", STORE.name, actor=actor)
    hired = {clerk.username: _hire(clerk, store_id, password_hashes, actor) for clerk in STAFF}
    fitter = next(hired[clerk.username] for clerk in STAFF if clerk.role == "installer")
    ground = set_up(fitter, actor=actor)
    clerks = [Actor(ActorKind.STAFF, hired[clerk.username], clerk.username) for clerk in COUNTER]
    own = people(seed, clock.today(), start=others)
    return Provider(history, deeds, ground, own, store_id=store_id, clerks=clerks)


def _hire(clerk: DemoClerk, store_id: int, password_hashes: Mapping[str, str], actor: Actor) -> int:
    return create_staff(
        clerk.username,
        password_hash=password_hashes[clerk.username],
        role=clerk.role,
        store_ids=[store_id],
        display_name=clerk.name,
        actor=actor,
    )
