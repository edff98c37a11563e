"""What tests of broadband stand on: a house of their own, whose days may pass."""

import pytest

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from tests.conftest import actor_of
from tests.ledger.conftest import shop_time  # noqa: F401 - a fixture
from tests.staff.people import browser_of, make


@pytest.fixture
def app(own_house):
    return own_house


@pytest.fixture
def owner(app):
    return actor_of(app, "super-admin")


@pytest.fixture
def clerk(app):
    return browser_of(app, make(ORDINARY_ADMIN, store_ids=[1]))


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))
