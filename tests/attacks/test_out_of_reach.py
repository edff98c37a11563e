"""What a clerk asks for by its number and may not reach, on every route that takes a number; and fields not his."""

from itertools import product

import pytest
from marshmallow import RAISE

from app.ui.api.edge import calls_of
from tests.attacks.stage import how_much
from tests.customers.desk import new_key
from tests.house.test_access import doors
from tests.staff.people import fetch, form_token

# The customer stands at the counter: his history is seen there, and money is taken, whatever his store.
OF_CUSTOMERS = {"customer_id", "pk"}


def foreign(stage):
    """Every method of every address that takes the number of something, with what is another store's."""
    routes = stage.app.url_map.bind("localhost")
    for (method, endpoint), rule in sorted(doors(stage.app).items(), key=lambda door: str(door[0])):
        names = sorted(rule.arguments)
        if not names or OF_CUSTOMERS & set(names):
            continue
        for row in product(*(stage.foreign.get(name, []) for name in names)):
            yield method, endpoint, routes.build(rule.endpoint, dict(zip(names, row, strict=True)), method)


def test_nothing_of_another_store_is_read_or_changed_by_its_number(stage):
    browser = stage.browser(stage.clerk)
    stage.token(stage.clerk)
    token, before, found = form_token(browser, "/profile"), how_much(), {}
    typed = {"csrf_token": token, "reason": "x", "amount": "1", "way": "out", "place": "petty", "counted": "1"}
    for method, endpoint, path in foreign(stage):
        if path.startswith("/api/v1"):
            sent = {} if method == "GET" else {"json": {"reason": "x"}}
            headers = {"Idempotency-Key": new_key()} if method == "POST" else {}
            answer = stage.call(stage.clerk, method, path.removeprefix("/api/v1"), headers=headers, **sent)
        elif method == "GET":
            answer = browser.get(path, buffered=True)
        else:
            answer = browser.post(path, data=typed | {"key": new_key()}, buffered=True)
        found[method, endpoint, path] = answer.status_code
    refused = {status for name, status in found.items() if "/sessions/" not in name[2]}
    assert {name: status for name, status in found.items() if status not in (403, 404)} == {}
    assert refused == {403, 404}
    assert {name for name in found if found[name] == 404}, "some of it is of a kind that he has a right to"
    assert how_much() == before


@pytest.mark.parametrize(
    "smuggled", ["balance", "bonus", "held", "available", "floor", "id", "version", "role", "deleted_at", "created_by"]
)
def test_no_call_takes_a_field_that_it_does_not_declare(stage, smuggled):
    stage.token(stage.owner)
    before = how_much()
    for call in calls_of(stage.app):
        if call.body is None or smuggled in call.body().fields:
            continue
        assert call.body().unknown == RAISE, call.name
        path = call.rule
        for name, rows in (stage.ids | {"staff_id": [stage.clerk]}).items():
            path = path.replace(f"<id:{name}>", str(rows[0]))
        headers = {"Idempotency-Key": new_key(), "If-Match": "*"}
        answer = stage.call(stage.owner, call.method, path, json={smuggled: "1"}, headers=headers)
        assert answer.status_code == 400, call.name
        assert smuggled in answer.json["errors"], call.name
    assert how_much() == before


@pytest.mark.parametrize(
    ("path", "page", "more"),
    [
        (
            "/profile",
            "/profile",
            {"role": "super-admin", "username": "boss", "is_active": "", "stores": "2", "id": "1"},
        ),
        (
            "/counter/{customer}/profile",
            "/counter?customer={customer}",
            {"balance": "9999", "store_id": "2", "id": "1"},
        ),
    ],
)
def test_a_form_takes_no_field_that_it_does_not_show(stage, path, page, more):
    browser, customer = stage.browser(stage.clerk), stage.ids["customer_id"][0]
    balance = stage.call(stage.owner, "GET", f"/customers/{customer}").json["balance"]
    before = (fetch(stage.clerk).username, [role.name for role in fetch(stage.clerk).roles], fetch(stage.clerk).active)
    shown = page.format(customer=customer)
    sent = {"csrf_token": form_token(browser, shown), "display_name": "x", **more}
    assert browser.post(path.format(customer=customer), data=sent).status_code < 500
    assert stage.call(stage.owner, "GET", f"/customers/{customer}").json["balance"] == balance
    now = (fetch(stage.clerk).username, [role.name for role in fetch(stage.clerk).roles], fetch(stage.clerk).active)
    assert now == before


@pytest.mark.parametrize(
    "query",
    [
        "_flt_0_password=pbkdf2", "_flt_0_password_hash=x", "_oc_AdministratorsView=password", "_flt_0_email=@",
        "psize_AdministratorsView=-1", "psize_AdministratorsView=100000", "page_AdministratorsView=-1",
        "_flt_0_sessions.token_hash=a", "_oc_AdministratorsView=username;drop&_od_AdministratorsView=asc",
    ],
)  # fmt: skip
def test_hidden_columns_are_neither_filtered_nor_sorted_by_nor_read_at_once(stage, query):
    answer = stage.browser(stage.owner).get(f"/administrators/list/?{query}")
    assert answer.status_code == 400 or "_flt_0_email" in query
    for path in ("/administrators/list/", "/operation-records/list/"):
        assert stage.browser(stage.clerk).get(f"{path}?{query}").status_code == 403
