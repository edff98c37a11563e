"""Services that are suspended, switched on again, moved, given to another, closed; and each taken back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.broadband import operations
from app.broadband.models import ServiceStatus
from app.broadband.operations import Bill, Fee
from app.broadband.refusals import (
    NothingChanges,
    SameCustomer,
    ServiceClosed,
    ServicesOpen,
    WrongState,
)
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.customers.operations import delete_customer
from app.extensions import db
from app.ledger.models import Kind
from app.ledger.proofs import verify
from tests.broadband.ground import (
    after,
    balance,
    basics,
    document_of,
    done,
    opened,
    paid,
    posting,
    running,
    service_of,
    today,
    undone,
)
from tests.counter.desk import customer_with

ZERO = Decimal(0)


def test_days_wait_while_a_customer_wants_no_service(app, owner, new_phone, shop_time):
    began = date(2030, 1, 31)
    shop_time(began)
    _customer, number = running(owner, new_phone())
    paid(number, owner, package_months=3)
    end = service_of(number).stop_date
    shop_time(began + timedelta(days=10))
    done(operations.suspend, number, owner=owner, fee=Fee(Decimal("10.00")))
    assert service_of(number).stop_date == end
    shop_time(began + timedelta(days=40))
    done(operations.reactivate, number, owner=owner)
    assert service_of(number).stop_date == end + timedelta(days=30)
    assert service_of(number).suspended_on is None
    with pytest.raises(WrongState):
        done(operations.reactivate, number, owner=owner)


def test_days_run_on_while_a_service_is_suspended_by_force(app, owner, new_phone, shop_time):
    began = date(2031, 3, 1)
    shop_time(began)
    _customer, number = running(owner, new_phone())
    paid(number, owner)
    end = service_of(number).stop_date
    with pytest.raises(Invalid):
        done(operations.suspend_by_force, number, owner=owner, reason=" ")
    done(operations.suspend_by_force, number, owner=owner, reason="abuse")
    shop_time(began + timedelta(days=20))
    done(operations.reactivate, number, owner=owner)
    assert service_of(number).stop_date == end


def test_a_service_that_waited_for_its_installation_has_all_its_days(app, owner, new_phone, shop_time):
    began = date(2032, 5, 10)
    shop_time(began)
    _customer, number = opened(owner, new_phone())
    paid(number, owner)
    end = service_of(number).stop_date
    shop_time(began + timedelta(days=7))
    in_transaction(lambda: operations.activate(number, actor=owner) and None)
    service = service_of(number)
    assert service.stop_date == end + timedelta(days=7)
    assert (service.status, service.activation_date) == (ServiceStatus.ACTIVE, began + timedelta(days=7))


@pytest.mark.parametrize(
    ("state", "verb"),
    [
        ("pending-install", "suspend"),
        ("pending-install", "suspend_by_force"),
        ("pending-install", "reactivate"),
        ("active", "reactivate"),
        ("active", "activate"),
        ("suspended", "suspend"),
        ("suspended", "suspend_by_force"),
        ("suspended", "activate"),
        ("suspended", "pay"),
        ("force-suspended", "suspend"),
        ("force-suspended", "suspend_by_force"),
        ("force-suspended", "activate"),
        ("closed", "suspend"),
        ("closed", "suspend_by_force"),
        ("closed", "reactivate"),
        ("closed", "activate"),
        ("closed", "close"),
        ("closed", "pay"),
        ("closed", "relocate"),
        ("closed", "transfer"),
    ],
)
def test_what_no_line_of_the_state_machine_allows_is_refused(app, owner, new_phone, state, verb):
    number = in_state(state, owner, new_phone)
    given = {
        "pay": ((Bill(),), {"method": None}),
        "relocate": ((1, "x"), {}),
        "transfer": ((customer_with("0", new_phone(), owner),), {}),
        "suspend_by_force": ((), {"reason": "x"}),
    }.get(verb, ((), {}))
    before = service_of(number).version
    with pytest.raises(ServiceClosed if state == "closed" else WrongState):
        done(
            switched_on if verb == "activate" else getattr(operations, verb), number, *given[0], owner=owner, **given[1]
        )
    assert service_of(number).version == before


def switched_on(number, *, store_id, actor):
    return operations.activate(number, actor=actor)


def in_state(state, owner, new_phone):
    if state == "pending-install":
        return opened(owner, new_phone())[1]
    number = running(owner, new_phone())[1]
    if state == "suspended":
        done(operations.suspend, number, owner=owner)
    if state == "force-suspended":
        done(operations.suspend_by_force, number, owner=owner, reason="x")
    if state == "closed":
        done(operations.close, number, owner=owner)
    assert service_of(number).status == state
    return number


def test_a_relocation_keeps_both_addresses(app, owner, new_phone):
    customer, number = running(owner, new_phone(), details={"address": "1 Old Road"})
    other = basics()["community_id"]
    one = document_of(done(operations.relocate, number, other, "2 New Road", owner=owner, fee=Fee(Decimal("50.00"))))
    assert (one.address, one.new_address) == ("1 Old Road", "2 New Road")
    assert (service_of(number).community_id, service_of(number).address) == (other, "2 New Road")
    assert balance(customer) == Decimal("950.00")
    with pytest.raises(NothingChanges):
        done(operations.relocate, number, other, "2 New Road", owner=owner)
    undone(one.id, owner)
    assert service_of(number).address == "1 Old Road"
    assert service_of(number).community_id != other
    assert balance(customer) == Decimal("1000.00")


def test_a_transfer_moves_the_service_and_no_balance(app, owner, new_phone):
    old, number = running(owner, new_phone(), "400.00")
    paid(number, owner)
    end, new = service_of(number).stop_date, customer_with("7.00", new_phone(), owner)
    one = document_of(done(operations.transfer, number, new, owner=owner, fee=Fee(Decimal("20.00"))))
    assert (service_of(number).customer_id, service_of(number).stop_date) == (new, end)
    assert (balance(old), balance(new)) == (Decimal("65.00"), Decimal("7.00"))
    assert one.customer_id == old
    with pytest.raises(SameCustomer):
        done(operations.transfer, number, new, owner=owner)
    undone(one.id, owner)
    assert service_of(number).customer_id == old


def test_closing_gives_back_what_was_paid_for_days_that_do_not_come(app, owner, new_phone, shop_time):
    shop_time(date(2033, 6, 1))
    customer, number = running(owner, new_phone(), **basics(package_fee=Decimal("300.00"), package_months=1))
    paid(number, owner)  # 30 days for 300.00, and 5.00 of maintenance
    shop_time(date(2033, 6, 10))
    one = document_of(done(operations.close, number, owner=owner))
    assert one.credit == Decimal("200.00"), "ten days were served, the tenth is today"
    assert balance(customer) == Decimal("895.00")
    assert posting(one).kind is Kind.ADJUSTMENT
    assert service_of(number).closed_on == date(2033, 6, 10)
    undone(one.id, owner)
    assert service_of(number).status is ServiceStatus.ACTIVE
    assert balance(customer) == Decimal("695.00")


def test_closing_gives_back_all_that_was_never_served(app, owner, new_phone):
    customer, number = opened(owner, new_phone())
    paid(number, owner, discount_amount=Decimal("30.00"))
    one = document_of(done(operations.close, number, owner=owner))
    assert one.credit == Decimal("270.00"), "what the months cost, less the discount; maintenance stays"
    assert balance(customer) == Decimal("985.00")


def test_closing_counts_the_days_that_wait(app, owner, new_phone, shop_time):
    shop_time(date(2034, 6, 1))
    _customer, number = running(owner, new_phone(), **basics(package_fee=Decimal("300.00"), package_months=1))
    paid(number, owner)
    shop_time(date(2034, 6, 11))
    done(operations.suspend, number, owner=owner)
    shop_time(date(2034, 8, 1))
    assert document_of(done(operations.close, number, owner=owner)).credit == Decimal("200.00")


def test_every_verb_is_on_record_and_the_ledger_proves_itself(app, owner, new_phone):
    _customer, number = running(owner, new_phone())
    paid(number, owner)
    done(operations.suspend, number, owner=owner)
    done(operations.reactivate, number, owner=owner)
    undone(done(operations.close, number, owner=owner), owner)
    told = select(OperationRecord.operation).where(
        OperationRecord.object_type == "broadband-service", OperationRecord.object_id == number
    )
    assert list(db.session.scalars(told.order_by(OperationRecord.id))) == [
        "broadband.open-service",
        "broadband.activate",
        "broadband.payment",
        "broadband.suspension",
        "broadband.reactivation",
        "broadband.closing",
        "broadband.reverse",
    ]
    db.session.rollback()
    assert [proof.name for proof in verify() if not proof.holds] == []


def test_expired_is_no_state_but_a_day(app, owner, new_phone):
    _customer, number = running(owner, new_phone())
    paid(number, owner)
    service = service_of(number)
    assert not service.is_expired(service.stop_date)
    assert service.is_expired(service.stop_date + timedelta(days=1))
    assert after(0) == today()


def test_a_customer_with_a_service_is_not_deleted(app, owner, new_phone):
    customer, number = running(owner, new_phone(), "0")
    with pytest.raises(ServicesOpen) as refused:
        in_transaction(lambda: delete_customer(customer, reason="moved away", actor=owner))
    assert refused.value.figures == {"services": service_of(number).service_no}
    db.session.rollback()
    done(operations.close, number, owner=owner)
    in_transaction(lambda: delete_customer(customer, reason="moved away", actor=owner))
