"""The verbs of the customers' room: they work, refuse, leave their record, and keep a number for one person."""

import threading

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import Forbidden, Invalid, NotFound, Stale
from app.core.permissions import SUPER_ADMIN
from app.customers import queries
from app.customers.operations import change_customer, create_customer, delete_customer
from app.customers.refusals import CustomerDeleted, PhoneTaken
from app.extensions import db
from app.ledger.models import WalletStatus
from app.ledger.refusals import BalanceNotZero
from app.shop.operations import change_settings
from tests.conftest import actor_of
from tests.counter.desk import customer_with


def created(phone: str, actor, name: str = "Ann") -> int:
    return in_transaction(lambda: create_customer({"phone": phone, "name": name}, store_id=1, actor=actor).id)


def records_of(customer: int) -> list[OperationRecord]:
    db.session.rollback()
    about = select(OperationRecord).where(
        OperationRecord.object_type == "customer", OperationRecord.object_id == customer
    )
    return list(db.session.scalars(about.order_by(OperationRecord.id)))


def test_of_two_who_enter_the_same_number_at_once_one_succeeds(house, app, clerk, new_phone):
    phone = new_phone()
    outcomes = []

    def enter() -> None:
        with house.app_context():
            try:
                created(phone, clerk)
                outcomes.append("made")
            except PhoneTaken:
                outcomes.append("taken")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["made"] + ["taken"] * 5


def test_personal_data_stand_apart_from_the_record(clerk, new_phone):
    phone = new_phone()
    customer = created(phone, clerk, "陈静")

    (record,) = records_of(customer)

    assert record.operation == "customers.create"
    assert "陈静" not in str(record.changes)
    assert phone not in str(record.changes)
    assert record.personal.changes["name"] == [None, "陈静"]
    assert record.personal_hash


def test_a_change_is_recorded_with_before_and_after(clerk, new_phone):
    customer = created(new_phone(), clerk, "Before")

    in_transaction(lambda: change_customer(customer, {"name": "After", "type": "vip"}, actor=clerk))

    record = records_of(customer)[-1]
    assert record.changes == {"type": ["personal", "vip"]}
    assert record.personal.changes == {"name": ["Before", "After"]}


def test_a_change_that_changes_nothing_leaves_no_record_and_no_version(clerk, new_phone):
    customer = created(new_phone(), clerk, "Same")

    in_transaction(lambda: change_customer(customer, {"name": " Same "}, actor=clerk))

    assert len(records_of(customer)) == 1
    assert queries.get(customer).version == 1


def test_an_old_version_is_stale(clerk, new_phone):
    customer = created(new_phone(), clerk)
    in_transaction(lambda: change_customer(customer, {"name": "B"}, version=1, actor=clerk))

    with pytest.raises(Stale):
        in_transaction(lambda: change_customer(customer, {"name": "C"}, version=1, actor=clerk))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12345"),
        ("phone", ""),
        ("name", " "),
        ("name", "x" * 121),
        ("type", "friend"),
        ("note", "a\x00b"),
        ("address", "x" * 251),
    ],
)
def test_a_value_that_cannot_be_is_told_by_field(clerk, new_phone, field, value):
    with pytest.raises(Invalid) as invalid:
        in_transaction(
            lambda: create_customer({"phone": new_phone(), "name": "A", field: value}, store_id=1, actor=clerk)
        )

    assert list(invalid.value.errors) == [field]


def test_only_the_owner_freezes_through_the_profile(clerk, owner, new_phone):
    customer = created(new_phone(), clerk)

    with pytest.raises(Forbidden):
        in_transaction(lambda: change_customer(customer, {"status": WalletStatus.FROZEN}, actor=clerk))
    in_transaction(lambda: change_customer(customer, {"status": WalletStatus.FROZEN}, actor=owner))

    assert queries.get(customer).status is WalletStatus.FROZEN
    assert queries.get(customer).version == 2


def test_who_has_money_is_not_deleted(owner, new_phone):
    customer = customer_with("0.01", new_phone(), owner)

    with pytest.raises(BalanceNotZero):
        in_transaction(lambda: delete_customer(customer, reason="moved", actor=owner))

    assert queries.get(customer).status is WalletStatus.OPEN


def test_a_deleted_customer_frees_his_number_and_keeps_his_history(owner, new_phone):
    phone = new_phone()
    customer = created(phone, owner)
    in_transaction(lambda: delete_customer(customer, reason="moved", actor=owner))

    with pytest.raises(NotFound):
        queries.get(customer)
    with pytest.raises(CustomerDeleted):
        in_transaction(lambda: change_customer(customer, {"name": "B"}, actor=owner))
    second = created(phone, owner)
    assert second != customer
    assert queries.search(phone)[0].id == second
    assert records_of(customer)[-1].changes["reason"] == [None, "moved"]


def test_an_owner_may_demand_mobile_numbers_of_those_who_come_from_now_on(empty_house, new_phone):
    owner = actor_of(empty_house, SUPER_ADMIN)
    before = created("010-8888 1234", owner)
    in_transaction(lambda: change_settings({"mobile_phones_only": True}, actor=owner))
    for verb in (
        lambda: created("010-8888 1235", owner),
        lambda: in_transaction(lambda: change_customer(before, {"phone": "010-8888 1235"}, actor=owner)),
    ):
        with pytest.raises(Invalid) as refused:
            verb()
        assert refused.value.errors == {"phone": "A mobile number is needed."}
    in_transaction(lambda: change_customer(before, {"phone": "010-8888 1234", "name": "Bob"}, actor=owner))
    assert created(new_phone(), owner)
