"""Services that are opened and paid, and payments that are taken back."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from app.broadband import operations
from app.broadband.models import Document, Package, ServiceStatus
from app.broadband.operations import Bill
from app.broadband.refusals import (
    AccountTaken,
    DocumentReversed,
    LaterDocument,
)
from app.core.db import in_transaction
from app.core.errors import Invalid, Stale
from app.core.sealed import unseal
from app.extensions import db
from app.ledger.models import Kind
from app.ledger.operations import reverse as reverse_posting
from app.ledger.refusals import BelongsToDocument, InsufficientBalance
from app.shop.models import Method
from tests.broadband.ground import (
    balance,
    basics,
    document_of,
    done,
    opened,
    paid,
    payment_of,
    posting,
    running,
    service_of,
    today,
    undone,
)

ZERO = Decimal(0)


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


def test_days_that_waited_for_the_installation_outlive_a_payment_that_is_taken_back(app, owner, new_phone, shop_time):
    began = date(2030, 3, 1)
    shop_time(began)
    _customer, number = opened(owner, new_phone())
    first, second = paid(number, owner, package_months=3), paid(number, owner, package_months=3)
    end = payment_of(first).package_end
    shop_time(began + timedelta(days=12))
    in_transaction(lambda: operations.activate(number, actor=owner) and None)
    undone(second, owner)
    assert service_of(number).stop_date == end + timedelta(days=12)
    undone(first, owner)
    assert service_of(number).stop_date is None
