"""What tests of broadband stand on: a house of their own, whose days may pass."""

import pytest

from tests.conftest import actor_of
from tests.ledger.conftest import shop_time  # noqa: F401 - a fixture


@pytest.fixture
def app(own_house):
    return own_house


@pytest.fixture
def owner(app):
    return actor_of(app, "super-admin")
