"""Services: opened, paid, suspended, switched on again, moved, given to another, closed; and each taken back."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from app.audit.models import OperationRecord
from app.broadband import operations
from app.broadband.models import Document, Package, ServiceStatus
from app.broadband.operations import Bill, Fee
from app.broadband.refusals import (
    AccountTaken,
    DocumentReversed,
    LaterDocument,
    NothingChanges,
    SameCustomer,
    ServiceClosed,
    WrongState,
)
from app.core.db import in_transaction
from app.core.errors import Invalid, Stale
from app.core.sealed import unseal
from app.extensions import db
from app.ledger.models import Account, Kind, Posting
from app.ledger.operations import reverse as reverse_posting
from app.ledger.proofs import verify
from app.ledger.refusals import BelongsToDocument, InsufficientBalance
from app.shop.models import Method
from tests.broadband.ground import (
    after,
    basics,
    document_of,
    done,
    opened,
    paid,
    payment_of,
    running,
    service_of,
    today,
)
from tests.counter.desk import customer_with

ZERO = Decimal(0)


def balance(customer_id):
    db.session.rollback()
    ask = select(Account.balance).where(Account.customer_id == customer_id, Account.purse == "principal")
    return db.session.scalar(ask)


def posting(document):
    return db.session.get(Posting, document.posting_id)


def undone(document_id, owner, reason="mistake"):
    return in_transaction(lambda: operations.reverse(document_id, reason=reason, actor=owner).id)


def test_a_service_copies_what_its_package_costs(app, owner, new_phone):
    chosen = basics(package_fee=Decimal("360.00"), package_months=12)
    _customer, number = opened(owner, new_phone(), **chosen)
    in_transaction(
        lambda: (
            db.session.execute(text("UPDATE broadband_package SET package_fee = 99900, package_months = 1")) and None
        )
    )
    service = service_of(number)
    assert (service.fee, service.package_months) == (Decimal("360.00"), 12)
    assert service.status is ServiceStatus.PENDING
    assert (service.apply_date, service.activation_date, service.stop_date) == (today(), None, None)
    assert service.service_no == f"N{number:07d}"


def test_a_password_of_a_line_is_sealed_and_an_account_is_one_services_alone(app, owner, new_phone):
    details = {"broadband_account": f"acc{new_phone()}", "broadband_password": "open sesame"}
    _customer, number = opened(owner, new_phone(), details=details)
    assert unseal(service_of(number).password_sealed) == "open sesame"
    with pytest.raises(AccountTaken):
        opened(owner, new_phone(), details=details)
    done(operations.close, number, owner=owner)
    opened(owner, new_phone(), details=details)


@pytest.mark.parametrize("missing", ["community_id", "package_id", "business_type_id", "salesperson_id"])
def test_a_service_needs_what_is_there(app, owner, new_phone, missing):
    with pytest.raises(Invalid):
        opened(owner, new_phone(), **{missing: 999_999})


def test_a_package_that_is_not_offered_any_more_is_refused(app, owner, new_phone):
    chosen = basics()
    in_transaction(lambda: setattr(db.session.get(Package, chosen["package_id"]), "is_offered", False))
    with pytest.raises(Invalid):
        opened(owner, new_phone(), **chosen)


def test_a_payment_from_the_balance_is_a_consumption_of_its_document(app, owner, new_phone):
    customer, number = running(owner, new_phone(), "1000.00")
    one = document_of(paid(number, owner))
    assert balance(customer) == Decimal("685.00"), "300 for three months and 5 for each of them"
    booked = posting(one)
    assert (booked.kind, booked.amount, booked.category) == (Kind.CONSUMPTION, Decimal("315.00"), "broadband")
    assert (booked.source_type, booked.source_id) == ("broadband-document", one.id)
    row = payment_of(one.id)
    assert (row.package_fee, row.months_paid, row.maintenance_total) == (Decimal("300.00"), 3, Decimal("15.00"))
    assert (row.package_start, row.package_end) == (today(), service_of(number).stop_date)
    assert one.document_no == f"BP{one.id:07d}"
    assert one.operator_name == owner.name


def test_a_payment_by_a_method_of_the_counter_is_a_sale(app, owner, new_phone):
    customer, number = running(owner, new_phone(), "0")
    one = document_of(paid(number, owner, Method.CASH, discount_amount=Decimal("20.00"), late_fee=Decimal("3.50")))
    assert one.fee == Decimal("298.50")
    assert (posting(one).kind, posting(one).method, posting(one).customer_id) == (Kind.SALE, Method.CASH, customer)
    assert balance(customer) == ZERO


def test_a_payment_for_nothing_moves_no_money(app, owner, new_phone):
    customer, number = running(owner, new_phone(), "0")
    one = document_of(paid(number, owner, discount_amount=Decimal("315.00")))
    assert (one.fee, one.posting_id) == (ZERO, None)
    assert service_of(number).stop_date is not None
    assert balance(customer) == ZERO


@pytest.mark.parametrize(
    "bill",
    [
        {"package_months": 0},
        {"package_months": 121},
        {"package_months": 4},
        {"months_paid": -1},
        {"discount_amount": Decimal("315.01")},
        {"late_fee": Decimal("-1")},
        {"other_charge_amount": Decimal("10")},
    ],
)
def test_a_bill_that_makes_no_sense_is_refused_whole(app, owner, new_phone, bill):
    customer, number = running(owner, new_phone())
    with pytest.raises(Invalid):
        paid(number, owner, **bill)
    assert balance(customer) == Decimal("1000.00")
    assert service_of(number).stop_date is None


def test_who_has_too_little_gets_no_days(app, owner, new_phone):
    _customer, number = running(owner, new_phone(), "314.99")
    with pytest.raises(InsufficientBalance):
        paid(number, owner)
    assert service_of(number).stop_date is None
    assert db.session.scalar(select(func.count()).where(Document.service_id == number)) == 0


def test_payments_follow_each_other(app, owner, new_phone):
    _customer, number = running(owner, new_phone(), "5000.00")
    rows = [payment_of(paid(number, owner)) for _ in range(4)]
    for former, latter in itertools.pairwise(rows):
        assert latter.package_start == former.package_end + timedelta(days=1)


def test_a_payment_that_was_seen_with_older_figures_is_stale(app, owner, new_phone):
    customer, number = running(owner, new_phone())
    seen = service_of(number).version
    paid(number, owner)
    with pytest.raises(Stale):
        done(operations.pay, number, Bill(), owner=owner, method=None, version=seen)
    assert balance(customer) == Decimal("685.00")


def test_a_posting_of_a_document_is_reversed_by_its_document_alone(app, owner, new_phone):
    customer, number = running(owner, new_phone())
    one = document_of(paid(number, owner))
    with pytest.raises(BelongsToDocument):
        in_transaction(lambda: reverse_posting(one.posting_id, reason="no", actor=owner))
    undone(one.id, owner)
    assert balance(customer) == Decimal("1000.00")
    assert service_of(number).stop_date is None
    assert document_of(one.id).reversal_reason == "mistake"
    with pytest.raises(DocumentReversed):
        undone(one.id, owner)


def test_documents_are_taken_back_last_first(app, owner, new_phone):
    _customer, number = running(owner, new_phone())
    first, second = paid(number, owner), paid(number, owner)
    end = payment_of(first).package_end
    with pytest.raises(LaterDocument):
        undone(first, owner)
    undone(second, owner)
    assert service_of(number).stop_date == end
    undone(first, owner)
    assert service_of(number).stop_date is None


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
        "broadband.open",
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
