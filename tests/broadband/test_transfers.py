"""A service goes to another customer: one who is there, or who becomes one; with the balance if that is wanted."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.broadband import operations
from app.broadband.models import Document
from app.core.db import in_transaction
from app.core.errors import Forbidden
from app.core.permissions import ORDINARY_ADMIN
from app.customers.operations import delete_customer
from app.customers.queries import search
from app.customers.refusals import CustomerDeleted
from app.extensions import db
from app.ledger import operations as ledger
from app.ledger.proofs import verify
from app.ledger.refusals import BelongsToDocument, InsufficientBalance
from tests.broadband.ground import balance, document_of, done, running, service_of, undone
from tests.broadband.test_pages import sent
from tests.conftest import actor_of
from tests.counter.desk import customer_with


def test_the_whole_balance_goes_with_it_and_comes_back_with_the_document(app, owner, new_phone):
    old, number = running(owner, new_phone(), "120.00")
    new = customer_with("30.00", new_phone(), owner)
    fee = operations.Fee(Decimal("20.00"))
    document = done(operations.transfer, number, new, owner=owner, fee=fee, with_balance=True)
    assert (balance(old), balance(new)) == (Decimal(0), Decimal("130.00"))
    moved = document_of(document).moved_postings
    assert len(moved) == 2
    db.session.rollback()
    with pytest.raises(BelongsToDocument):
        in_transaction(lambda: ledger.reverse(moved[0], reason="x", actor=owner))
    undone(document, owner)
    assert (balance(old), balance(new)) == (Decimal("120.00"), Decimal("30.00"))
    assert service_of(number).customer_id == old
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_what_the_new_customer_has_spent_does_not_come_back(app, owner, new_phone):
    old, number = running(owner, new_phone(), "100.00")
    new = customer_with("0", new_phone(), owner)
    document = done(operations.transfer, number, new, owner=owner, with_balance=True)
    in_transaction(lambda: ledger.consume(new, Decimal("60.00"), store_id=1, actor=owner) and None)
    with pytest.raises(InsufficientBalance):
        undone(document, owner)
    assert (balance(old), balance(new)) == (Decimal(0), Decimal("40.00"))
    assert service_of(number).customer_id == new


def test_a_service_does_not_come_back_to_a_customer_who_is_deleted(app, owner, new_phone):
    old, number = running(owner, new_phone(), "0")
    new = customer_with("0", new_phone(), owner)
    document = done(operations.transfer, number, new, owner=owner)
    in_transaction(lambda: delete_customer(old, reason="moved away", actor=owner))
    with pytest.raises(CustomerDeleted):
        undone(document, owner)
    assert service_of(number).customer_id == new


def test_the_page_takes_a_new_person_in_by_phone_and_name(app, owner, clerk, new_phone):
    old, number = running(owner, new_phone(), "100.00")
    phone, where = new_phone(), f"/broadband/service/{number}/do/transfer"
    db.session.rollback()
    nameless = sent(clerk, where, new_phone=phone, way="balance")
    assert nameless.status_code == 400
    assert "a name is needed" in nameless.text
    assert sent(clerk, where, new_phone=phone, new_customer_name="Ms. New", way="balance").status_code == 302
    (found,) = search(phone)
    assert (found.name, service_of(number).customer_id) == ("Ms. New", found.id)
    assert balance(old) == Decimal("100.00")


def test_a_clerk_is_not_asked_about_the_balance_and_moves_none_and_the_owner_does(app, owner, clerk, boss, new_phone):
    old, number = running(owner, new_phone(), "100.00")
    phone, where = new_phone(), f"/broadband/service/{number}/do/transfer"
    new = customer_with("0", phone, owner)
    db.session.rollback()
    typed = {"new_phone": phone, "with_balance": "y", "way": "balance"}
    assert "with_balance" not in clerk.get(where).text
    assert sent(clerk, where, **typed).status_code == 302
    assert (balance(old), balance(new)) == (Decimal("100.00"), Decimal(0))
    desk = actor_of(app, ORDINARY_ADMIN)
    with pytest.raises(Forbidden):
        done(operations.transfer, number, old, owner=desk, with_balance=True)
    undone(db.session.scalar(select(func.max(Document.id)).where(Document.service_id == number)), owner)
    assert sent(boss, where, **typed).status_code == 302
    assert (balance(old), balance(new)) == (Decimal(0), Decimal("100.00"))
