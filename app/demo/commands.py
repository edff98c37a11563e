"""`flask demo`: a house to try things in."""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import click
from flask.cli import AppGroup

from app.core.actor import Actor
from app.core.commands import Request, execute, new_key
from app.core.errors import Invalid, Refused
from app.core.rooms import open_rooms
from app.demo.calendar import DAYS
from app.demo.operations import load_demo
from app.demo.people import STAFF, STORES, DemoClerk
from app.demo.provider.ground import STAFF as PROVIDERS
from app.demo.provider.ground import STORE
from app.staff.first_admin import random_password
from app.staff.passwords import hash_password

ACTOR = Actor.system("flask demo load")
STEP = 100_000
BROADBAND = "broadband"  # the room that a provider needs
CUSTOMERS, POSTINGS, SUBSCRIBERS = 500, 20_000, 3000  # of the chain, and of the provider beside it
LONGEST = 3650  # days
_count = click.IntRange(min=1)

demo_group = AppGroup("demo", help="A shop chain that does not exist, to try the house on.")


@demo_group.command("load")
@click.option("--customers", type=_count, help=f"How many customers; {CUSTOMERS} when left out.")
@click.option("--postings", type=_count, help=f"How many postings, up to now; {POSTINGS} when left out.")
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST),
    default=DAYS,
    show_default=True,
    help="Over how many days the postings lie.",
)
@click.option(
    "--subscribers",
    type=click.IntRange(min=0),
    help="How many services a broadband provider has beside them, if its room is open; "
    f"{SUBSCRIBERS} when nothing else is said of sizes, else no provider.",
)
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed makes the same on the same day.")
@click.option("--json", "as_json", is_flag=True, help="Answer as one JSON object.")
def load(
    customers: int | None, postings: int | None, days: int, subscribers: int | None, seed: int, as_json: bool
) -> None:
    """Fill an empty database. Exit 1, and nothing changed, when there are customers or postings in it."""
    password = random_password()
    subscribers = _subscribers(subscribers, is_sized=customers is not None or postings is not None)
    wanted = Wanted(customers or CUSTOMERS, postings or POSTINGS, days, subscribers, seed)
    staff = (*STAFF, *PROVIDERS) if wanted.subscribers else STAFF
    hashes = {clerk.username: hash_password(password) for clerk in staff}
    began = time.perf_counter()
    answer = _load(wanted, hashes)
    seconds = time.perf_counter() - began
    made = answer | {"seconds": round(seconds, 2), "per_second": round(wanted.postings / seconds)}
    click.echo(
        json.dumps(made | _staff(staff, password), ensure_ascii=False) if as_json else _told(made, staff, password)
    )


class Wanted(NamedTuple):
    """How much of everything, and by which seed."""

    customers: int
    postings: int
    days: int
    subscribers: int
    seed: int


def _subscribers(asked: int | None, *, is_sized: bool) -> int:
    """Of the provider: who says how many customers or postings there are to be gets exactly those, and no provider."""
    if not any(room.name == BROADBAND for room in open_rooms()):
        return 0
    if asked is not None:
        return asked
    return 0 if is_sized else SUBSCRIBERS


def _load(wanted: Wanted, hashes: Mapping[str, str]) -> dict[str, Any]:
    """One request, all or nothing. A refusal is told and ends with 1."""
    request = Request("system:demo", new_key(), wanted._asdict())
    given: dict[str, Any] = {
        "over": wanted.days,
        "seed": wanted.seed,
        "subscribers": wanted.subscribers,
        "password_hashes": hashes,
    }
    try:
        answered = execute(
            request,
            lambda: load_demo(wanted.customers, wanted.postings, **given, actor=ACTOR, tell=_teller()),
        )
        if answered.refusal:
            raise answered.refusal
    except Refused as refused:
        click.echo(str(refused), err=True)
        sys.exit(1)
    except Invalid as invalid:  # there are no roles yet
        click.echo(f"{' '.join(map(str, invalid.errors.values()))} Run `flask prepare` first.", err=True)
        sys.exit(1)
    return dict(answered.answer)


def _teller() -> Callable[[int], None]:
    told = [0]

    def tell(done: int) -> None:
        if done // STEP > told[0]:
            told[0] = done // STEP
            click.echo(f"{done} postings", err=True)

    return tell


def _staff(staff: Sequence[DemoClerk], password: str) -> dict[str, Any]:
    people = [{"username": clerk.username, "role": clerk.role, "store": _place(clerk.store)} for clerk in staff]
    return {"staff": people, "password": password}


def _place(store: int | None) -> str | None:
    return None if store is None else (*STORES, STORE)[store].name


def _told(made: dict[str, Any], staff: Sequence[DemoClerk], password: str) -> str:
    lines = [f"{clerk.username:<14}{clerk.role:<16}{_place(clerk.store) or 'every store'}" for clerk in staff]
    return "\n".join(
        [
            f"{made['customers']} customers and {made['postings']} postings of {made['days']} days "
            f"({made['per_second']} a second).",
            *(
                [f"A provider with {made['subscribers']} services and two years of work."]
                if made["subscribers"]
                else []
            ),
            "",
            *lines,
            "",
            f"The password of each of them: {password}   (shown this once)",
            "The owner is the administrator whom the first start made. `make run` serves the demo.",
        ]
    )
