"""Fields of the owner's own: what may be defined, what may stand in them, and what is written down of it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.audit.models import PersonalValues
from app.core.db import in_transaction
from app.core.errors import Invalid, Stale
from app.customers.merges.operations import merge_customers
from app.customers.operations import change_customer, create_customer, delete_customer
from app.extensions import db
from app.fields import operations
from app.fields.models import CustomValue, FieldKind
from app.fields.queries import Wanted, fields_of, values_of
from app.retention.operations import erase_person
from tests.counter.desk import customer_with
from tests.fields.desk import last_record, plainly

KINDS = {
    FieldKind.TEXT: ("  A 12 ", "A 12"),
    FieldKind.NUMBER: ("12.5", Decimal("12.5")),
    FieldKind.DATE: ("2026-02-28", date(2026, 2, 28)),
    FieldKind.CHOICE: ("red", "red"),
}


def put(customer: int, actor, **values):
    in_transaction(lambda: operations.set_values("customer", customer, values, actor=actor))
    db.session.rollback()


def stands(customer: int) -> dict:
    db.session.rollback()
    return values_of("customer", [customer])[customer]


@pytest.mark.parametrize("kind", FieldKind)
def test_each_kind_keeps_what_is_put_in(field, owner, new_phone, kind):
    made, customer = field(kind, choices=["red", "blue"]), customer_with("0", new_phone(), owner)
    sent, kept = KINDS[kind]

    put(customer, owner, **{made.name: sent})

    assert stands(customer) == {made.name: kept}


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (FieldKind.TEXT, "x" * 501),
        (FieldKind.TEXT, "a\x00b"),
        (FieldKind.NUMBER, "many"),
        (FieldKind.NUMBER, "1.23456"),
        (FieldKind.NUMBER, "1e12"),
        (FieldKind.NUMBER, "NaN"),
        (FieldKind.NUMBER, "Infinity"),
        (FieldKind.DATE, "2026-02-30"),
        (FieldKind.DATE, "1899-12-31"),
        (FieldKind.CHOICE, "green"),
    ],
)
def test_what_cannot_stand_there_is_refused_at_its_input(field, owner, new_phone, kind, sent):
    made, customer = field(kind, choices=["red"]), customer_with("0", new_phone(), owner)

    with pytest.raises(Invalid) as wrong:
        put(customer, owner, **{made.name: sent})

    assert list(wrong.value.errors) == [made.input]
    assert stands(customer) == {}


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_a_needed_field_is_not_left_empty_and_another_is_emptied(field, owner, new_phone, empty):
    needed, free = field(FieldKind.TEXT, is_required=True), field(FieldKind.TEXT)
    customer = customer_with("0", new_phone(), owner)
    put(customer, owner, **{needed.name: "a", free.name: "b"})

    with pytest.raises(Invalid):
        put(customer, owner, **{needed.name: empty, free.name: empty})
    put(customer, owner, **{free.name: empty})

    assert stands(customer) == {needed.name: "a"}


def test_what_is_said_of_a_person_is_written_down_apart(field, owner, new_phone):
    made, customer = field(FieldKind.NUMBER), customer_with("0", new_phone(), owner)
    put(customer, owner, **{made.name: "1.2345"})
    put(customer, owner, **{made.name: "2"})

    written = last_record("fields.set-values")

    assert (written.object_type, written.object_id, written.changes) == ("customer", customer, {})
    assert db.session.get(PersonalValues, written.id).changes == {made.name: ["1.2345", "2"]}


def test_what_stays_the_same_is_not_written_down(field, owner, new_phone):
    made, customer = field(FieldKind.TEXT), customer_with("0", new_phone(), owner)
    put(customer, owner, **{made.name: "a"})
    before = last_record("fields.set-values").id

    assert in_transaction(lambda: operations.set_values("customer", customer, {made.name: "a"}, actor=owner)) is False
    assert last_record("fields.set-values").id == before


def test_a_customer_and_his_own_fields_are_changed_together_or_not_at_all(field, owner, new_phone):
    made, customer = field(FieldKind.NUMBER), customer_with("0", new_phone(), owner)

    def change(name: str, value: str, version: int | None = None) -> int:
        given = {"version": version, "custom": {made.name: value}}
        return in_transaction(lambda: change_customer(customer, {"name": name}, actor=owner, **given).version)

    version = change("Ann", "1")
    assert change("Ann", "2", version) == version + 1  # the form that somebody else has open is stale now
    with pytest.raises(Stale):
        change("Bob", "3", version)
    with pytest.raises(Invalid):
        change("Bob", "no number")
    assert stands(customer) == {made.name: 2}


def test_a_new_customer_brings_his_fields_along(field, owner, new_phone):
    made = field(FieldKind.DATE, is_required=True)
    person = {"phone": new_phone(), "name": "Ann"}

    with pytest.raises(Invalid):
        in_transaction(lambda: create_customer(person, store_id=1, actor=owner, custom={made.name: None}))
    new = in_transaction(lambda: create_customer(person, store_id=1, actor=owner, custom={made.name: "2026-01-31"}).id)

    assert stands(new) == {made.name: date(2026, 1, 31)}


def test_a_retired_field_is_gone_with_its_values_kept_and_comes_back_with_them(field, owner, new_phone):
    made, customer = field(FieldKind.TEXT), customer_with("0", new_phone(), owner)
    put(customer, owner, **{made.name: "a"})

    in_transaction(lambda: operations.retire_field(made.id, actor=owner))

    assert stands(customer) == {}
    assert made.id not in {each.id for each in fields_of("customer")}
    with pytest.raises(Invalid):
        put(customer, owner, **{made.name: "b"})
    in_transaction(lambda: operations.restore_field(made.id, actor=owner))
    assert stands(customer) == {made.name: "a"}


def test_a_choice_that_is_offered_no_longer_stays_where_it_stands(field, owner, new_phone):
    made, customer = field(FieldKind.CHOICE, choices=["red"]), customer_with("0", new_phone(), owner)
    put(customer, owner, **{made.name: "red"})
    in_transaction(lambda: operations.change_field(made.id, plainly(choices=["blue"]), actor=owner))

    put(customer, owner, **{made.name: "red"})

    assert stands(customer) == {made.name: "red"}
    with pytest.raises(Invalid):
        put(customer_with("0", new_phone(), owner), owner, **{made.name: "red"})


def test_what_is_looked_for_is_found(field, owner, new_phone):
    texts, numbers = field(FieldKind.TEXT), field(FieldKind.NUMBER)
    days, choices = field(FieldKind.DATE), field(FieldKind.CHOICE, choices=["red", "blue"])
    people = [customer_with("0", new_phone(), owner) for _ in range(3)]
    rows = [
        ("甲-1", "-2.5", "2026-01-01", "red"),
        ("甲-2", "3", "2026-01-02", "blue"),
        ("乙-3", "10", "2026-01-03", "red"),
    ]
    for person, row in zip(people, rows, strict=True):
        put(person, owner, **dict(zip([each.name for each in (texts, numbers, days, choices)], row, strict=True)))

    def found(each: Wanted) -> list[int]:
        return [people.index(number) for number in sorted(db.session.scalars(each.ids()))]

    assert found(Wanted(texts, "甲")) == [0, 1]
    assert found(Wanted(texts, "甲-2")) == [1]
    assert found(Wanted(numbers, Decimal("-2.5"), Decimal(3))) == [0, 1]
    assert found(Wanted(numbers, None, Decimal("2.9999"))) == [0]
    assert found(Wanted(days, date(2026, 1, 2), None)) == [1, 2]
    assert found(Wanted(choices, "red")) == [0, 2]


def test_one_of_two_customers_has_what_either_had_and_keeps_what_is_his(field, owner, new_phone):
    both, one = field(FieldKind.TEXT), field(FieldKind.CHOICE, choices=["red"])
    gone, kept = (customer_with("0", new_phone(), owner) for _ in range(2))
    put(gone, owner, **{both.name: "his", one.name: "red"})
    put(kept, owner, **{both.name: "mine"})
    in_transaction(lambda: operations.change_field(one.id, plainly(choices=["blue"]), actor=owner))

    in_transaction(lambda: merge_customers(gone, kept, reason="the same", actor=owner).id)

    assert stands(kept) == {both.name: "mine", one.name: "red"}
    written = last_record("fields.set-values")
    assert db.session.get(PersonalValues, written.id).changes == {one.name: [None, "red"]}


def test_who_is_erased_leaves_nothing_in_any_field(field, owner, new_phone):
    made, old, customer = field(FieldKind.TEXT), field(FieldKind.TEXT), customer_with("0", new_phone(), owner)
    put(customer, owner, **{made.name: "a", old.name: "b"})
    in_transaction(lambda: operations.retire_field(old.id, actor=owner))
    in_transaction(lambda: delete_customer(customer, reason="asked for", actor=owner))

    in_transaction(lambda: erase_person(customer, reason="asked for", actor=owner))

    left = select(func.count()).where(CustomValue.subject_id == customer)
    assert db.session.scalar(left) == 0
    told = select(PersonalValues.changes).where(PersonalValues.object_id == customer)
    assert set(db.session.scalars(told.where(PersonalValues.object_type == "customer"))) == {None}
