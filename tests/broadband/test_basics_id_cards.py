"""ID numbers of employees: sealed in the database, in no record, and revealed one at a time."""

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord, PersonalValues
from app.broadband.basics import nouns, operations
from app.broadband.models import Employee
from app.core.db import in_transaction
from app.core.errors import Forbidden, NotFound
from app.core.sealed import HIDDEN, Unreadable
from app.extensions import db
from tests.broadband.things import ID_CARD, change, fetch, make, personal, records, refused
from tests.conftest import actor_of


def test_what_tells_of_a_person_stands_apart_and_his_id_number_nowhere(app, owner):
    employee_id = make(nouns.EMPLOYEE, owner)
    change(nouns.EMPLOYEE, employee_id, owner, id_card_no="110105194912310038", home_address="Oak Street 2")
    change(nouns.EMPLOYEE, employee_id, owner, id_card_no="1101 0519 4912 3100 38")
    change(nouns.EMPLOYEE, employee_id, owner, id_card_no=None)
    made, changed, forgotten = records(nouns.EMPLOYEE, employee_id)
    assert made.changes.keys() == {"employee_no", "department"}
    assert personal(made)["id_card_no"] == [None, HIDDEN]
    assert personal(changed) == {
        "id_card_no": [HIDDEN, HIDDEN],
        "home_address": ["Elm Street 1", "Oak Street 2"],
    }
    assert personal(forgotten) == {"id_card_no": [HIDDEN, None]}
    told = str(list(db.session.execute(select(OperationRecord.changes)))) + str(
        list(db.session.execute(select(PersonalValues.changes)))
    )
    assert ID_CARD not in told
    assert fetch(nouns.EMPLOYEE, employee_id).id_card_mark is None


def test_an_id_number_lies_sealed_in_the_database(app, owner):
    employee = fetch(nouns.EMPLOYEE, make(nouns.EMPLOYEE, owner))
    assert employee.id_card_no == ID_CARD
    assert employee.id_card_no_shown == "110•••••••••••002X"
    row = db.session.execute(select(Employee.__table__).where(Employee.id == employee.id)).one()
    assert ID_CARD not in str(row)


def test_who_has_a_number_revealed_is_written_down(app, owner):
    employee_id = make(nouns.EMPLOYEE, owner)
    assert in_transaction(lambda: operations.reveal_id_card_no(employee_id, actor=owner)) == ID_CARD
    last = records(nouns.EMPLOYEE, employee_id)[-1]
    assert (last.operation, last.actor_id, last.changes) == ("broadband.reveal", owner.id, {})


def test_a_mask_that_comes_back_changes_nothing_and_half_a_number_is_none(app, owner):
    employee_id = make(nouns.EMPLOYEE, owner)
    shown = fetch(nouns.EMPLOYEE, employee_id).id_card_no_shown
    change(nouns.EMPLOYEE, employee_id, owner, id_card_no=shown, remark="new")
    assert fetch(nouns.EMPLOYEE, employee_id).id_card_no == ID_CARD
    assert len(records(nouns.EMPLOYEE, employee_id)) == 1
    for typed in (f"{shown[:-1]}9", HIDDEN):
        assert refused(lambda typed=typed: change(nouns.EMPLOYEE, employee_id, owner, id_card_no=typed)) == {
            "id_card_no": "Type the whole number, or leave the field as it is."
        }
    assert refused(lambda: make(nouns.EMPLOYEE, owner, id_card_no=shown)).keys() == {"id_card_no"}


def test_who_may_not_see_id_numbers_has_none_revealed(app, owner):
    employee_id = make(nouns.EMPLOYEE, owner)
    with pytest.raises(Forbidden):
        in_transaction(lambda: operations.reveal_id_card_no(employee_id, actor=actor_of(app, "finance")))
    assert len(records(nouns.EMPLOYEE, employee_id)) == 1


def test_what_is_not_there_is_not_revealed(app, owner):
    nobody = make(nouns.EMPLOYEE, owner, id_card_no=None)
    for employee_id in (nobody, 10**9):
        with pytest.raises(NotFound):
            in_transaction(lambda employee_id=employee_id: operations.reveal_id_card_no(employee_id, actor=owner))
    assert len(records(nouns.EMPLOYEE, nobody)) == 1


def test_what_no_key_opens_is_hidden_and_its_reveal_is_refused(app, owner):
    employee_id = make(nouns.EMPLOYEE, owner)
    in_transaction(lambda: setattr(db.session.get(Employee, employee_id), "id_card_sealed", "of another key"))
    assert fetch(nouns.EMPLOYEE, employee_id).id_card_no_shown == HIDDEN
    with pytest.raises(Unreadable):
        in_transaction(lambda: operations.reveal_id_card_no(employee_id, actor=owner))
    assert [line.operation for line in records(nouns.EMPLOYEE, employee_id)] == ["broadband.create"]
