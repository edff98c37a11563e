"""Shops with a past whose days are closed: one of fourteen months, and a small one that is quickly made."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.commands import Request, execute, new_key
from app.core.db import consistent_view, in_transaction
from app.extensions import db
from app.ledger.archives.sums import sums
from app.ledger.closing import close_days
from app.ledger.history import History, Occasion
from app.ledger.operations import consume, recharge
from app.ledger.proofs import verify
from app.ledger.totals import By, all_time, by_group, house_balances
from app.shop.models import Method

SOMEBODY = Actor.system("test")
CLERK = Actor(ActorKind.STAFF, 77, "clerk", stores=frozenset({1}))
RULES = {"bonus_from": Decimal(100), "bonus_gift": Decimal("8.88")}
CUSTOMERS = 4
RUN_DAY = date(2026, 3, 31)
FIRST = date(2025, 2, 3)  # fourteen months
SMALL_FIRST, SMALL_LAST = date(2025, 8, 24), date(2025, 9, 4)  # of which August leaves on the same day


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.shop_clock().zone).astimezone(UTC)


def set_clock(day: date) -> None:
    clock.configure(clock.shop_clock().zone.key, "00:00", at(day).isoformat())


@pytest.fixture(scope="module", autouse=True)
def clock_again() -> Iterator[None]:
    before = clock.shop_clock()
    yield
    clock.configure(before.zone.key, "00:00", (clock.real_now() + before.shift).isoformat())


def a_past(first: date, last: date, every: int) -> None:
    """Recharges with bonus, consumptions, refunds and reversals, on every so-manieth day."""

    def apply() -> dict:
        history = History(5000, rules=RULES, source="test")
        history.open_wallets(range(1, CUSTOMERS + 1))
        day, number = first, 0
        while day <= last:
            _a_day(history, day, number)
            day, number = day + timedelta(days=every), number + 1
        history.close()
        return {}

    if refusal := execute(Request("test", new_key(), {}), apply).refusal:
        raise refusal


def _a_day(history: History, day: date, number: int) -> None:
    customer = number % CUSTOMERS
    history.recharge(customer, Decimal("100.10"), Method.CASH, Occasion(at(day, 9), 1, CLERK))
    history.consume(customer, Decimal("60.05"), Occasion(at(day, 10), 1, CLERK), category="茶")
    if number % 3 == 0:
        slip = history.recharge(customer, Decimal("7.77"), Method.WECHAT, Occasion(at(day, 11), 1, CLERK))
        history.reverse(slip, at(day, 12), actor=CLERK, reason="slip")
    if number % 4 == 0:
        history.refund(customer, Decimal("5.00"), Method.CASH, Occasion(at(day, 13), 1, CLERK), reason="moved")


def pay_in(customer_id: int, amount: str = "1.00") -> int:
    return in_transaction(
        lambda: recharge(customer_id, Decimal(amount), method=Method.CASH, store_id=1, actor=SOMEBODY).id
    )


def spend(customer_id: int, amount: str = "1.00") -> int:
    return in_transaction(lambda: consume(customer_id, Decimal(amount), store_id=1, actor=SOMEBODY).id)


def totals() -> dict:
    """Every total of the house; none may change."""
    db.session.rollback()
    now = all_time()
    with consistent_view() as connection:
        every = sums(connection)
    return {
        "all time": (now.figures, now.principal, now.bonus, now.held),
        "charts": {by: by_group(FIRST, RUN_DAY, by) for by in By},
        "house": house_balances(),
        "wallets": every,
    }


def failed() -> dict:
    db.session.rollback()
    return {proof.name: proof.found for proof in verify() if not proof.holds}


def open_shop(house: Flask, folder: Path, first: date, last: date, every: int) -> None:
    house.config["ARCHIVE_DIR"] = str(folder)
    set_clock(last)
    a_past(first, last - timedelta(days=1), every)
    close_days(actor=SOMEBODY)
    pay_in(1)


@pytest.fixture
def shop(empty_house, tmp_path) -> Flask:
    """A shop of twelve days around the end of August 2025."""
    open_shop(empty_house, tmp_path / "archives", SMALL_FIRST, SMALL_LAST, every=1)
    return empty_house


class Killed(BaseException):
    """The machine was switched off."""


def killed_after(steps: int) -> Callable[[str], None]:
    """What ends a run after so many of its steps."""
    left = [steps]

    def told(step: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed(step)

    return told


def killed_at_new(seen: set[str], steps: int) -> Callable[[str], None]:
    """What ends a run at the first step that was never seen, at the latest after so many."""
    after = killed_after(steps)

    def told(step: str) -> None:
        if step not in seen:
            seen.add(step)
            raise Killed(step)
        after(step)

    return told
