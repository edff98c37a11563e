"""Fields in a browser: the owner's page, the counter, the customer list and its file."""

import csv
import io

import pytest

from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers import queries as customers
from app.customers.operations import change_customer
from app.extensions import db
from app.fields import operations, queries
from app.fields.models import FieldKind
from app.fields.queries import fields_of, hidden_of, values_of
from tests.counter.desk import customer_with, opened
from tests.fields.desk import plainly
from tests.staff.people import browser_of, form_token, make

LIST = "/customers/list/"


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def till(app):
    return browser_of(app, make(store_ids=[1]))


@pytest.fixture
def person(owner, new_phone):
    """Call it with what stands in the fields of a new customer."""

    def made(name: str = "Ann", **custom: object) -> int:
        customer = customer_with("0.00", new_phone(), owner, name)
        in_transaction(lambda: change_customer(customer, {}, custom=custom, actor=owner))
        db.session.rollback()
        return customer

    return made


def send(browser, path, **fields):
    return browser.post(path, data={"csrf_token": form_token(browser, "/profile"), **fields})


def file_of(browser, **filters) -> list[list[str]]:
    answer = send(browser, "/customers/export", format="csv", **filters)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def phone_of(customer: int) -> str:
    db.session.rollback()
    return str(customers.get(customer).phone)


def profile(browser, customer: int, **typed: str):
    form = opened(browser, customer, "profile")
    given = {**form, "phone": phone_of(customer), "name": "Ann", "type": "personal", **typed}
    return browser.post(f"/counter/{customer}/profile", data=given)


def stands(customer: int) -> dict:
    db.session.rollback()
    return values_of("customer", [customer])[customer]


def test_the_owner_defines_changes_retires_and_restores_a_field(boss):
    answer = send(boss, "/custom-fields/new?subject=customer", label_en="Bank", kind="text", position="3")
    assert answer.location == "/custom-fields"
    db.session.rollback()
    made = fields_of("customer")[0]
    assert "Bank" in boss.get("/custom-fields").text
    assert 'value="Bank"' in boss.get(f"/custom-fields/{made.id}").text

    changed = {"label_en": "Bank branch", "label_zh": "开户行", "position": "4", "is_listed": "y", "version": "1"}
    assert send(boss, f"/custom-fields/{made.id}", **changed).status_code == 302
    assert send(boss, f"/custom-fields/{made.id}", **changed).status_code == 412
    send(boss, f"/custom-fields/{made.id}/retire")
    assert "Show again" in boss.get("/custom-fields").text
    send(boss, f"/custom-fields/{made.id}/restore")

    db.session.rollback()
    now = fields_of("customer")[0]
    assert (now.name, now.labels, now.position, now.is_listed) == (
        made.name,
        {"en": "Bank branch", "zh": "开户行"},
        4,
        True,
    )


def test_what_cannot_be_a_field_is_told_at_its_input(boss, field):
    taken = field(FieldKind.TEXT)
    where = "/custom-fields/new?subject=customer"

    assert send(boss, where, kind="text", position="1").status_code == 400
    assert "Write at least one choice." in send(boss, where, label_en="A", kind="choice", position="1").text
    assert send(boss, where, label_en="A", name=taken.name, kind="text", position="1").status_code == 409
    assert send(boss, where, label_en="A", kind="colour", position="1").status_code == 400
    assert (
        send(boss, "/custom-fields/new?subject=spaceship", label_en="A", kind="text", position="1").status_code == 404
    )
    assert boss.get("/custom-fields/999999").status_code == 404
    assert boss.get("/custom-fields/99999999999999").status_code == 404


def test_a_field_is_filled_at_the_counter_and_read_there(till, field, person):
    text, number = field(FieldKind.TEXT, "Bank"), field(FieldKind.NUMBER, "Limit")
    chosen = field(FieldKind.CHOICE, "Colour", choices=["red", "blue"])
    customer = person()

    typed = {text.input: " ICBC ", number.input: "1,000.50", chosen.input: "blue"}
    assert profile(till, customer, **typed).status_code == 302

    assert stands(customer) == {text.name: "ICBC", number.name: 1000.5, chosen.name: "blue"}
    page = till.get(f"/counter?customer={customer}").text
    assert "<dt>Bank</dt><dd>ICBC</dd>" in page
    assert 'value="1000.5"' in page
    assert '<option selected value="blue">' in page
    assert profile(till, customer, **{text.input: "", number.input: "", chosen.input: ""}).status_code == 302
    assert stands(customer) == {}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(FieldKind.NUMBER, "many"), (FieldKind.NUMBER, "1.23456"), (FieldKind.DATE, "soon"), (FieldKind.CHOICE, "green")],
)
def test_what_cannot_stand_there_comes_back_as_it_was_typed(till, field, person, kind, typed):
    made, customer = field(kind, choices=["red"]), person()

    answer = profile(till, customer, **{made.input: typed})

    assert answer.status_code == 400
    assert "field-error" in answer.text
    assert stands(customer) == {}


def test_a_needed_field_is_asked_of_a_new_customer(till, field, new_phone):
    made = field(FieldKind.DATE, "Since when", is_required=True)
    new = {"phone": new_phone(), "name": "Ann", "type": "personal"}
    assert "Since when" in till.get("/counter/new").text

    assert send(till, "/counter/new", **new).status_code == 400
    answer = send(till, "/counter/new", **new, **{made.input: "2026-03-04"})

    customer = int(answer.location.split("=")[1])
    assert f"{stands(customer)[made.name]}" == "2026-03-04"


def test_a_choice_that_is_offered_no_longer_may_stay(till, field, person, owner):
    made = field(FieldKind.CHOICE, choices=["red"])
    customer = person(**{made.name: "red"})
    in_transaction(lambda: operations.change_field(made.id, plainly(choices=["blue"]), actor=owner))

    assert profile(till, customer, **{made.input: "red"}).status_code == 302
    assert stands(customer) == {made.name: "red"}


def test_a_stale_form_shows_what_stands_there_now(till, field, person, owner):
    made = field(FieldKind.TEXT)
    customer = person(**{made.name: "old"})
    form = opened(till, customer, "profile")
    in_transaction(lambda: change_customer(customer, {}, custom={made.name: "meanwhile"}, actor=owner))

    answer = till.post(f"/counter/{customer}/profile", data={**form, "phone": "1", "name": "A", made.input: "mine"})

    assert answer.status_code == 412
    assert "Now: meanwhile" in answer.text


def test_the_list_shows_and_finds_what_stands_there(till, field, person):
    text = field(FieldKind.TEXT, "Bank", is_listed=True)
    number, day = field(FieldKind.NUMBER, "Limit"), field(FieldKind.DATE, "Until")
    chosen = field(FieldKind.CHOICE, "Colour", choices=["red", "blue"])
    rows = [
        ("ICBC 1", "5", "2026-01-01", "red"),
        ("ICBC 2", "7.5", "2026-02-01", "blue"),
        ("BOC", "9", "2026-03-01", "red"),
    ]
    names = [each.name for each in (text, number, day, chosen)]
    for at, row in enumerate(rows):
        person(f"Finder{at}", **dict(zip(names, row, strict=True)))

    def found(**asked: str) -> list[str]:
        page = till.get(LIST, query_string=asked)
        assert page.status_code == 200
        return [f"Finder{at}" for at in range(3) if f"Finder{at}" in page.text]

    assert found(**{text.input: "ICBC"}) == ["Finder0", "Finder1"]
    assert found(**{f"{number.input}_from": "6", f"{number.input}_to": "8"}) == ["Finder1"]
    assert found(**{f"{day.input}_from": "2026-02-01"}) == ["Finder1", "Finder2"]
    assert found(**{chosen.input: "red", text.input: "B"}) == ["Finder2"]
    assert found(**{chosen.input: "red", "name": "der0", "order": "name"}) == ["Finder0"]
    page = till.get(LIST, query_string={text.input: "ICBC 2", "filters": "open"}).text
    assert "Bank begins with: ICBC 2" in page
    assert '<td data-label="Bank"' in page
    assert 'data-label="Limit"' not in page


@pytest.mark.parametrize(
    "asked", [{"_from": "x"}, {"_from": "9", "_to": "1"}, {"": "5"}, {"_from": "NaN"}, {"_to": "1e30"}]
)
def test_what_cannot_be_looked_for_is_refused(till, field, asked):
    made = field(FieldKind.NUMBER)

    answer = till.get(LIST, query_string={f"{made.input}{end}": value for end, value in asked.items()})

    assert answer.status_code == 400


def test_the_file_has_the_fields_and_what_is_looked_for_in_them(boss, field, person):
    text, number = field(FieldKind.TEXT, "Bank"), field(FieldKind.NUMBER, "Limit")
    person("Filed", **{text.name: "=ICBC", number.name: "1.2345"})
    person("Else", **{text.name: "BOC"})

    head, *rows = file_of(boss, **{text.input: "=IC"})

    line = dict(zip(head, rows[0], strict=True))
    assert (len(rows), line["Name"], line["Bank"], line["Limit"]) == (1, "Filed", "'=ICBC", "1.2345")
    assert send(boss, "/customers/export", format="xlsx").status_code == 200


def test_hidden_stock_fields_are_nowhere_and_what_stands_in_them_stays(boss, till, owner, person):
    customer = person()
    secret = {"note": "keep-this-note", "email": "keep@this.mail", "id_number": "11010519491231002X"}
    in_transaction(lambda: change_customer(customer, secret, actor=owner))
    assert "keep-this-note" in till.get(f"/counter?customer={customer}").text

    assert (
        send(boss, "/custom-fields/hidden?subject=customer", hidden=["note", "email", "id_number"]).status_code == 302
    )

    db.session.rollback()
    assert hidden_of("customer") == {"note", "email", "id_number"}
    for browser in (boss, till):
        page = browser.get(f"/counter?customer={customer}").text
        assert "keep-this-note" not in page
        assert "keep@this.mail" not in page
        assert "ID number" not in page
        assert "ID number" not in browser.get(LIST).text
        assert 'name="email"' not in browser.get("/counter/new").text
    assert not {"Remark", "E-mail", "ID number"} & set(file_of(boss)[0])
    assert profile(till, customer, note="stolen", email="").status_code == 302
    send(boss, "/custom-fields/hidden?subject=customer")
    assert "keep-this-note" in till.get(f"/counter?customer={customer}").text
    assert send(boss, "/custom-fields/hidden?subject=customer", hidden="phone").status_code == 400


def test_the_page_of_a_merge_shows_the_fields_of_both_and_no_hidden_one(boss, field, person, owner):
    both, one = field(FieldKind.TEXT, "Bank"), field(FieldKind.TEXT, "Nickname")
    gone, kept = person(**{both.name: "ICBC", one.name: "Bo"}), person(**{both.name: "BOC"})
    in_transaction(lambda: change_customer(gone, {"note": "secret-note", "email": "a@b.cn"}, actor=owner))
    in_transaction(lambda: operations.hide_stock_fields("customer", {"note"}, actor=owner))

    page = boss.get(f"/customers/{gone}/merge?into={kept}").text

    assert "<dt>Bank</dt><dd>ICBC</dd>" in page
    assert "<dt>Bank</dt><dd>BOC</dd>" in page
    assert "filled from the other one: Email, Nickname." in page
    assert "secret-note" not in page


def test_a_clerk_has_no_way_to_the_fields(till, field):
    made = field(FieldKind.TEXT)

    assert till.get("/custom-fields").status_code == 403
    assert send(till, f"/custom-fields/{made.id}/retire").status_code == 403
    assert "/custom-fields" not in till.get("/counter").text
    assert not queries.get(made.id).is_retired
