"""What a field may be, what of it may be changed, and which stock fields may be hidden."""

import pytest

from app.core.db import in_transaction
from app.core.errors import Invalid, NotFound, Refused, Stale
from app.extensions import db
from app.fields import operations, queries
from app.fields.models import FieldKind
from app.fields.queries import fields_of, hidden_of
from app.fields.refusals import FieldNameTaken, TooManyFields
from tests.fields.desk import last_record, plainly


def test_a_name_is_taken_for_ever(field, owner):
    made = field(FieldKind.TEXT)
    in_transaction(lambda: operations.retire_field(made.id, actor=owner))

    with pytest.raises(FieldNameTaken):
        field(FieldKind.DATE, name=made.name)


def test_a_name_is_made_of_the_label(owner, app):
    def made(**labels) -> str:
        given = {"labels": labels, "position": 1}
        number = in_transaction(lambda: operations.define_field("customer", FieldKind.TEXT, given, actor=owner))
        return queries.get(number).name

    names = [made(en="Bank branch"), made(en="Bank branch"), made(zh="开户行"), made(zh="年级"), made(en="Day from")]

    assert names == ["bank_branch", "bank_branch_2", "field", "field_2", "field_3"]


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"labels": {}}, "label_en"),
        ({"labels": {"zh": "长" * 61}}, "label_zh"),
        ({"name": "Meter"}, "name"),
        ({"name": "meter_from"}, "name"),
        ({"position": None}, "position"),
        ({"position": 1000}, "position"),
        ({"choices": []}, "choices"),
        ({"choices": [str(n) for n in range(101)]}, "choices"),
    ],
)
def test_what_cannot_be_a_field_is_told_where(app, owner, wrong, at):
    given = {**plainly(choices=["a"]), **wrong}

    with pytest.raises(Invalid) as told:
        in_transaction(lambda: operations.define_field("customer", FieldKind.CHOICE, given, actor=owner))

    assert list(told.value.errors) == [at]


def test_a_field_is_called_in_the_language_that_is_nearest(field):
    made = field(FieldKind.TEXT, labels={"zh": "电表", "en": "Meter"})

    assert [made.label(each) for each in ("en", "zh", "zh_Hant_TW")] == ["Meter", "电表", "电表"]


def test_a_field_is_changed_but_for_its_name_and_kind(field, owner):
    made = field(FieldKind.CHOICE, choices=["red"])
    change = plainly("Colour", choices=["blue", "blue", " "], is_listed=True, name="other")

    in_transaction(lambda: operations.change_field(made.id, change, actor=owner, version=1))

    db.session.rollback()
    now = next(each for each in fields_of("customer") if each.id == made.id)
    assert (now.name, now.kind, now.choices, now.is_listed) == (made.name, FieldKind.CHOICE, ("blue",), True)
    assert last_record("fields.change-field").changes["choices"] == ["red", "blue"]
    with pytest.raises(Stale):
        in_transaction(lambda: operations.change_field(made.id, change, actor=owner, version=1))


def test_there_are_not_more_fields_than_pages_can_carry(field, owner, monkeypatch):
    monkeypatch.setattr(operations, "MOST_FIELDS", 2)
    first = field(FieldKind.TEXT)
    field(FieldKind.TEXT)

    with pytest.raises(TooManyFields):
        field(FieldKind.TEXT)
    in_transaction(lambda: operations.retire_field(first.id, actor=owner))
    field(FieldKind.TEXT)
    with pytest.raises(Refused):
        in_transaction(lambda: operations.restore_field(first.id, actor=owner))


def test_only_what_can_be_done_without_is_hidden(app, owner):
    with pytest.raises(Invalid):
        in_transaction(lambda: operations.hide_stock_fields("customer", {"phone"}, actor=owner))
    with pytest.raises(NotFound):
        in_transaction(lambda: operations.hide_stock_fields("spaceship", (), actor=owner))
    in_transaction(lambda: operations.hide_stock_fields("customer", {"gender", "email"}, actor=owner))
    in_transaction(lambda: operations.hide_stock_fields("customer", {"gender"}, actor=owner))

    db.session.rollback()
    assert hidden_of("customer") == {"gender"}
    assert last_record("fields.hide").changes == {"email": [False, True]}
