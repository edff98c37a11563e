"""The verbs of basic information: what they keep, what they refuse, and the records that they leave."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord, PersonalValues
from app.broadband.basics import nouns, operations
from app.broadband.basics.refusals import CannotBeOpened, InUse
from app.broadband.models import Employee, Usage
from app.core import clock
from app.core.db import in_transaction
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.sealed import HIDDEN
from app.customers.models import Gender
from app.extensions import db
from tests.broadband.things import (
    ID_CARD,
    change,
    code,
    fetch,
    make,
    personal,
    records,
    remove,
    service_with,
    values_of,
)
from tests.conftest import actor_of
from tests.staff import people

every_noun = pytest.mark.parametrize("noun", nouns.NOUNS, ids=lambda noun: noun.code)
# What of each is asked for, and a value that no two may share.
NUMBERS = {
    "broadband-community": "community_code",
    "broadband-package": "package_type",
    "broadband-material": "material_no",
    "broadband-installer": "installer_no",
    "broadband-employee": "employee_no",
    "broadband-business-type": "business_type",
}
OWN_NAMES = {"community", "package_type", "material_name", "installer_name", "name", "business_type"}


def refused(verb) -> dict:
    with pytest.raises(Invalid) as told:
        verb()
    return dict(told.value.errors)


@every_noun
def test_everything_that_is_given_is_kept(app, owner, noun):
    given = values_of(noun)
    item = fetch(noun, make(noun, owner, **given))
    assert {name: getattr(item, name) for name in given} == given


@every_noun
def test_what_is_made_changed_and_removed_leaves_a_record_each(app, owner, noun):
    item_id = make(noun, owner)
    change(noun, item_id, owner, remark="changed")
    change(noun, item_id, owner, remark=" changed ")
    remove(noun, item_id, owner)
    assert fetch(noun, item_id) is None
    kept = records(noun, item_id)
    assert [line.operation for line in kept] == ["broadband.create", "broadband.change", "broadband.remove"]
    assert {line.actor_id for line in kept} == {owner.id}
    told = [{**line.changes, **personal(line)}["remark"] for line in kept]
    assert told == [[None, "new"], ["new", "changed"], ["changed", None]]


@every_noun
def test_nothing_is_made_of_nothing(app, owner, noun):
    errors = refused(lambda: make(noun, owner, **dict.fromkeys(noun.rules)))
    columns = noun.model.__table__.columns
    needed = {name for name in noun.rules if name in columns and not columns[name].nullable}
    assert errors.keys() == needed - {"is_offered"}


@every_noun
def test_a_number_or_name_is_that_of_one_alone(app, owner, noun):
    number = NUMBERS[noun.code]
    first, given = make(noun, owner), values_of(noun)
    taken = getattr(fetch(noun, first), number)
    assert refused(lambda: make(noun, owner, **{**given, number: taken})).keys() == {number}
    second = make(noun, owner, **given)
    assert refused(lambda: change(noun, second, owner, **{number: f" {taken} "})).keys() == {number}
    assert getattr(fetch(noun, second), number) == given[number]
    change(noun, second, owner, **{number: given[number]})
    assert len(records(noun, second)) == 1


@every_noun
def test_what_the_database_alone_notices_is_said_at_the_same_field(app, owner, noun, monkeypatch):
    number = NUMBERS[noun.code]
    taken = getattr(fetch(noun, make(noun, owner)), number)
    monkeypatch.setattr(operations, "_require_free", lambda *_given, **_more: None)
    given = {**values_of(noun), number: taken}
    assert refused(lambda: make(noun, owner, **given)).keys() == {number}


@every_noun
def test_one_that_is_not_there_is_not_found(app, owner, noun):
    for verb in (lambda: change(noun, 10**9, owner, remark="x"), lambda: remove(noun, 10**9, owner)):
        with pytest.raises(NotFound):
            verb()


@every_noun
def test_texts_are_trimmed_and_no_longer_than_their_column(app, owner, noun):
    columns = noun.model.__table__.columns
    longest = {
        name: columns[name].type.length for name in noun.rules if name in columns and not _is_code(columns[name])
    }
    item_id = make(noun, owner)
    for name, length in longest.items():
        if name == "phone":
            continue
        change(noun, item_id, owner, **{name: f"  {'x' * (length - 8)}{code()} "})
        assert len(getattr(fetch(noun, item_id), name)) == length
        assert refused(lambda name=name, length=length: change(noun, item_id, owner, **{name: "x" * (length + 1)})) == {
            name: "This is too long."
        }
        assert refused(lambda name=name: change(noun, item_id, owner, **{name: "a\0b"})).keys() == {name}


def _is_code(column) -> bool:
    return getattr(column.type, "length", None) is None or hasattr(column.type, "enum_class")


@pytest.mark.parametrize("price", ["1.234", "-0.01", "ten", 1.5, Decimal("NaN"), Decimal("1E+20"), None])
@pytest.mark.parametrize(
    ("noun", "name"),
    [(nouns.MATERIAL, "unit_price"), (nouns.PACKAGE, "package_fee"), (nouns.PACKAGE, "maintenance_fee")],
)
def test_money_has_at_most_two_decimals_and_is_never_below_zero(app, owner, noun, name, price):
    assert refused(lambda: make(noun, owner, **{name: price})).keys() == {name}


@pytest.mark.parametrize("price", ["0", 0, Decimal("0.01"), Decimal("9999999999.99")])
def test_a_price_may_be_nothing_or_much(app, owner, price):
    assert fetch(nouns.MATERIAL, make(nouns.MATERIAL, owner, unit_price=price)).unit_price == Decimal(price)


@pytest.mark.parametrize(
    ("months", "is_good"), [(0, False), (1, True), (120, True), (121, False), (True, False), (1.5, False)]
)
def test_a_package_covers_one_to_120_months(app, owner, months, is_good):
    if is_good:
        assert fetch(nouns.PACKAGE, make(nouns.PACKAGE, owner, package_months=months)).package_months == months
    else:
        assert refused(lambda: make(nouns.PACKAGE, owner, package_months=months)).keys() == {"package_months"}


@pytest.mark.parametrize(
    ("days", "is_good"), [(None, True), (0, True), (3650, True), (-1, False), (3651, False), ("7", False)]
)
def test_a_package_is_reminded_of_some_days_before_or_as_all_are(app, owner, days, is_good):
    if is_good:
        assert fetch(nouns.PACKAGE, make(nouns.PACKAGE, owner, remind_days_before=days)).remind_days_before == days
    else:
        assert refused(lambda: make(nouns.PACKAGE, owner, remind_days_before=days)).keys() == {"remind_days_before"}


def test_a_package_is_offered_without_maintenance_unless_it_is_said_otherwise(app, owner):
    given = {"package_type": code(), "package_fee": "1", "package_months": 1}
    package = fetch(nouns.PACKAGE, in_transaction(lambda: operations.create_item(nouns.PACKAGE, given, actor=owner)))
    assert (package.maintenance_fee, package.is_offered, package.remind_days_before) == (0, True, None)


def test_a_field_that_the_noun_does_not_have_is_a_mistake_of_the_program(app, owner):
    with pytest.raises(KeyError):
        make(nouns.MATERIAL, owner, colour="red")


def test_full_width_numbers_are_the_same_number(app, owner):
    make(nouns.MATERIAL, owner, material_no=(number := f"7{code()}"))
    assert refused(lambda: make(nouns.MATERIAL, owner, material_no=f"７{number[1:]}")).keys() == {"material_no"}


def test_the_same_name_may_be_a_way_of_access_and_a_kind_of_work(app, owner):
    name = code()
    for usage in Usage:
        make(nouns.BUSINESS_TYPE, owner, usage=usage, business_type=name)
    assert refused(lambda: make(nouns.BUSINESS_TYPE, owner, usage=Usage.WORK, business_type=name)).keys() == {
        "business_type"
    }
    assert refused(lambda: make(nouns.BUSINESS_TYPE, owner, usage="none")).keys() == {"usage"}


def test_a_person_has_a_birthday_in_the_past_and_a_phone_that_rings(app, owner):
    bad = {"birth_date": clock.today() + timedelta(days=1), "phone": "12", "gender": "x"}
    assert refused(lambda: make(nouns.EMPLOYEE, owner, **bad)).keys() == bad.keys()
    employee = fetch(nouns.EMPLOYEE, make(nouns.EMPLOYEE, owner, phone="138-0013-8000", gender="male", birth_date=None))
    assert (employee.phone, employee.gender, employee.birth_date) == ("+8613800138000", Gender.MALE, None)


def test_an_account_belongs_to_one_employee(app, owner):
    account = people.make()
    first = make(nouns.EMPLOYEE, owner, staff_id=account)
    assert refused(lambda: make(nouns.EMPLOYEE, owner, staff_id=account)).keys() == {"staff_id"}
    assert refused(lambda: make(nouns.EMPLOYEE, owner, staff_id=10**9)).keys() == {"staff_id"}
    change(nouns.EMPLOYEE, first, owner, staff_id=None)
    told = [line.changes["staff_id"] for line in records(nouns.EMPLOYEE, first)]
    username = people.fetch(account).username
    assert told == [[None, username], [username, None]]


def test_an_employee_is_one_installer(app, owner):
    employee = make(nouns.EMPLOYEE, owner)
    make(nouns.INSTALLER, owner, employee_id=employee)
    assert refused(lambda: make(nouns.INSTALLER, owner, employee_id=employee)).keys() == {"employee_id"}
    assert refused(lambda: make(nouns.INSTALLER, owner, employee_id=10**9)).keys() == {"employee_id"}
    with pytest.raises(InUse):
        remove(nouns.EMPLOYEE, employee, owner)


@pytest.mark.parametrize(
    ("noun", "name"),
    [
        (nouns.COMMUNITY, "community_id"),
        (nouns.PACKAGE, "package_id"),
        (nouns.BUSINESS_TYPE, "business_type_id"),
        (nouns.EMPLOYEE, "salesperson_id"),
    ],
    ids=lambda given: getattr(given, "code", given),
)
def test_what_a_service_names_is_not_removed_and_leaves_no_record_of_it(app, owner, new_phone, noun, name):
    item_id = make(noun, owner)
    service_with(owner, new_phone(), **{name: item_id})
    with pytest.raises(InUse):
        remove(noun, item_id, owner)
    assert fetch(noun, item_id) is not None
    assert [line.operation for line in records(noun, item_id)] == ["broadband.create"]


def test_what_is_named_at_that_very_moment_is_not_removed_either(app, owner, monkeypatch):
    employee = make(nouns.EMPLOYEE, owner)
    make(nouns.INSTALLER, owner, employee_id=employee)
    monkeypatch.setattr(operations, "_names_of", lambda _noun: ())
    with pytest.raises(InUse):
        remove(nouns.EMPLOYEE, employee, owner)


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
    with pytest.raises(CannotBeOpened):
        in_transaction(lambda: operations.reveal_id_card_no(employee_id, actor=owner))
    assert [line.operation for line in records(nouns.EMPLOYEE, employee_id)] == ["broadband.create"]
