"""Who calls the API in the tests of this room: real people, signed in over HTTP, once for each database."""

import secrets
from pathlib import Path

import pytest

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.shop.operations import create_store
from tests.customers.desk import Desk
from tests.ledger.conftest import shop_time
from tests.staff.people import SYSTEM, browser_of, make

__all__ = ["shop_time"]


@pytest.fixture(scope="session")
def east(house) -> tuple[int, str]:
    """A second store: its id and its code."""
    code = f"east-{secrets.token_hex(3)}"
    with house.app_context():
        return in_transaction(lambda: create_store(code, "East", actor=SYSTEM)), code


@pytest.fixture(scope="session")
def boss(house) -> Desk:
    """A super administrator."""
    return Desk(house, SUPER_ADMIN)


@pytest.fixture(scope="session")
def till(house) -> Desk:
    """An ordinary administrator of the main store."""
    return Desk(house, ORDINARY_ADMIN, store_ids=[1])


@pytest.fixture(scope="session")
def eastern(house, east) -> Desk:
    """An ordinary administrator of the other store alone."""
    return Desk(house, ORDINARY_ADMIN, store=east[1], store_ids=[east[0]])


@pytest.fixture(scope="session")
def roving(house, east) -> Desk:
    """An ordinary administrator of both."""
    return Desk(house, ORDINARY_ADMIN, store_ids=[1, east[0]])


@pytest.fixture
def new_customer(app, boss, new_phone):
    """Call it for the id of a customer of the main store who has that much."""

    def make(balance: str | None = None, **more: object) -> int:
        given = {"phone": new_phone(), "name": "Li Lei", "store": "main", **more}
        answer = boss("POST", "/customers", given)
        assert answer.status_code == 201, answer.text
        if balance:
            assert boss.recharge(answer.json["id"], balance).status_code == 201
        return answer.json["id"]

    return make


@pytest.fixture(scope="session")
def still(boss) -> int:
    """The id of a customer with 5.00 and one posting, for tests in which nothing may move."""
    given = {"phone": f"137{secrets.randbelow(10**8):08}", "name": "Still", "store": "main"}
    customer_id = boss("POST", "/customers", given).json["id"]
    assert boss.recharge(customer_id, "5").status_code == 201
    return customer_id


@pytest.fixture
def moved(boss, still):
    """Call it for whether anything has moved there after all."""
    return lambda: len(boss.get("/postings", customer=still).json["items"]) != 1


@pytest.fixture
def uploads(app, tmp_path) -> Path:
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")
    return tmp_path / "uploads"


@pytest.fixture
def importer(app, uploads):
    """The owner's browser, with a folder of its own for uploads."""
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def list_of(new_phone):
    """Call it with lines of CSV after the phone; a line without a phone gets one that nobody has."""

    def text(*lines: str, head: str = "手机,姓名,余额") -> bytes:
        return "\n".join([head, *(f"{new_phone()},{line}" for line in lines)]).encode()

    return text
