"""A house in which fields may be defined: the other tests of the same database see none of it."""

import pytest

from app.extensions import db
from tests.conftest import actor_of
from tests.fields import desk


@pytest.fixture
def app(own_house):
    yield own_house
    desk.retire_all(actor_of(own_house, "super-admin"))
    db.session.rollback()


@pytest.fixture
def field(app, owner):
    """Call it with a kind for a new field of the customer."""
    return lambda kind, *label, **more: desk.define(kind, owner, *label, **more)
