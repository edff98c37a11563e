"""What is known of a line: changed without a document, its password shown one at a time, all of it erased."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord, PersonalValues
from app.broadband import operations
from app.broadband.operations.erasing import erase_customer
from app.broadband.refusals import AccountTaken, ServiceClosed
from app.core.db import in_transaction
from app.core.errors import Forbidden, Invalid, NotFound, Stale
from app.core.permissions import ORDINARY_ADMIN
from app.core.sealed import unseal
from app.extensions import db
from tests.broadband.ground import document_of, done, opened, running, service_of
from tests.broadband.test_pages import sent
from tests.conftest import actor_of

DETAILS = {
    "broadband_account": None,
    "broadband_password": "p4ss of the line",
    "bound_number": "AA:BB",
    "address": "7 Row",
}


def changed(number, details, owner, **said):
    in_transaction(lambda: operations.change_details(number, details, actor=owner, **said) and None)


def records(number):
    db.session.rollback()
    his = (OperationRecord.object_type == "broadband-service", OperationRecord.object_id == number)
    return db.session.scalars(select(OperationRecord).where(*his).order_by(OperationRecord.id)).all()


def test_details_are_changed_and_an_empty_password_stays(app, owner, new_phone):
    account = f"line{new_phone()}"
    _customer, number = running(owner, new_phone(), details=DETAILS)
    changed(number, {"broadband_account": account, "access_order_no": "A-7", "broadband_password": ""}, owner)
    service = service_of(number)
    assert (service.broadband_account, service.access_order_no) == (account, "A-7")
    assert unseal(service.password_sealed) == "p4ss of the line"
    changed(number, {"broadband_account": account, "access_order_no": "A-7", "broadband_password": "new"}, owner)
    assert unseal(service_of(number).password_sealed) == "new"
    told = records(number)[-1]
    assert told.operation == "broadband.change-details"
    assert "new" not in str(told.changes).replace("broadband", "")


def test_what_is_the_same_is_no_change_and_what_is_wrong_is_refused(app, owner, new_phone):
    account = f"line{new_phone()}"
    _customer, number = running(owner, new_phone(), details={**DETAILS, "broadband_account": account})
    _other, second = running(owner, new_phone())
    version = service_of(number).version
    changed(number, {"broadband_account": f" {account} "}, owner)
    assert service_of(number).version == version
    with pytest.raises(AccountTaken):
        changed(second, {"broadband_account": account}, owner)
    with pytest.raises(Stale):
        changed(number, {"bound_number": "x"}, owner, version=version + 1)
    with pytest.raises(Invalid) as invalid:
        changed(number, {"bound_number": "x", "salesperson_id": 10**9}, owner)
    assert list(invalid.value.errors) == ["salesperson"]
    done(operations.close, second, owner=owner)
    with pytest.raises(ServiceClosed):
        changed(second, {"bound_number": "x"}, owner)


def test_a_password_is_shown_to_those_who_may_and_each_time_is_on_record(app, owner, new_phone):
    _customer, number = running(owner, new_phone(), details=DETAILS)
    _other, without = running(owner, new_phone())
    db.session.rollback()
    assert in_transaction(lambda: operations.reveal_password(number, actor=owner)) == "p4ss of the line"
    assert [line.operation for line in records(number)][-1] == "broadband.reveal-password"
    with pytest.raises(Forbidden):
        in_transaction(lambda: operations.reveal_password(number, actor=actor_of(app, ORDINARY_ADMIN)))
    with pytest.raises(NotFound):
        in_transaction(lambda: operations.reveal_password(without, actor=owner))


def test_the_page_changes_details_and_shows_the_password_on_a_page_of_its_own(app, owner, boss, clerk, new_phone):
    _customer, number = running(owner, new_phone(), details=DETAILS)
    db.session.rollback()
    where = f"/broadband/service/{number}"
    assert "p4ss of the line" not in boss.get(where).text
    assert "p4ss of the line" not in boss.get(f"{where}/do/details").text
    assert sent(clerk, f"{where}/do/details", bound_number="CC:DD", remark="wants paper bills").status_code == 302
    assert service_of(number).bound_number == "CC:DD"
    token = {"csrf_token": boss.get(where).text.partition('name="csrf_token" value="')[2].partition('"')[0]}
    assert "p4ss of the line" in boss.post(f"{where}/password", data=token).text
    assert clerk.post(f"{where}/password", data=token).status_code in (400, 403)


def test_nothing_that_tells_who_he_was_is_left_of_a_person(app, owner, new_phone):
    customer, number = opened(owner, new_phone(), "0", details={**DETAILS, "remark": "has a dog", "bound_number": "B"})
    closing = done(operations.close, number, owner=owner, remark="moved to his daughter")
    order = records(number)[0]
    assert db.session.get(PersonalValues, order.id).changes
    db.session.rollback()
    assert in_transaction(lambda: erase_customer(customer, actor=owner))
    service, document = service_of(number), document_of(closing)
    assert (service.address, service.bound_number, service.password_sealed, service.remark) == (None,) * 4
    assert (document.address, document.remark, document.fee) == (None, None, Decimal(0))
    assert not db.session.get(PersonalValues, order.id, populate_existing=True).changes
    db.session.rollback()
    assert not in_transaction(lambda: erase_customer(customer, actor=owner))
