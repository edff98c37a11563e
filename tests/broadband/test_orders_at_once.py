"""Several clerks with one order, or with an order and its service, at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.broadband import operations
from app.broadband.models import Document, OrderStatus
from app.broadband.refusals import OpenWorkOrders, ServiceClosed, WrongOrderState
from app.core.errors import Stale
from app.extensions import db
from tests.broadband.ground import done, running
from tests.broadband.work import (
    balance,
    brought_to,
    do,
    order_of,
    ordered,
    work_type,
)

CLERKS = 6


@pytest.mark.parametrize("is_seen", [True, False])
def test_clerks_who_bill_the_same_order_make_one_document(app, owner, new_phone, is_seen):
    customer, service = running(owner, new_phone(), "1000")
    order = brought_to(OrderStatus.DONE, ordered(service, owner, other_fee=Decimal("100")), owner)
    seen = order_of(order).version if is_seen else None
    db.session.rollback()
    ready = Barrier(CLERKS)

    def one(_number):
        with app.app_context():
            ready.wait()
            try:
                return do("bill", order, owner, version=seen)
            except (Stale, WrongOrderState) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(CLERKS) as pool:
        answers = list(pool.map(one, range(CLERKS)))
    assert len([each for each in answers if isinstance(each, int)]) == 1
    assert db.session.scalar(select(func.count()).where(Document.service_id == service)) == 1
    assert balance(customer) == Decimal("900")


def test_a_close_and_a_new_order_at_once_leave_no_open_order_on_a_closed_service(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    kind, ready = work_type(), Barrier(2)
    db.session.rollback()

    def one(act):
        with app.app_context():
            ready.wait()
            try:
                return act()
            except (OpenWorkOrders, ServiceClosed) as refusal:
                return refusal
            finally:
                db.session.remove()

    acts = (
        lambda: done(operations.close, service, owner=owner),
        lambda: ordered(service, owner, business_type_id=kind),
    )
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(one, acts))
    assert sorted(isinstance(each, int) for each in answers) == [False, True]
