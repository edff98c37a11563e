"""The owner's own fields of services and work orders: in forms, on pages, in lists, filters and files; and erased."""

import csv
import io
import itertools
import re
from decimal import Decimal

import pytest

from app.broadband.operations.erasing import erase_customer
from app.broadband.subjects import ORDER, SERVICE
from app.core.db import in_transaction
from app.extensions import db
from app.fields.models import FieldKind
from app.fields.operations import define_field, hide_stock_fields, retire_field
from app.fields.queries import values_of
from tests.broadband.ground import basics, running, service_of
from tests.broadband.test_pages import sent
from tests.broadband.work import work_type
from tests.counter.desk import customer_with

_numbers = itertools.count(1)


@pytest.fixture
def fields(owner):
    """The names of a text, a choice and a number for services, and of a text for orders; retired afterwards."""
    made, number = {}, next(_numbers)
    for subject, name, kind, more in (
        (SERVICE, "splitter", FieldKind.TEXT, {}),
        (SERVICE, "medium", FieldKind.CHOICE, {"choices": ["fibre", "copper"], "is_listed": True}),
        (SERVICE, "metres", FieldKind.NUMBER, {}),
        (ORDER, "ladder", FieldKind.TEXT, {"is_listed": True}),
    ):
        said = {"labels": {"en": f"Own {name}"}, "name": f"{name}{number}", "position": 1, **more}
        made[name] = in_transaction(
            lambda subject=subject, kind=kind, said=said: define_field(subject, kind, said, actor=owner)
        )
    db.session.rollback()
    yield {name: f"{name}{number}" for name in made}
    for number in made.values():
        in_transaction(lambda number=number: retire_field(number, actor=owner))
    in_transaction(lambda: hide_stock_fields(SERVICE, (), actor=owner))


def of_service(number):
    """What stands in its fields, by their names without their numbers."""
    db.session.rollback()
    return {name.rstrip("0123456789"): value for name, value in values_of(SERVICE, [number])[number].items()}


def typed_in(fields, **values):
    """The arguments of inputs and filters; _from and _to stand behind two underscores."""
    parts = ((name.partition("__"), value) for name, value in values.items())
    return {f"custom_{fields[name]}{'_' + end if end else ''}": value for (name, _, end), value in parts}


def rows_of(answer):
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_service_is_opened_with_them_and_they_are_changed(app, owner, clerk, fields, new_phone):
    customer, chosen = customer_with("0", new_phone(), owner), basics()
    db.session.rollback()
    typed = {
        "community": chosen["community_id"],
        "business_type": chosen["business_type_id"],
        "package_type": chosen["package_id"],
        "way": "balance",
        **typed_in(fields, splitter="S-17", medium="fibre", metres="12.5"),
    }
    where = f"/broadband/open/{customer}"
    wrong = sent(clerk, where, **{**typed, **typed_in(fields, metres="far")})
    assert wrong.status_code == 400
    answer = sent(clerk, where, **typed)
    number = int(answer.headers["Location"].rpartition("/")[2])
    assert of_service(number) == {"splitter": "S-17", "medium": "fibre", "metres": Decimal("12.5")}
    page = clerk.get(f"/broadband/service/{number}").text
    assert "Own splitter" in page
    assert "S-17" in page
    version = service_of(number).version
    changed = sent(
        clerk, f"/broadband/service/{number}/do/details", **typed_in(fields, splitter="S-18", medium="fibre")
    )
    assert changed.status_code == 302
    assert of_service(number) == {"splitter": "S-18", "medium": "fibre"}
    assert service_of(number).version == version + 1


def test_lists_filter_by_them_and_files_hold_all_of_them(app, owner, boss, fields, new_phone):
    mark = f"S{new_phone()}"
    _customer, near = running(owner, new_phone(), own={fields["splitter"]: f"{mark}-1", fields["metres"]: "5"})
    own = {fields["splitter"]: f"{mark}-2", fields["medium"]: "copper", fields["metres"]: "500"}
    _other, far = running(owner, new_phone(), own=own)
    near_no, far_no = service_of(near).service_no, service_of(far).service_no
    db.session.rollback()
    shown = boss.get("/broadband/services/", query_string=typed_in(fields, splitter=mark)).text
    assert near_no in shown
    assert far_no in shown
    assert "Own medium" in shown
    assert '<th scope="col">Own splitter' not in shown  # it stands in no list, but in files
    only = typed_in(fields, splitter=mark, metres__from="100")
    filtered = boss.get("/broadband/services/", query_string=only).text
    assert far_no in filtered
    assert near_no not in filtered
    turned = boss.get("/broadband/services/", query_string=typed_in(fields, metres__from="9", metres__to="1"))
    assert turned.status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown).group(1)
    sent_with = {"csrf_token": token, "format": "csv"}
    (row,) = rows_of(boss.post("/broadband/services/export", query_string=only, data=sent_with))
    assert (row["Own splitter"], row["Own medium"], row["Own metres"]) == (f"{mark}-2", "copper", "500")


def test_what_the_owner_hides_is_in_no_form_list_or_page_and_stays_as_it_is(
    app,
    owner,
    boss,
    fields,
    new_phone,
):
    _customer, number = running(owner, new_phone(), details={"bound_number": "AA:BB:CC", "access_order_no": "A-1"})
    in_transaction(lambda: hide_stock_fields(SERVICE, {"bound_number", "salesperson"}, actor=owner))
    db.session.rollback()
    where = f"/broadband/service/{number}"
    assert "AA:BB:CC" not in boss.get(where).text
    form = boss.get(f"{where}/do/details").text
    assert 'name="bound_number"' not in form
    assert 'name="salesperson"' not in form
    page = boss.get("/broadband/services/").text
    assert "Bound number" not in page
    assert 'name="bound"' not in page
    assert boss.get("/broadband/services/?bound=AA").status_code == 400 or "AA:BB:CC" not in page
    assert sent(boss, f"{where}/do/details", access_order_no="A-2").status_code == 302
    assert (service_of(number).bound_number, service_of(number).access_order_no) == ("AA:BB:CC", "A-2")


def test_a_work_order_has_them_on_page_paper_and_in_the_list(app, owner, boss, fields, new_phone):
    _customer, number = running(owner, new_phone())
    typed = {"work_kind": "repair", "business_type": work_type(), **typed_in(fields, ladder=f"L{number}")}
    db.session.rollback()
    answer = sent(boss, f"/broadband/work-orders/new/{number}", **typed)
    order = int(answer.headers["Location"].rpartition("/")[2])
    db.session.rollback()
    assert values_of(ORDER, [order])[order] == {fields["ladder"]: f"L{number}"}
    for path in (f"/broadband/work-orders/{order}", f"/broadband/work-orders/{order}/sheet"):
        assert f"L{number}" in boss.get(path).text
    assert f"L{number}" in boss.get("/broadband/work-orders/", query_string=typed_in(fields, ladder=f"L{number}")).text


def test_they_are_erased_with_the_person(app, owner, fields, new_phone):
    customer, number = running(owner, new_phone(), "0", own={fields["splitter"]: "at his sister's"})
    db.session.rollback()
    in_transaction(lambda: erase_customer(customer, actor=owner))
    assert of_service(number) == {}
