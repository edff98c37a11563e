"""Several clerks with one service at the same moment: one document, and money moved once."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.broadband import operations
from app.broadband.models import Document, Payment
from app.broadband.operations import Bill
from app.broadband.refusals import WrongState
from app.core.db import in_transaction
from app.core.errors import Stale
from app.extensions import db
from app.ledger.models import Account
from tests.broadband.ground import running, service_of

CLERKS = 6


def at_once(app, act):
    """What each of the clerks got: an answer, or what he was refused with."""
    ready = Barrier(CLERKS)

    def one(_number):
        with app.app_context():
            ready.wait()
            try:
                return in_transaction(act)
            except (Stale, WrongState) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(CLERKS) as pool:
        return list(pool.map(one, range(CLERKS)))


@pytest.mark.parametrize("verb", ["pay", "suspend", "close"])
def test_clerks_who_saw_the_same_make_one_document(app, owner, new_phone, verb):
    customer, number = running(owner, new_phone())
    seen = service_of(number).version
    db.session.rollback()
    given = {"pay": ((Bill(),), {"method": None})}.get(verb, ((), {}))

    def act():
        said = {"store_id": 1, "actor": owner, "version": seen, **given[1]}
        return getattr(operations, verb)(number, *given[0], **said).id

    answers = at_once(app, act)
    assert len([each for each in answers if isinstance(each, int)]) == 1
    assert db.session.scalar(select(func.count()).where(Document.service_id == number)) == 1
    left = db.session.scalar(select(Account.balance).where(Account.customer_id == customer))
    assert left == (685 if verb == "pay" else 1000)


def test_clerks_who_suspend_whatever_they_saw_make_one_document(app, owner, new_phone):
    _customer, number = running(owner, new_phone())
    db.session.rollback()
    answers = at_once(app, lambda: operations.suspend(number, store_id=1, actor=owner).id)
    assert sorted(isinstance(each, WrongState) for each in answers) == [False] + [True] * (CLERKS - 1)
    assert service_of(number).version == 3


def test_payments_that_are_all_meant_follow_each_other(app, owner, new_phone):
    _customer, number = running(owner, new_phone(), "5000.00")
    db.session.rollback()
    at_once(app, lambda: operations.pay(number, Bill(), method=None, store_id=1, actor=owner).id)
    paid = select(Payment.package_start, Payment.package_end).join(Document, Document.id == Payment.document_id)
    rows = db.session.execute(paid.where(Document.service_id == number).order_by(Payment.package_start)).all()
    assert len(rows) == CLERKS
    gaps = [(after.package_start - before.package_end).days for before, after in itertools.pairwise(rows)]
    assert set(gaps) == {1}
    assert service_of(number).stop_date == rows[-1].package_end
