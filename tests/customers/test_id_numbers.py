"""ID numbers: sealed wherever they are kept, masked wherever they are shown, revealed one at a time and recorded."""

import pytest
from sqlalchemy import select

from app.core.commands import Command, Request
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.sealed import HIDDEN, mask, seal
from app.core.sealed import mark as marked
from app.customers import listing
from app.customers.merges.operations import merge_customers
from app.customers.newcomers.kind import CUSTOMERS
from app.customers.operations import (
    delete_customer,
    erase_customer,
)
from app.customers.takeover import flow, operations, report
from app.customers.takeover.layout import Layout
from app.extensions import db
from tests.counter.desk import opened
from tests.customers.sealing import change, customer_of, desks, everything, kept, last_record, new_number, number
from tests.staff.people import new_name

__all__ = ["customer_of", "desks", "number"]


def test_no_table_holds_a_number_that_was_created_and_changed(app, customer_of, owner, number):
    made, other = customer_of(number), new_number()
    change(made, owner, id_number=other)
    assert kept(made).id_number == other
    found = everything()
    assert (number in found, other in found) == (False, False)


def test_the_record_says_that_it_changed_and_not_to_what(app, customer_of, owner, number):
    made = customer_of(number)
    assert last_record("customers.create").personal.changes["id_number"] == [None, HIDDEN]
    change(made, owner, id_number=new_number())
    assert last_record("customers.change").personal.changes == {"id_number": [HIDDEN, HIDDEN]}
    change(made, owner, id_number="")
    assert last_record("customers.change").personal.changes == {"id_number": [HIDDEN, None]}
    assert (kept(made).id_number_sealed, kept(made).id_number_mark) == (None, None)


@pytest.mark.parametrize("shown", [True, False])
def test_the_same_number_changes_nothing(app, customer_of, owner, number, shown):
    made = customer_of(number)
    before = kept(made)
    was = (before.version, before.id_number_sealed)
    change(made, owner, id_number=before.id_number_shown if shown else number)
    assert (kept(made).version, kept(made).id_number_sealed) == was


def test_a_mask_is_no_number(app, customer_of, owner, number):
    with pytest.raises(Invalid) as told:
        customer_of(mask(number))
    assert "id_number" in told.value.errors
    made = customer_of(number)
    with pytest.raises(Invalid):
        change(made, owner, id_number=mask(new_number()[:-1] + "0"))
    assert kept(made).id_number == number


def test_an_erased_customer_has_none(app, customer_of, owner, number):
    made = customer_of(number)
    in_transaction(lambda: delete_customer(made, reason="asked", actor=owner))
    assert in_transaction(lambda: erase_customer(made, actor=owner))
    assert not in_transaction(lambda: erase_customer(made, actor=owner))
    assert (kept(made).id_number_sealed, kept(made).id_number_mark) == (None, None)


def test_a_merge_takes_it_along_sealed(app, customer_of, owner, number):
    gone, stays = customer_of(number), customer_of(None)
    in_transaction(lambda: merge_customers(gone, stays, reason="one person", actor=owner))
    assert kept(stays).id_number == number
    assert last_record("customers.merge").personal.changes["id_number"] == [None, HIDDEN]
    assert number not in everything()


def test_programs_get_it_masked_and_may_send_it_back_so(till, new_customer, number):
    made = new_customer(id_number=number)
    shown = till.customer(made)["id_number"]
    assert shown == mask(number)
    same = till.patch(f"/customers/{made}", {"id_number": shown, "address": "Lane 1"})
    assert (same.status_code, same.json["id_number"], same.json["address"]) == (200, shown, "Lane 1")
    assert till.patch(f"/customers/{made}", {"id_number": "12" + "•" * 4}).status_code == 400
    assert kept(made).id_number == number


def test_a_key_keeps_no_hash_that_numbers_could_be_tried_by(app, till, new_phone, number):
    key, given = new_name(), {"phone": new_phone(), "name": "Li Lei", "store": "main", "id_number": number}
    made = till.post("/customers", given, key)
    assert made.status_code == 201, made.text
    assert till.post("/customers", given, key).json["id"] == made.json["id"]
    assert till.post("/customers", {**given, "id_number": new_number()}, key).status_code == 422
    db.session.rollback()
    (kept_hash,) = db.session.scalars(select(Command.request_hash).where(Command.key == key))
    tried = {"call": "create_customer", "path": {}, "body": given}
    assert kept_hash != Request("", "", tried).hash
    assert kept_hash == Request("", "", {**tried, "body": {**given, "id_number": marked(number)}}).hash


def test_the_counter_shows_a_mask_and_keeps_the_number_behind_it(desks, customer_of, number):
    made = customer_of(number)
    for desk in desks:
        page = desk.get(f"/counter?customer={made}").text
        assert (number in page, mask(number) in page) == (False, True)
    _owner, clerk = desks
    sent = opened(clerk, made, "profile")
    typed = {"phone": kept(made).phone, "name": "Han Mei", "type": "personal", "id_number": mask(number)}
    assert clerk.post(f"/counter/{made}/profile", data={**sent, **typed}).status_code == 302
    assert (kept(made).name, kept(made).id_number) == ("Han Mei", number)
    sent = opened(clerk, made, "profile")
    assert clerk.post(f"/counter/{made}/profile", data={**sent, **typed, "id_number": ""}).status_code == 302
    assert kept(made).id_number_sealed is None


def test_a_stale_form_shows_the_present_number_masked(desks, customer_of, owner, number):
    made, other = customer_of(number), new_number()
    _owner, clerk = desks
    sent = opened(clerk, made, "profile")
    change(made, owner, id_number=other)
    typed = {"phone": kept(made).phone, "name": "Li Lei", "type": "personal", "id_number": mask(number)}
    answer = clerk.post(f"/counter/{made}/profile", data={**sent, **typed})
    assert answer.status_code == 412
    assert mask(other) in answer.text
    assert (number in answer.text, other in answer.text) == (False, False)


@pytest.fixture
def listed(tmp_path, new_phone, number):
    """A list whose second row has an ID number that is too long, and their numbers."""
    numbers = [number, "8" * 33]
    path = tmp_path / "list.csv"
    rows = "".join(f"{new_phone()},Li Lei,10,{each}\n" for each in numbers)
    path.write_text(f"手机,姓名,余额,身份证号\n{rows}", encoding="utf-8")
    return path, numbers


def begun(path, owner) -> tuple[int, Layout]:
    layout, height = flow.look(path, CUSTOMERS)
    given = {"store_id": 1, "upload": None, "layout": layout.as_json(), "rows_total": height}
    return in_transaction(lambda: operations.begin(CUSTOMERS, path.name, **given, actor=owner)), layout


def test_no_table_holds_a_number_of_a_list_that_is_taken_over(app, owner, listed, tmp_path):
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")
    path, (number, wrong) = listed
    import_id, layout = begun(path, owner)
    assert number not in everything()
    flow.check(import_id, path, layout, actor=owner)
    found = everything()
    assert (number in found, wrong[:20] in found) == (False, False)
    complaints = list(report.complaints(operations.queries.refused_rows(import_id), CUSTOMERS))
    assert [(each.field, wrong[:20] in each.found) for each in complaints] == [("ID number", False)]
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]), "utf-8")
    flow.check(import_id, path, layout, actor=owner)
    flow.take_over(CUSTOMERS, import_id, 1, actor=owner)
    made = listing.find({"id_number": seal(number)}, actor=owner).rows
    assert [each.id_number for each in made] == [number]
    assert number not in everything()


def test_an_example_of_a_column_that_nobody_knew_is_masked(app, tmp_path, number):
    path = tmp_path / "list.csv"
    path.write_text(f"手机,姓名,某某\n13800138000,Li Lei,{number}\n", encoding="utf-8")
    layout, _height = flow.look(path, CUSTOMERS)
    assert number not in str(layout.as_json())


def test_no_call_of_programs_looks_for_numbers(boss, number):
    assert boss.get("/customers", id_number=number).status_code == 400
