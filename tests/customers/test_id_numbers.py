"""ID numbers: sealed wherever they are kept, masked wherever they are shown, revealed one at a time and recorded."""

import csv
import io

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import Forbidden, Invalid
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.core.sealed import HIDDEN, mask, new_key, seal
from app.customers import listing
from app.customers.merges.operations import merge_customers
from app.customers.models import Customer
from app.customers.operations import (
    change_customer,
    create_customer,
    delete_customer,
    erase_customer,
    reveal_id_number,
)
from app.customers.takeover import flow, operations, report
from app.customers.takeover.layout import Layout
from app.extensions import db
from tests.counter.desk import opened
from tests.customers.desk import refused
from tests.customers.sealing import everything, keys_of, new_number
from tests.staff.people import browser_of, form_token, make


@pytest.fixture(scope="module")
def desks(house):
    """The browsers of an owner and of a clerk."""
    with house.app_context():
        return browser_of(house, make(SUPER_ADMIN)), browser_of(house, make(ORDINARY_ADMIN, store_ids=[1]))


@pytest.fixture
def number() -> str:
    return new_number()


@pytest.fixture
def customer_of(app, owner, new_phone):
    """Call it for the id of a new customer who has that ID number."""

    def made(number: str | None) -> int:
        values = {"phone": new_phone(), "name": "Li Lei", "id_number": number}
        return in_transaction(lambda: create_customer(values, store_id=1, actor=owner).id)

    return made


def kept(customer_id: int) -> Customer:
    db.session.rollback()
    return db.session.get(Customer, customer_id)


def change(customer_id: int, actor, **values) -> None:
    in_transaction(lambda: change_customer(customer_id, values, actor=actor))


def last_record(operation: str) -> OperationRecord:
    db.session.rollback()
    ask = select(OperationRecord).where(OperationRecord.operation == operation).order_by(OperationRecord.id.desc())
    return db.session.scalars(ask.limit(1)).one()


def post(browser, path: str, **fields: str):
    return browser.post(path, data={"csrf_token": form_token(browser, "/profile"), **fields})


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


def test_it_is_revealed_to_who_may_and_that_is_recorded(desks, customer_of, number):
    made = customer_of(number)
    owner, _clerk = desks
    assert f"/customers/{made}/id-number" in owner.get(f"/counter?customer={made}").text
    answer = post(owner, f"/customers/{made}/id-number")
    assert (answer.status_code, number in answer.text) == (200, True)
    assert answer.headers["Cache-Control"] == "no-store"
    record = last_record("customers.reveal")
    assert (record.object_type, record.object_id) == ("customer", made)
    assert record.changes == {"revealed": [None, "id_number"]}
    assert number not in everything()


def test_it_is_not_revealed_to_a_clerk(app, desks, clerk, customer_of, number):
    made = customer_of(number)
    _owner, browser = desks
    assert "id-number" not in browser.get(f"/counter?customer={made}").text
    answer = post(browser, f"/customers/{made}/id-number")
    assert (answer.status_code, number in answer.text) == (403, False)
    with pytest.raises(Forbidden):
        in_transaction(lambda: reveal_id_number(made, actor=clerk))
    assert app.test_client().get(f"/customers/{made}/id-number").status_code == 405


def test_nobody_without_a_number_is_revealed(desks, customer_of):
    owner, _clerk = desks
    assert post(owner, f"/customers/{customer_of(None)}/id-number").status_code == 404
    assert post(owner, f"/customers/{2**62}/id-number").status_code == 404


def test_a_customer_is_found_by_the_whole_number_and_no_address_holds_it(desks, customer_of, number):
    made = customer_of(number)
    owner, _clerk = desks
    answer = post(owner, "/customers/id-number", id_number=f" {number.lower()} ")
    assert (answer.status_code, number in answer.location) == (302, False)
    page = owner.get(answer.location)
    assert page.status_code == 200, page.text
    assert f"/{made}" in page.text or f"customer={made}" in page.text
    assert kept(made).customer_no in page.text
    assert number not in page.text
    assert HIDDEN in page.text
    nobody = owner.get(post(owner, "/customers/id-number", id_number=number[:-1] + "7").location)
    assert kept(made).customer_no not in nobody.text


def test_one_who_may_not_see_numbers_may_not_look_for_them(app, desks, clerk, customer_of, number):
    customer_of(number)
    _owner, browser = desks
    assert "Find by ID number" not in browser.get("/customers/list/").text
    assert post(browser, "/customers/id-number", id_number=number).status_code == 403
    assert browser.get("/customers/list/", query_string={"id_number": seal(number)}).status_code == 403
    with pytest.raises(Forbidden):
        listing.find({"id_number": seal(number)}, actor=clerk)


def test_a_token_that_is_none_cannot_be_looked_for(desks):
    owner, _clerk = desks
    assert owner.get("/customers/list/?id_number=11010519491231002X").status_code == 400
    assert post(owner, "/customers/id-number", id_number="").status_code == 302


def test_a_file_of_the_list_has_it_masked_and_its_record_does_not_tell_it(desks, customer_of, number):
    customer_of(number)
    owner, _clerk = desks
    answer = post(owner, "/customers/export", format="csv", id_number=seal(number))
    head, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert [row[head.index("ID number")] for row in rows] == [mask(number)]
    assert last_record("customers.export").personal.changes == {"id_number": [None, HIDDEN]}


@pytest.fixture
def listed(tmp_path, new_phone, number):
    """A list whose second row has an ID number that is too long, and their numbers."""
    numbers = [number, "8" * 33]
    path = tmp_path / "list.csv"
    rows = "".join(f"{new_phone()},Li Lei,10,{each}\n" for each in numbers)
    path.write_text(f"手机,姓名,余额,身份证号\n{rows}", encoding="utf-8")
    return path, numbers


def begun(path, owner) -> tuple[int, Layout]:
    layout, height = flow.look(path)
    given = {"store_id": 1, "upload": None, "layout": layout.as_json(), "rows_total": height}
    return in_transaction(lambda: operations.begin(path.name, **given, actor=owner)), layout


def test_no_table_holds_a_number_of_a_list_that_is_taken_over(app, owner, listed, tmp_path):
    app.config["UPLOAD_DIR"] = str(tmp_path / "uploads")
    path, (number, wrong) = listed
    import_id, layout = begun(path, owner)
    assert number not in everything()
    flow.check(import_id, path, layout, actor=owner)
    found = everything()
    assert (number in found, wrong[:20] in found) == (False, False)
    complaints = list(report.complaints(operations.queries.refused_rows(import_id)))
    assert [(each.field, wrong[:20] in each.found) for each in complaints] == [("ID number", False)]
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]), "utf-8")
    flow.check(import_id, path, layout, actor=owner)
    flow.take_over(import_id, 1, actor=owner)
    made = listing.find({"id_number": seal(number)}, actor=owner).rows
    assert [each.id_number for each in made] == [number]
    assert number not in everything()


def test_an_example_of_a_column_that_nobody_knew_is_masked(app, tmp_path, number):
    path = tmp_path / "list.csv"
    path.write_text(f"手机,姓名,某某\n13800138000,Li Lei,{number}\n", encoding="utf-8")
    layout, _height = flow.look(path)
    assert number not in str(layout.as_json())


def test_pages_open_though_a_number_cannot_be_read(app, desks, customer_of, owner, number):
    made, other = customer_of(number), customer_of(None)
    browser, clerk = desks
    with keys_of(app, new_key()):
        assert "unreadable" in clerk.get(f"/counter?customer={made}").text
        assert browser.get("/customers/list/").status_code == 200
        assert "unreadable" in browser.get(f"/customers/{made}/merge?into={other}").text
        answer = post(browser, f"/customers/{made}/id-number")
        assert (answer.status_code, "FIELD_KEYS" in answer.text) == (409, True)
        export = post(browser, "/customers/export", format="csv", phone=kept(made).phone)
        assert "unreadable" in export.get_data().decode("utf-8-sig")
        change(made, owner, name="Han Mei", id_number=HIDDEN)
    assert (kept(made).name, kept(made).id_number) == ("Han Mei", number)


def test_programs_are_told_though_a_number_cannot_be_read(app, till, new_customer, number):
    made = new_customer(id_number=number)
    with keys_of(app, new_key()):
        assert till.customer(made)["id_number"] == HIDDEN
        assert till.patch(f"/customers/{made}", {"address": "Lane 2"}).status_code == 200
        other = new_number()
        assert till.patch(f"/customers/{made}", {"id_number": other}).status_code == 200
        assert kept(made).id_number == other


def test_no_call_of_programs_looks_for_numbers(boss, number):
    refused(boss.get("/customers", id_number=number), 400, "malformed")
