"""A house with the demo rooms, and browsers in which an owner and a clerk sit."""

import secrets

import pytest

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.customers.models import Customer
from app.extensions import db
from app.ledger.operations import open_wallet
from app.shop.models import Store
from tests.conftest import of_kind
from tests.staff.people import make, new_name, sign_in
from tests.ui.demo import furnish


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_house(request, tmp_path_factory):
    from app import create_app  # noqa: PLC0415
    from config import TestConfig  # noqa: PLC0415

    app = create_app(TestConfig(of_kind(request, tmp_path_factory.mktemp("demo"))))
    furnish(app)
    with app.app_context():
        app.test_cli_runner().invoke(args=["roles", "sync"], catch_exceptions=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(demo_house):
    """No context is pushed: a request that found one would share its `g` with the next request."""
    return demo_house


def _browser(app, role, **more):
    name = new_name()
    with app.app_context():
        make(role, name=name, **more)
    client = app.test_client()
    assert sign_in(client, name).status_code == 302
    return client


@pytest.fixture
def owner(app):
    """A browser in which a super administrator is signed in."""
    return _browser(app, SUPER_ADMIN)


@pytest.fixture
def clerk(app):
    """A browser in which an ordinary administrator of the first store is signed in."""
    return _browser(app, ORDINARY_ADMIN, store_ids=[1])


@pytest.fixture
def fetch(app):
    """Call it for a row as the database has it now."""

    def fetch_row(model, key):
        with app.app_context():
            row = db.session.get(model, key)
            if row is not None:
                db.session.expunge(row)
            return row

    return fetch_row


@pytest.fixture
def nobody(app):
    return app.test_client()


@pytest.fixture
def new_store(app):
    """Call it for a store that no other test has."""

    def make_store(**more) -> Store:
        code = f"s{secrets.token_hex(4)}"
        store = Store(**{"code": code, "name": f"Shop {code}", "is_open": True, **more})
        return _kept(app, store)

    return make_store


@pytest.fixture
def new_customer(app, new_phone):
    """Call it for a customer who never paid in."""

    def make_customer(store_id: int = 1, **more) -> Customer:
        given = {"customer_no": secrets.token_hex(8), "phone": new_phone(), "name": f"N{secrets.token_hex(5)}"}
        customer = _kept(app, Customer(**{**given, "store_id": store_id, "created_at": clock.now(), **more}))
        with app.app_context():
            in_transaction(lambda: open_wallet(customer.id, actor=Actor.system("test")).id)
        return customer

    return make_customer


def _kept(app, row):
    with app.app_context():
        in_transaction(lambda: db.session.add(row))
        db.session.refresh(row)
        db.session.expunge(row)
    return row
