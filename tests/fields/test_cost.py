"""What fields cost: without any, no page asks anything more of the database; with some, one question at most."""

import pytest

from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers.operations import change_customer
from app.extensions import db
from app.fields import operations
from app.fields.models import FieldKind
from tests.counter.desk import customer_with
from tests.house.test_statements import asked, statements
from tests.staff.people import browser_of, make

__all__ = ["asked", "statements"]
TABLES = ("custom_field", "custom_value", "hidden_field")


@pytest.fixture
def pages(app, owner, new_phone, statements):
    """Call it for what each page asks: [all statements] by address."""
    customer = customer_with("10.00", new_phone(), owner)
    boss = browser_of(app, make(SUPER_ADMIN))
    addresses = ("/counter", "/counter/new", f"/counter?customer={customer}", "/customers/list/", "/settings")

    def look() -> dict[str, list[str]]:
        db.session.rollback()
        return {address: statements(boss, address) for address in addresses}

    look.customer = customer
    return look


def test_without_a_field_nothing_more_is_asked(pages):
    for address, texts in pages().items():
        about = [text for text in texts if any(table in text for table in TABLES)]
        assert len(about) == 1, address
        assert "FROM ab_user" in about[0]  # it comes along with the question of who is there


def test_with_fields_one_question_more_is_asked_at_most(pages, field, owner):
    before = {address: len(asked) for address, asked in pages().items()}
    made = [field(kind, choices=["red"], is_listed=True) for kind in FieldKind]
    in_transaction(lambda: operations.hide_stock_fields("customer", {"gender", "note"}, actor=owner))
    own = {each.name: value for each, value in zip(made, ("a", "1", "2026-01-01", "red"), strict=True)}
    in_transaction(lambda: change_customer(pages.customer, {}, custom=own, actor=owner))

    more = {address: len(asked) - before[address] for address, asked in pages().items()}

    assert more.pop(f"/counter?customer={pages.customer}") <= 1
    assert more.pop("/customers/list/") <= 1
    assert set(more.values()) == {0}
