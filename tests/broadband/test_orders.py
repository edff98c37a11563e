"""Work orders: written, changed, and brought from state to state."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit.models import OperationRecord
from app.broadband import operations
from app.broadband.models import OrderStatus, WorkKind, WorkOrderLine
from app.broadband.orders.states import FROM
from app.broadband.refusals import SameCustomer, ServiceClosed, WrongOrderState
from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Stale
from app.extensions import db
from tests.broadband.ground import after, basics, done, running, today
from tests.broadband.work import (
    asked,
    brought_to,
    do,
    installer,
    line_added,
    material,
    order_of,
    ordered,
    tomorrow,
)

ZERO = Decimal(0)
VERBS = {
    "accept": OrderStatus.ACCEPTED,
    "schedule": OrderStatus.SCHEDULED,
    "start": OrderStatus.IN_PROGRESS,
    "finish": OrderStatus.DONE,
    "bill": OrderStatus.BILLED,
    "cancel": OrderStatus.CANCELLED,
}


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
