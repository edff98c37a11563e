"""Work orders that are billed: what that costs, what it changes in the service, and how it is taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.broadband import operations
from app.broadband.models import Document, OrderStatus, ServiceStatus, WorkKind
from app.broadband.refusals import LaterDocument, OpenWorkOrders
from app.core import clock
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Kind, Posting
from app.ledger.proofs import verify
from app.ledger.refusals import InsufficientBalance
from app.shop.models import Method
from tests.broadband.ground import after, basics, document_of, done, opened, paid, running, service_of, today
from tests.broadband.work import (
    balance,
    billed,
    brought_to,
    do,
    order_of,
    ordered,
    undone,
)
from tests.counter.desk import customer_with

ZERO = Decimal(0)


# Billing


def test_a_bill_from_the_balance_is_a_consumption_of_its_document(app, owner, new_phone):
    customer, service = running(owner, new_phone(), "500.00")
    order = ordered(service, owner, installation_fee=Decimal("120.50"))
    one = document_of(billed(order, owner))
    assert balance(customer) == Decimal("379.50")
    booked = db.session.get(Posting, one.posting_id)
    assert (booked.kind, booked.amount, booked.source_id) == (Kind.CONSUMPTION, Decimal("120.50"), one.id)
    assert (one.document_no[:2], one.kind) == ("BW", "work-order")
    assert order_of(order).document_id == one.id
    assert not any(proof.failures for proof in verify())


def test_a_bill_by_a_method_is_a_sale_and_one_for_nothing_moves_no_money(app, owner, new_phone):
    customer, service = running(owner, new_phone(), "0")
    order = ordered(service, owner, other_fee=Decimal("8"))
    brought_to(OrderStatus.DONE, order, owner)
    made = in_transaction(lambda: operations.bill(order, method=Method.CASH, store_id=1, actor=owner).posting_id)
    assert db.session.get(Posting, made).kind is Kind.SALE
    free = ordered(service, owner)
    assert document_of(billed(free, owner)).posting_id is None
    assert balance(customer) == ZERO


def test_a_refused_bill_leaves_no_trace(app, owner, new_phone):
    customer, service = running(owner, new_phone(), "5.00")
    new = {"new_phone": new_phone(), "new_customer_name": "李四"}
    order = ordered(service, owner, WorkKind.TRANSFER, other_fee=Decimal("5.01"), new=new)
    brought_to(OrderStatus.DONE, order, owner)
    with pytest.raises(InsufficientBalance):
        do("bill", order, owner)
    assert order_of(order).document_status is OrderStatus.DONE
    assert service_of(service).customer_id == customer
    assert db.session.scalar(select(func.count()).where(Customer.phone == new["new_phone"])) == 0


def test_nothing_is_written_to_the_service_before_the_bill(app, owner, new_phone):
    _customer, service = running(owner, new_phone(), details={"address": "1 Old Road"})
    chosen = basics()
    place, package = chosen["community_id"], chosen["package_id"]
    new = {"new_community_id": place, "new_address": "2 New Road", "new_package_id": package}
    order = ordered(service, owner, WorkKind.RELOCATION, new=new)
    before = service_of(service)
    was = (before.address, before.community_id, before.package_id, before.version)
    brought_to(OrderStatus.DONE, order, owner)
    now = service_of(service)
    assert (now.address, now.community_id, now.package_id, now.version) == was
    document = do("bill", order, owner)
    now = service_of(service)
    assert (now.address, now.community_id, now.package_id) == ("2 New Road", place, package)
    undone(document, owner)
    now = service_of(service)
    assert (now.address, now.community_id, now.package_id) == was[:3]


def test_an_installation_switches_on_from_the_day_that_billing_starts(app, owner, new_phone):
    _customer, service = opened(owner, new_phone())
    order = ordered(service, owner, WorkKind.INSTALLATION, installation_fee=Decimal("50"))
    document = billed(order, owner)
    now = service_of(service)
    assert (now.status, now.activation_date) == (ServiceStatus.ACTIVE, today())
    undone(document, owner)
    now = service_of(service)
    assert (now.status, now.activation_date) == (ServiceStatus.PENDING, None)
    assert order_of(order).document_status is OrderStatus.DONE


def test_days_paid_before_the_installation_are_not_lost(app, owner, new_phone, shop_time):
    _customer, service = opened(owner, new_phone())
    paid(service, owner)
    stop = service_of(service).stop_date
    order = ordered(service, owner, WorkKind.INSTALLATION)
    brought_to(OrderStatus.DONE, order, owner)
    shop_time(after(5))
    started = clock.now() - timedelta(days=2)
    with pytest.raises(Invalid):
        do("bill", order, owner, billing_start_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Invalid):
        do("bill", order, owner, billing_start_at=clock.now() - timedelta(days=30))
    document = do("bill", order, owner, billing_start_at=started)
    now = service_of(service)
    assert now.activation_date == clock.shop_clock().business_date(started) == after(-2)
    assert now.stop_date == stop + timedelta(days=3)
    undone(document, owner)
    assert service_of(service).stop_date == stop


def test_an_installation_of_what_runs_already_only_costs(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    document = billed(ordered(service, owner, WorkKind.INSTALLATION, other_fee=Decimal("5")), owner)
    assert document_of(document).before == {}


def test_a_transfer_to_somebody_who_is_there(app, owner, new_phone):
    customer, service = running(owner, new_phone(), "100")
    phone = new_phone()
    other = customer_with("0", phone, owner, "李四")
    order = ordered(service, owner, WorkKind.TRANSFER, handling_fee=Decimal("30"), new={"new_phone": phone})
    assert (order_of(order).new_customer_id, order_of(order).new_phone) == (other, None)
    document = billed(order, owner)
    assert service_of(service).customer_id == other
    assert (balance(customer), balance(other)) == (Decimal("70"), ZERO)
    assert document_of(document).customer_id == customer
    undone(document, owner)
    assert service_of(service).customer_id == customer
    assert balance(customer) == Decimal("100")


def test_a_transfer_makes_a_customer_of_who_is_not_there_yet(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    new = {"new_phone": new_phone(), "new_customer_name": "赵六", "new_id_card_no": "11010519491231002X"}
    order = ordered(service, owner, WorkKind.TRANSFER, new=new)
    billed(order, owner)
    other = db.session.get(Customer, service_of(service).customer_id)
    assert (other.phone, other.name, other.id_number) == (new["new_phone"], "赵六", "11010519491231002X")
    assert order_of(order).new_customer_id == other.id


def test_somebody_who_came_meanwhile_is_not_made_twice(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    new = {"new_phone": new_phone(), "new_customer_name": "赵六"}
    order = ordered(service, owner, WorkKind.TRANSFER, new=new)
    other = customer_with("0", new["new_phone"], owner)
    billed(order, owner)
    assert service_of(service).customer_id == other


def test_a_package_change_copies_what_the_package_costs(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    paid(service, owner)
    stop = service_of(service).stop_date
    chosen = basics(package_fee=Decimal("999"), package_months=6, maintenance_fee=Decimal("1"))
    order = ordered(service, owner, WorkKind.PACKAGE_CHANGE, new={"new_package_id": chosen["package_id"]})
    document = billed(order, owner)
    now = service_of(service)
    assert (now.fee, now.package_months, now.maintenance_fee) == (Decimal("999"), 6, Decimal("1"))
    assert (now.package_id, now.stop_date) == (chosen["package_id"], stop)
    undone(document, owner)
    now = service_of(service)
    assert (now.fee, now.package_months, now.maintenance_fee) == (Decimal("300"), 3, Decimal("5"))


def test_a_removal_costs_its_fee_and_gives_back_what_was_not_served(app, owner, new_phone):
    customer, service = running(owner, new_phone(), "400")
    paid(service, owner)
    order = ordered(service, owner, WorkKind.REMOVAL, handling_fee=Decimal("20"))
    document = billed(order, owner)
    assert service_of(service).status is ServiceStatus.CLOSED
    kinds = select(Document.kind).where(Document.service_id == service).order_by(Document.id)
    assert db.session.scalars(kinds).all() == ["payment", "work-order", "closing"]
    assert balance(customer) > Decimal("300"), "all but the maintenance, the fee and today"
    with pytest.raises(LaterDocument):
        undone(document, owner)
    undone(db.session.scalar(select(func.max(Document.id))), owner)
    undone(document, owner)
    assert service_of(service).status is ServiceStatus.ACTIVE
    assert order_of(order).document_status is OrderStatus.DONE
    assert not any(proof.failures for proof in verify())


def test_what_was_taken_back_can_be_billed_again(app, owner, new_phone):
    customer, service = running(owner, new_phone(), "100")
    order = ordered(service, owner, other_fee=Decimal("10"))
    first = billed(order, owner)
    undone(first, owner)
    one = order_of(order)
    assert (one.document_id, one.payee, one.billing_start_at) == (None, None, None)
    assert balance(customer) == Decimal("100")
    second = do("bill", order, owner)
    assert second != first
    assert balance(customer) == Decimal("90")


def test_a_service_with_open_orders_is_not_closed(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    first, second = ordered(service, owner), ordered(service, owner)
    with pytest.raises(OpenWorkOrders) as refused:
        done(operations.close, service, owner=owner)
    assert refused.value.figures["orders"] == f"W{first:08d}, W{second:08d}"
    do("cancel", first, owner)
    billed(second, owner)
    done(operations.close, service, owner=owner)


def test_a_removal_waits_for_the_other_orders(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    other = ordered(service, owner)
    order = ordered(service, owner, WorkKind.REMOVAL)
    with pytest.raises(OpenWorkOrders):
        billed(order, owner)
    assert order_of(order).document_status is OrderStatus.DONE
    do("cancel", other, owner)
    do("bill", order, owner)
    assert service_of(service).status is ServiceStatus.CLOSED
