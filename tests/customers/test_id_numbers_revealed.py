"""ID numbers are revealed one at a time, to those who may. One that cannot be read stops nobody."""

import csv
import io

import pytest

from app.core.db import in_transaction
from app.core.errors import Forbidden
from app.core.sealed import HIDDEN, mask, new_key, seal
from app.customers import listing
from app.customers.operations import (
    reveal_id_number,
)
from tests.customers.sealing import (
    change,
    customer_of,
    desks,
    everything,
    kept,
    keys_of,
    last_record,
    new_number,
    number,
    post,
)

__all__ = ["customer_of", "desks", "number"]


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
    assert f"/customers/{made}/id-number" not in browser.get(f"/counter?customer={made}").text
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
