"""A clerk at the counter, by keyboard. Nothing here knows a word of what the pages say: they speak three languages."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.core.db import in_transaction
from app.customers.models import Customer
from app.customers.operations import create_customer
from app.extensions import db
from app.ledger.models import Account, Posting, Purse
from app.ledger.operations import recharge
from app.shop.models import Method
from tests.browser.conftest import Live, assert_accessible, assert_quiet, go
from tests.conftest import actor_of

_phones = itertools.count(13_900_000_000)
# What Chromium writes on the console about an answer that a test provoked.
PROVOKED = "responded with a status of 4"


def new_phone() -> str:
    """A number that no other customer has, as a clerk types it."""
    return str(next(_phones))


def customer_with(live: Live, balance: str = "0", *, phone: str = "", name: str = "王小明") -> int:
    """A new customer who has paid in that much."""
    with live.app.app_context():
        owner = actor_of(live.app, "super-admin")
        values = {"phone": phone or new_phone(), "name": name}
        made = in_transaction(lambda: create_customer(values, store_id=1, actor=owner).id)
    if Decimal(balance):
        pay_in(live, made, balance)
    return made


def pay_in(live: Live, customer_id: int, amount: str) -> None:
    """A recharge that another clerk makes elsewhere."""
    with live.app.app_context():
        owner = actor_of(live.app, "super-admin")
        given: dict[str, Any] = {"method": Method.CASH, "store_id": 1, "actor": owner}
        in_transaction(lambda: recharge(customer_id, Decimal(amount), **given))


def kinds_of(live: Live, customer_id: int) -> list[tuple[str, str]]:
    """Every posting of a customer, oldest first: its kind and amount."""
    ask = select(Posting.kind, Posting.amount).where(Posting.customer_id == customer_id).order_by(Posting.id)
    with live.app.app_context():
        return [(kind.value, str(amount)) for kind, amount in db.session.execute(ask)]


def balance_of(live: Live, customer_id: int) -> str:
    ask = select(Account.balance).where(Account.customer_id == customer_id, Account.purse == Purse.PRINCIPAL)
    with live.app.app_context():
        return str(db.session.scalar(ask))


def id_of(live: Live, phone: str) -> int:
    with live.app.app_context():
        return db.session.scalars(select(Customer.id).where(Customer.phone == f"+86{phone}")).one()


def cookies_of(live: Live, chromium: Any, role: str = "ordinary-admin", **more: Any) -> Any:
    """The cookies of a new administrator who has signed in, for `new_page(storage_state=...)`."""
    context = chromium.new_context()
    live.sign_in(context.new_page(), live.person(role, **more))
    state = context.storage_state()
    context.close()
    return state


@dataclass
class Desk:
    """One browser page at the counter. keys: how many were pressed by `press`; looks: whether axe looks at pages."""

    live: Live
    page: Any
    keys: int = 0
    looks: bool = True

    def open(self, customer_id: int) -> None:
        self.page.goto(f"{self.live.url}/counter?customer={customer_id}")

    def press(self, *keys: str) -> None:
        """Press keys one by one, as fingers do."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def enter(self) -> int:
        """Press Enter and wait for the page that it brings; its status."""
        return self.answer_to(lambda: self.press("Enter"))

    def enter_in(self, input_: str) -> int:
        """Press Enter in an input and wait for the page that it brings; its status."""
        return self.answer_to(lambda: self.page.press(input_, "Enter"))

    def answer_to(self, act: Callable[[], Any]) -> int:
        """Do something that loads a page; its status."""
        return go(self.page, act)

    def find(self, typed: str) -> None:
        self.page.goto(f"{self.live.url}/counter")
        self.press(*typed)
        assert self.enter() == 200

    def send(self, form: str, amount: str) -> int:
        """Type an amount into a form of the screen and send it; the status of the answer."""
        self.page.fill(f"#{form}-amount", amount)
        return self.answer_to(lambda: self.page.press(f"#{form}-amount", "Enter"))

    def focus(self) -> str:
        """What has the focus: an id, a name, or classes."""
        return self.page.evaluate("(({id, name, className}) => id || name || className)(document.activeElement)")

    def is_done(self) -> bool:
        return self.page.locator(".done").is_visible()

    def assert_good(self) -> None:
        """The page is accessible, and quiet but for an answer that was provoked."""
        if self.looks:
            assert_accessible(self.page)
        assert_quiet(self.page, but=PROVOKED)
