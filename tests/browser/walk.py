"""A shop to walk through, and what a walk is made of: steps, each of which says which requirements it shows."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers.operations import change_customer
from app.extensions import db
from app.ledger.closing import close_days
from app.ledger.operations import consume, recharge
from app.retention.run import retain
from app.shop.models import Method
from app.shop.operations import create_store
from tests.browser.conftest import Live, assert_accessible, assert_quiet
from tests.browser.desk import PROVOKED, Desk, customer_with
from tests.conftest import actor_of
from tests.customers.test_api_postings import days_ago
from tests.staff.people import PASSWORD

ROWS = 33
LONG_AGO = 220  # days: its month has left for an archive
NUMBER = re.compile(r"S0\.(\d+)")
_keys = itertools.count(1)
SEND = """async ([path, fields]) => {
  const token = document.querySelector("[name=csrf_token]").value;
  const body = new URLSearchParams({ csrf_token: token, ...fields });
  return (await fetch(path, { method: "POST", body })).status;
}"""


@dataclass(frozen=True)
class Shop:
    """What happened before the walk. old: a customer of the months that have left; east: one of the other store."""

    old: int
    east: int
    yesterday: str = "111.11"
    elsewhere: str = "77.77"


def furnish(live: Live, archives: Path) -> Shop:
    """A shop with two stores, an old month that has left for an archive, a yesterday, and a day that has begun."""
    live.app.config["ARCHIVE_DIR"] = str(archives)
    boss = actor_of(live.app, SUPER_ADMIN)
    with days_ago(LONG_AGO):
        old = customer_with(live, "500", name="老顾客")
    with days_ago(1), live.app.app_context():
        east_store = in_transaction(lambda: create_store("east", "东店", actor=boss))
        in_transaction(lambda: recharge(old, Decimal("111.11"), method=Method.WECHAT, store_id=1, actor=boss).id)
    with live.app.app_context():
        close_days(actor=boss)
        retain(actor=boss)
        db.session.remove()
    east = customer_with(live, name="东店客人")
    with live.app.app_context():
        paid = {"method": Method.ALIPAY, "store_id": east_store, "actor": boss}
        in_transaction(lambda: recharge(east, Decimal("77.77"), **paid).id)
        in_transaction(lambda: consume(east, Decimal("7.77"), store_id=east_store, actor=boss).id)
    return Shop(old, east)


@dataclass
class Walk:
    """One person on the way through the shop. open_page: a browser of his own; found: what he keeps in mind."""

    live: Live
    page: Any
    open_page: Callable[..., Any]
    shop: Shop
    name: str
    password: str = PASSWORD
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return Desk(self.live, self.page, looks=False)

    def go(self, path: str) -> int:
        """Open a page; its status."""
        return int(self.page.goto(self.live.url + path).status)

    def text(self, where: str = "main") -> str:
        return str(self.page.inner_text(where))

    def click(self, what: str) -> int:
        """Click what brings another page; its status."""
        return self.desk.answer_to(lambda: self.page.click(what))

    def send(self, path: str, **fields: str) -> int:
        """What a form to that address would be answered, whether or not there is one. From a page with any form."""
        return int(self.page.evaluate(SEND, [path, fields]))

    def call(self, method: str, path: str, **body: object) -> Any:
        """What a program gets that signs in as this person."""
        if "token" not in self.found:
            who = {"username": self.name, "password": self.password}
            signed = self.page.request.post(f"{self.live.url}/api/v1/session", data=who)
            self.found["token"] = signed.json()["access_token"]
        key = f"walk-{self.name}-{next(_keys)}"
        headers = {"Authorization": f"Bearer {self.found['token']}", "Idempotency-Key": key}
        more = {"data": body} if body else {}
        return self.page.request.fetch(f"{self.live.url}/api/v1{path}", method=method, headers=headers, **more)

    def rename(self, customer: int, name: str) -> None:
        """What a colleague does meanwhile."""
        with self.live.app.app_context():
            boss = actor_of(self.live.app, SUPER_ADMIN)
            in_transaction(lambda: change_customer(customer, {"name": name}, actor=boss).id)

    def assert_looks_good(self) -> None:
        assert_accessible(self.page)
        assert_quiet(self.page, but=PROVOKED)


Step = Callable[[Walk], None]


def rows_of(story: tuple[Step, ...]) -> list[int]:
    """The numbers of the rows of S0 that a story tells of, in its order."""
    return [int(number) for step in story for number in NUMBER.findall(step.__doc__ or "")]


def walk_through(story: tuple[Step, ...], walk: Walk) -> None:
    for step in story:
        step(walk)
