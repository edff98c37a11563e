"""Clerks of their own stores, so that no other test's cash is in their drawers."""

import itertools
import secrets
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.ledger.operations import open_wallet, recharge
from app.shifts.models import ShiftReport
from app.shop.models import Method
from app.shop.operations import change_settings, create_store
from tests.conftest import actor_of

_customers = itertools.count(90_000_000)
_clerks = itertools.count(2_000_000)


@pytest.fixture
def store(app, owner) -> int:
    """A store that no other test works in."""
    return in_transaction(lambda: create_store(f"s{secrets.token_hex(5)}", "Shift store", actor=owner))


@pytest.fixture
def new_clerk(app, store):
    """Call it for a clerk of that store, who is nobody in the database; or for an owner."""

    def make(role: str = ORDINARY_ADMIN) -> Actor:
        number = next(_clerks)
        stores = None if role == SUPER_ADMIN else frozenset({store})
        return replace(actor_of(app, role), id=number, name=f"clerk{number}", stores=stores)

    return make


@pytest.fixture
def pay(app, store, owner):
    """Call it for a recharge in that store, by a customer of his own; the posting."""

    def take(amount: str, actor: Actor, method: Method = Method.CASH):
        customer = next(_customers)
        in_transaction(lambda: open_wallet(customer, actor=owner).id)
        given = {"method": method, "store_id": store, "actor": actor}
        return in_transaction(lambda: recharge(customer, Decimal(amount), **given))

    return take


@pytest.fixture
def report_of(app):
    """Call it for the report of a shift as the database has it now."""

    def read(shift_id: int) -> ShiftReport:
        db.session.rollback()
        return db.session.get_one(ShiftReport, shift_id, populate_existing=True)

    return read


@pytest.fixture
def cash_in_shifts_only(app, owner):
    """The shop takes cash in open shifts only, until the test is over."""
    in_transaction(lambda: change_settings({"cash_taken": "shift"}, actor=owner))
    yield
    in_transaction(lambda: change_settings({"cash_taken": "always"}, actor=owner))
