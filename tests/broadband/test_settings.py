"""What the owner sets about broadband, and what then becomes of suspensions, late payments and closings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.broadband import operations
from app.broadband.refusals import SuspendedLately
from app.broadband.settings import AT_CLOSING, CONTINUES, COOLDOWN, LEAST, MOST, SETTINGS
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.ledger.models import Kind
from app.ledger.proofs import verify
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.broadband.ground import balance, document_of, done, paid, posting, running, service_of, undone

BEGAN = date(2034, 1, 10)


@pytest.fixture
def given(app, owner):
    """Call it with settings; the defaults come back afterwards."""

    def put(**values):
        in_transaction(lambda: change_settings(values, actor=owner))

    yield put
    put(**{each.name: each.default for each in SETTINGS})


def waited(number, owner, shop_time, days):
    """Suspend it today and switch it on again after so many days; by how many days its stop date moved."""
    before = service_of(number).stop_date
    done(operations.suspend, number, owner=owner)
    shop_time(service_of(number).suspended_on + timedelta(days=days))
    done(operations.reactivate, number, owner=owner)
    return (service_of(number).stop_date - before).days


@pytest.mark.parametrize(("days", "added"), [(0, 0), (6, 0), (7, 7), (30, 30), (31, 30), (80, 30)])
def test_a_short_suspension_adds_no_days_and_a_long_one_only_so_many(
    app, owner, new_phone, shop_time, given, days, added
):
    given(**{LEAST: 7, MOST: 30})
    shop_time(BEGAN)
    _customer, number = running(owner, new_phone())
    paid(number, owner, package_months=6)
    assert waited(number, owner, shop_time, days) == added


def test_most_days_are_never_below_the_least(app, owner, given):
    with pytest.raises(Invalid) as invalid:
        given(**{LEAST: 40, MOST: 30})
    assert list(invalid.value.errors) == [MOST]


def test_the_next_suspension_is_refused_for_a_while_after_one_that_the_customer_wanted(
    app, owner, new_phone, shop_time, given
):
    given(**{COOLDOWN: 10})
    shop_time(BEGAN)
    _customer, number = running(owner, new_phone())
    paid(number, owner)
    done(operations.suspend_by_force, number, owner=owner, reason="abuse")
    done(operations.reactivate, number, owner=owner)
    waited(number, owner, shop_time, 5)
    with pytest.raises(SuspendedLately) as refused:
        done(operations.suspend, number, owner=owner)
    assert refused.value.figures == {"day": BEGAN + timedelta(days=15)}
    shop_time(BEGAN + timedelta(days=15))
    done(operations.suspend, number, owner=owner)


def test_a_late_payment_continues_from_the_stop_date_if_the_owner_wants_that(app, owner, new_phone, shop_time, given):
    shop_time(BEGAN)
    _customer, number = running(owner, new_phone())
    paid(number, owner)
    end = service_of(number).stop_date
    shop_time(end + timedelta(days=20))
    document = paid(number, owner)
    assert service_of(number).stop_date > end + timedelta(days=100)
    undone(document, owner)
    given(**{CONTINUES: True})
    paid(number, owner)
    assert service_of(number).stop_date == date(2034, 7, 9)


@pytest.mark.parametrize(
    ("policy", "method", "kind", "back"),
    [
        ("balance", Method.CASH, Kind.ADJUSTMENT, Decimal("300.00")),
        ("refund", Method.CASH, Kind.REFUND, Decimal(0)),
        ("refund", None, Kind.ADJUSTMENT, Decimal("300.00")),
        ("forfeit", Method.CASH, None, Decimal(0)),
    ],
)
def test_unused_days_go_where_the_owner_has_set(app, owner, new_phone, shop_time, given, policy, method, kind, back):
    given(**{AT_CLOSING: policy})
    shop_time(BEGAN)
    customer, number = running(owner, new_phone())
    paid(number, owner, months_paid=0)
    before = balance(customer)
    done(operations.suspend, number, owner=owner)  # so that not one of the days is served
    closing = done(operations.close, number, owner=owner, method=method)
    made = document_of(closing)
    assert balance(customer) == before + back
    assert (posting(made).kind if made.posting_id else None) is kind
    assert made.method is (method if kind is Kind.REFUND else None)
    undone(closing, owner)
    assert balance(customer) == before
    assert service_of(number).closed_on is None
    assert [proof.name for proof in verify() if not proof.holds] == []
