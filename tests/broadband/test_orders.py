"""Work orders: written, changed, brought from state to state, billed, and taken back."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.audit.models import OperationRecord
from app.broadband import operations
from app.broadband.models import Document, OrderStatus, ServiceStatus, WorkKind, WorkOrderLine
from app.broadband.orders.states import FROM
from app.broadband.refusals import LaterDocument, OpenWorkOrders, SameCustomer, ServiceClosed, WrongOrderState
from app.core import clock
from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Stale
from app.customers.models import Customer
from app.extensions import db
from app.ledger.models import Account, Kind, Posting
from app.ledger.proofs import verify
from app.ledger.refusals import InsufficientBalance
from app.shop.models import Method
from tests.broadband.ground import after, basics, document_of, done, opened, paid, running, service_of, today
from tests.broadband.work import (
    asked,
    brought_to,
    do,
    installer,
    material,
    order_of,
    ordered,
    tomorrow,
    work_type,
)
from tests.counter.desk import customer_with

ZERO = Decimal(0)
VERBS = {
    "accept": OrderStatus.ACCEPTED,
    "schedule": OrderStatus.SCHEDULED,
    "start": OrderStatus.IN_PROGRESS,
    "finish": OrderStatus.DONE,
    "bill": OrderStatus.BILLED,
    "cancel": OrderStatus.CANCELLED,
}


def balance(customer_id):
    db.session.rollback()
    ask = select(Account.balance).where(Account.customer_id == customer_id, Account.purse == "principal")
    return db.session.scalar(ask)


def line_added(order_id, owner, quantity="1", price="12.50", **said):
    number = said.pop("material_id", None) or material(price)
    return in_transaction(lambda: operations.add_line(order_id, number, Decimal(quantity), actor=owner, **said).id)


def undone(document_id, owner):
    return in_transaction(lambda: operations.reverse(document_id, reason="mistake", actor=owner).id)


def billed(order_id, owner, **said):
    """Bring a draft to its bill: the number of the document."""
    brought_to(OrderStatus.DONE, order_id, owner)
    return do("bill", order_id, owner, **said)


# The states


def test_every_pair_of_states_is_allowed_or_refused(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    for status in OrderStatus:
        for verb, end in VERBS.items():
            order = brought_to(status, ordered(service, owner), owner)
            before = order_of(order)
            version = before.version
            if status in FROM[end]:
                do(verb, order, owner)
                assert (order_of(order).document_status, order_of(order).version) == (end, version + 1), (status, verb)
            else:
                with pytest.raises(WrongOrderState):
                    do(verb, order, owner)
                assert (order_of(order).document_status, order_of(order).version) == (status, version), (status, verb)


def test_each_state_says_when(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order = brought_to(OrderStatus.DONE, ordered(service, owner), owner)
    one = order_of(order)
    assert one.accepted_at is not None
    assert one.appointment_at > one.accepted_at
    assert one.work_date == today()
    assert (one.billing_start_at, one.payee, one.document_id) == (None, None, None)
    do("bill", order, owner)
    assert order_of(order).billing_start_at is not None
    assert order_of(order).payee == owner.name


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_what_somebody_else_changed_is_stale(app, owner, new_phone, verb):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner)
    with pytest.raises(Stale):
        do(verb, order, owner, version=order_of(order).version + 1)
    assert order_of(order).document_status is OrderStatus.DRAFT


def test_every_step_leaves_its_record(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner)
    brought_to(OrderStatus.BILLED, order, owner)
    told = select(OperationRecord.operation).where(
        OperationRecord.object_type == "work-order", OperationRecord.object_id == order
    )
    names = [name.removeprefix("work-orders.") for name in db.session.scalars(told.order_by(OperationRecord.id))]
    assert names == ["create", "accept", "appoint", "start", "finish", "bill"]


# Writing


def test_an_order_is_numbered_and_its_total_is_the_sum(app, owner, new_phone):
    customer, service = running(owner, new_phone())
    fees = {"installation_fee": Decimal("100"), "handling_fee": Decimal("20.50"), "other_fee": Decimal("3")}
    order = ordered(service, owner, installer_id=installer(), labour_material_fee=Decimal("40.25"), **fees)
    one = order_of(order)
    assert one.work_order_no == f"W{order:08d}"
    assert (one.total, one.customer_id) == (Decimal("163.75"), customer)
    assert one.document_status is OrderStatus.DRAFT


def test_the_database_refuses_a_total_that_is_none(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner, other_fee=Decimal("5"))
    total = text("UPDATE broadband_work_order SET total = 1 WHERE id = :id")
    with pytest.raises(IntegrityError):
        in_transaction(lambda: db.session.execute(total, {"id": order}))
    line = line_added(order, owner)
    amount = text("UPDATE broadband_work_order_line SET amount = 1 WHERE id = :id")
    with pytest.raises(IntegrityError):
        in_transaction(lambda: db.session.execute(amount, {"id": line}))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (WorkKind.REPAIR, {"new": {"new_address": "elsewhere"}}),
        (WorkKind.REMOVAL, {"new": {"new_phone": "13800138000"}}),
        (WorkKind.INSTALLATION, {"new": {"new_package_id": 1}}),
        (WorkKind.PACKAGE_CHANGE, {}),
        (WorkKind.PACKAGE_CHANGE, {"new": {"new_package_id": 999_999}}),
        (WorkKind.RELOCATION, {}),
        (WorkKind.RELOCATION, {"new": {"new_address": "x" * 251}}),
        (WorkKind.RELOCATION, {"new": {"new_address": "x", "new_community_id": 999_999}}),
        (WorkKind.TRANSFER, {}),
        (WorkKind.TRANSFER, {"new": {"new_phone": "12"}}),
        (WorkKind.REPAIR, {"installer_id": 999_999}),
        (WorkKind.REPAIR, {"business_type_id": 999_999}),
        (WorkKind.REPAIR, {"other_fee": Decimal("-1")}),
        (WorkKind.REPAIR, {"labour_material_fee": Decimal("-1")}),
        (WorkKind.REPAIR, {"other_fee": Decimal("9999999999.99"), "handling_fee": Decimal("1")}),
        (WorkKind.REPAIR, {"remark": "x" * 501}),
    ],
)
def test_what_makes_no_sense_is_refused(app, owner, new_phone, kind, said):
    _customer, service = running(owner, new_phone())
    with pytest.raises(Invalid):
        ordered(service, owner, kind, **said)


def test_a_way_of_access_is_no_kind_of_work(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    with pytest.raises(Invalid):
        ordered(service, owner, business_type_id=basics()["business_type_id"])


def test_nobody_is_there_yet_needs_a_name(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    with pytest.raises(Invalid) as wrong:
        ordered(service, owner, WorkKind.TRANSFER, new={"new_phone": new_phone()})
    assert set(wrong.value.errors) == {"new_customer_name"}


def test_a_service_does_not_go_to_whom_it_belongs(app, owner, new_phone):
    phone = new_phone()
    _customer, service = running(owner, phone)
    with pytest.raises(SameCustomer):
        ordered(service, owner, WorkKind.TRANSFER, new={"new_phone": phone})


def test_a_closed_service_gets_no_orders(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    done(operations.close, service, owner=owner)
    with pytest.raises(ServiceClosed):
        ordered(service, owner)


@pytest.mark.parametrize("status", list(OrderStatus))
def test_an_order_is_changed_until_the_work_begins(app, owner, new_phone, status):
    _customer, service = running(owner, new_phone())
    order = brought_to(status, ordered(service, owner, remark="old"), owner)
    work = asked(remark="new", other_fee=Decimal("7"))

    def change():
        return in_transaction(lambda: operations.change_order(order, work, actor=owner).id)

    if status in (OrderStatus.DRAFT, OrderStatus.ACCEPTED, OrderStatus.SCHEDULED):
        change()
        assert (order_of(order).remark, order_of(order).total) == ("new", Decimal("7"))
    else:
        with pytest.raises(WrongOrderState):
            change()
        assert order_of(order).remark == "old"


def test_a_number_that_is_not_typed_again_stays_sealed(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    new = {"new_phone": new_phone(), "new_customer_name": "李四", "new_id_card_no": "11010519491231002X"}
    order = ordered(service, owner, WorkKind.TRANSFER, new=new)
    assert "11010519491231002X" not in order_of(order).new_id_card_sealed
    kept = asked(WorkKind.TRANSFER, new={name: new[name] for name in ("new_phone", "new_customer_name")})
    in_transaction(lambda: operations.change_order(order, kept, actor=owner).id)
    assert order_of(order).new_id_card_no == "11010519491231002X"
    another = asked(WorkKind.TRANSFER, new={"new_phone": new_phone(), "new_customer_name": "赵六"})
    in_transaction(lambda: operations.change_order(order, another, actor=owner).id)
    assert order_of(order).new_id_card_no is None, "it was another person's"
    other = asked(WorkKind.REPAIR)
    in_transaction(lambda: operations.change_order(order, other, actor=owner).id)
    assert (order_of(order).new_id_card_no, order_of(order).new_phone) == (None, None)


# Lines


def test_labour_and_material_are_what_the_lines_come_to_unless_agreed(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner, handling_fee=Decimal("10"))
    line_added(order, owner, "2.5", "12.50")
    line = line_added(order, owner, "3", "0.33")
    assert order_of(order).material_work_fee == Decimal("32.24")
    assert (order_of(order).labour_material_fee, order_of(order).total) == (Decimal("32.24"), Decimal("42.24"))
    in_transaction(lambda: operations.remove_line(line, actor=owner).id)
    assert order_of(order).total == Decimal("41.25")
    agreed = asked(handling_fee=Decimal("10"), labour_material_fee=Decimal("99"))
    in_transaction(lambda: operations.change_order(order, agreed, actor=owner).id)
    line_added(order, owner, "1000", "1")
    assert (order_of(order).labour_material_fee, order_of(order).total) == (Decimal("99"), Decimal("109"))
    in_transaction(lambda: operations.change_order(order, replace(agreed, labour_material_fee=None), actor=owner).id)
    assert order_of(order).total == Decimal("1041.25")


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [("0.01", "0.49", "0.00"), ("0.01", "0.50", "0.01"), ("0.5", "0.01", "0.01"), ("1.25", "8.42", "10.53")],
)
def test_an_amount_is_rounded_half_up_to_the_cent(app, owner, new_phone, quantity, price, amount):
    _customer, service = running(owner, new_phone())
    line = line_added(ordered(service, owner), owner, quantity, price)
    assert db.session.get(WorkOrderLine, line).amount == Decimal(amount)


@pytest.mark.parametrize("quantity", ["0", "-1", "0.001", "100000000", "99999999"])
def test_quantities_that_make_no_sense_are_refused(app, owner, new_phone, quantity):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner)
    with pytest.raises(Invalid):
        line_added(order, owner, quantity)
    with pytest.raises(Invalid):
        line_added(order, owner, material_id=999_999)
    assert order_of(order).lines == []


def test_a_later_price_of_the_material_alters_nothing(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order, cable = ordered(service, owner), material("2.00")
    line = line_added(order, owner, "10", material_id=cable)
    changed = "UPDATE broadband_material SET unit_price = 99900, material_name = 'Gold' WHERE id = :id"
    in_transaction(lambda: db.session.execute(text(changed), {"id": cable}) and None)
    in_transaction(lambda: operations.change_line(line, Decimal("11"), actor=owner, remark="one more").id)
    one = order_of(order).lines[0]
    assert (one.unit_price, one.material_name, one.amount) == (Decimal("2.00"), "Cable", Decimal("22.00"))
    assert (one.unit, one.spec, one.remark) == ("m", "Cat 6", "one more")


def test_lines_of_an_ended_order_stay(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    for status in (OrderStatus.BILLED, OrderStatus.CANCELLED):
        order = ordered(service, owner)
        line = line_added(order, owner)
        brought_to(status, order, owner)
        for verb in (
            lambda number=order: line_added(number, owner),
            lambda number=line: in_transaction(lambda: operations.remove_line(number, actor=owner).id),
            lambda number=line: in_transaction(lambda: operations.change_line(number, Decimal(2), actor=owner).id),
        ):
            with pytest.raises(WrongOrderState):
                verb()
        assert [each.quantity for each in order_of(order).lines] == [Decimal("1")]


def test_a_line_that_is_gone_is_not_found(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    line = line_added(ordered(service, owner), owner)
    in_transaction(lambda: operations.remove_line(line, actor=owner).id)
    with pytest.raises(NotFound):
        in_transaction(lambda: operations.remove_line(line, actor=owner).id)


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


# At once

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


def test_scheduling_says_who_goes_there(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order, who = brought_to(OrderStatus.ACCEPTED, ordered(service, owner), owner), installer()
    with pytest.raises(Invalid):
        in_transaction(lambda: operations.schedule(order, tomorrow(), installer_id=999_999, actor=owner).id)
    in_transaction(lambda: operations.schedule(order, tomorrow(), installer_id=who, work_date=after(1), actor=owner).id)
    assert (order_of(order).installer_id, order_of(order).work_date) == (who, after(1))


def test_a_cancelled_order_needs_a_reason(app, owner, new_phone):
    _customer, service = running(owner, new_phone())
    order = ordered(service, owner)
    with pytest.raises(Invalid):
        in_transaction(lambda: operations.cancel(order, reason=" ", actor=owner).id)
