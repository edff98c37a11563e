"""A house in which two people are needed above 100, with people signed in over HTTP, once for each database."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.shop.operations import change_settings
from tests.conftest import of_kind, open_ready
from tests.customers.desk import Desk
from tests.staff.people import SYSTEM

LIMITS = {"approval_reversals_above": "100", "approval_adjustments_above": "100", "approval_lasts": "3"}


def limit(**changes: str) -> None:
    """Set the amounts; without any: two people above 100."""
    in_transaction(lambda: change_settings(LIMITS | changes, actor=SYSTEM))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def strict(request, tmp_path_factory) -> Iterator[Flask]:
    app = open_ready(of_kind(request, tmp_path_factory.mktemp("strict")))
    with app.app_context():
        limit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(strict) -> Iterator[Flask]:
    with strict.app_context():
        yield strict
        db.session.remove()


@pytest.fixture(scope="module")
def boss(strict) -> Desk:
    """A super administrator."""
    return Desk(strict, SUPER_ADMIN)


@pytest.fixture(scope="module")
def partner(strict) -> Desk:
    """Another one."""
    return Desk(strict, SUPER_ADMIN)


@pytest.fixture(scope="module")
def till(strict) -> Desk:
    """An ordinary administrator."""
    return Desk(strict, ORDINARY_ADMIN, store_ids=[1])


@pytest.fixture
def customer(app, boss, new_phone) -> int:
    """A customer with 500.00, paid in by one recharge."""
    made = boss("POST", "/customers", {"phone": new_phone(), "name": "Li Lei", "store": "main"}).json["id"]
    assert boss.recharge(made, "500").status_code == 201
    return made


@pytest.fixture
def posting(boss, customer) -> int:
    """The recharge of 500.00."""
    return boss.get("/postings", customer=customer).json["items"][0]["id"]
