"""What stands around every call: who may, in which form, in which language, and how no is said."""

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask_babel import force_locale, gettext

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.ledger.refusals import InsufficientBalance
from app.staff.operations import change_staff
from app.ui.api import problems
from app.ui.api.edge import ANYBODY, ROOT, calls_of
from app.ui.formats import refusal_text
from tests.customers.desk import PROBLEM, Desk, new_key, refused, wrong_field
from tests.customers.test_api_money import CALLS, body_of
from tests.staff.people import PASSWORD, SYSTEM, browser_of, make, new_name

JSON = "application/json"


@pytest.fixture
def path(still, moved) -> Iterator[str]:
    """The address under which a customer with 5.00 would consume, if he did."""
    yield f"/customers/{still}/consumptions"
    assert not moved()


@pytest.fixture
def open_path(new_customer) -> str:
    """The same of a customer who does."""
    return f"/customers/{new_customer('5')}/consumptions"


def send(desk: Desk, path: str, data: bytes | str, content_type: str | None = JSON, **headers: str):
    given = {"Idempotency-Key": new_key(), **headers}
    return desk("POST", path, None, given, data=data, content_type=content_type)


def test_nobody_is_let_in_without_a_token(house):
    client = house.test_client()
    for call in calls_of(house):
        if call.grant is ANYBODY:
            continue
        address = ROOT + call.rule.replace("<id:", "").split(">")[0] if "<id:" not in call.rule else None
        address = address or ROOT + "/".join("1" if "<id:" in part else part for part in call.rule.split("/"))
        answer = client.open(address, method=call.method, json={} if call.body else None)
        refused(answer, 401, "not-signed-in")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_what_a_browser_holds_opens_nothing_here(app, house, new_customer):
    customer_id = new_customer("5")
    browser = browser_of(app, make(ORDINARY_ADMIN))
    assert browser.get("/counter").status_code == 200
    for method, path in (("GET", "/customers"), ("GET", "/session"), ("POST", f"/customers/{customer_id}/recharges")):
        sent = browser.open(f"/api/v1{path}", method=method, json=body_of("recharges") if method == "POST" else None)
        refused(sent, 401, "not-signed-in")
    secret = browser.get_cookie("session").value
    for token in (secret, f"{secret}", "x" * 4000, "=", "null", "a=b"):
        answer = house.test_client().get("/api/v1/customers", headers={"Authorization": f"Bearer {token}"})
        refused(answer, 401, "not-signed-in")


def test_a_token_ends_with_its_session_and_with_its_owners_right(house, app):
    leaver, mover = (Desk(house, ORDINARY_ADMIN, store_ids=[1]) for _ in range(2))
    assert leaver.get("/session").json["role"] == ORDINARY_ADMIN
    assert leaver("DELETE", "/session").status_code == 204
    refused(leaver.get("/customers"), 401, "not-signed-in")
    in_transaction(lambda: change_staff(mover.id, is_active=False, actor=SYSTEM))
    refused(mover.get("/customers"), 401, "not-signed-in")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("cashier", {"recharges", "consumptions", "refunds", "customers", "postings", "edit"}),
        ("service-desk", {"consumptions", "refunds", "customers", "postings", "edit"}),
        ("finance", {"customers", "postings"}),
        ("installer", set()),
    ],
)
def test_a_preset_may_what_it_is_for(house, new_customer, new_phone, role, may):
    customer_id = new_customer("5")
    desk = Desk(house, role, store_ids=[1])
    for call in CALLS:
        answer = desk.post(f"/customers/{customer_id}/{call}", body_of(call))
        assert answer.status_code == (201 if call in may else 403), (call, answer.text)
    for path in ("/customers", f"/customers/{customer_id}"):
        assert desk.get(path).status_code == (200 if "customers" in may else 403)
    for path in ("/postings", f"/customers/{customer_id}/statement"):
        assert desk.get(path).status_code == (200 if "postings" in may else 403)
    made = desk("POST", "/customers", {"phone": new_phone(), "name": "A"})
    assert made.status_code == (201 if "edit" in may else 403)
    refused(desk.delete(f"/customers/{customer_id}"), 403, "forbidden")


@pytest.mark.parametrize("path", ["/administrators", "/administrators/1", "/operation-records"])
def test_a_clerk_reads_nothing_of_the_owners(till, boss, path):
    refused(till.get(path), 403, "forbidden")
    assert boss.get(path).status_code in (200, 404)


@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 2**63 - 1])
def test_an_administrator_whom_nobody_knows_is_not_found(app, boss, number):
    refused(boss.get(f"/administrators/{number}"), 404, "not-found")


def test_a_right_is_asked_before_anything_is_read(till, boss):
    refused(send(till, "/customers/1/adjustments", "{"), 403, "forbidden")
    refused(till.get("/administrators", limit="x"), 403, "forbidden")
    refused(till("DELETE", f"/customers/{2**62}"), 403, "forbidden")


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{", b"null", b"[]", b"5", b'"x"', b"true", b"{'amount': '1'}", b'{"amount": "1",}', b"\xff\xfe",
        b'\xef\xbb\xbf{"amount": "1"}', b'{"amount": "1"} x', b'{"amount": "1", "amount": "2"}', b"amount=1",
        '{"amount": "1"}'.encode("utf-16"), b'{"amount": "1", "note": "\x00"}', b"\x00", b"<a/>",
    ],
)  # fmt: skip
def test_what_is_not_one_json_object_is_malformed(till, path, data):
    assert "errors" in refused(send(till, path, data), 400, "invalid")


@pytest.mark.parametrize("depth", [50, 900, 3000, 60_000])
@pytest.mark.parametrize("shape", [("[", "]"), ('{"a":', "}")])
def test_a_body_as_deep_as_a_well_is_refused(till, path, depth, shape):
    opens, closes = shape
    nested = opens * depth + "1" + closes * depth
    answer = send(till, path, f'{{"amount": "1", "note": {nested}}}')
    assert answer.status_code in (400, 413)
    assert answer.mimetype == PROBLEM


@pytest.mark.parametrize("note", ["\\u0000", "\\ud800", "\\udfff\\ud800", "a\\u0000b"])
@pytest.mark.parametrize("where", ['{{"amount": "1", "note": "{}"}}', '{{"amount": "1", "{}": 1}}', '{{"{}": []}}'])
def test_signs_that_no_database_keeps_are_refused(till, path, where, note):
    refused(send(till, path, where.format(note)), 400, "invalid")


def test_pairs_of_surrogates_and_every_script_are_kept(till, open_path):
    note = "𠮷野家 🧧 ﷽ \u202e שלום \u0301\n\t"
    taken = send(till, open_path, json.dumps({"amount": "1", "store": "main", "note": note}))
    assert taken.status_code == 201
    assert taken.json["posting"]["note"] == note.strip()


def test_a_body_that_is_too_large_is_refused(till, path):
    refused(send(till, path, json.dumps({"amount": "1", "note": "n" * 300_000})), 413, "too-large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml"])
def test_a_body_that_says_it_is_something_else_is_refused(till, path, kind):
    refused(send(till, path, '{"amount": "1"}', kind), 415, "not-json")


@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "application/vnd.api+json", None])
def test_json_is_taken_by_every_name(till, open_path, kind):
    assert send(till, open_path, '{"amount": "1", "store": "main"}', kind).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/customers", {"GET", "HEAD", "POST"}),
        ("OPTIONS", "/customers", {"GET", "HEAD", "POST"}),
        ("DELETE", "/customers", {"GET", "HEAD", "POST"}),
        ("POST", "/customers/1", {"GET", "HEAD", "PATCH", "DELETE"}),
        ("PUT", "/customers/1", {"GET", "HEAD", "PATCH", "DELETE"}),
        ("GET", "/customers/1/recharges", {"POST"}),
        ("HEAD", "/customers/1/recharges", {"POST"}),
        ("PATCH", "/postings/1", {"GET", "HEAD"}),
        ("DELETE", "/postings/1", {"GET", "HEAD"}),
        ("GET", "/postings/1/reversal", {"POST"}),
        ("POST", "/postings", {"GET", "HEAD"}),
    ],
)
def test_another_method_is_answered_with_those_there_are(till, method, path, allowed):
    answer = till(method, path)
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_head_is_get_without_its_body(till, new_customer):
    for path in ("/customers", f"/customers/{new_customer()}", "/postings"):
        head, whole = till("HEAD", path), till.get(path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers.get("ETag") == whole.headers.get("ETag")
        assert head.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/customers/", "/customers/1/", "/customers/1/recharges/1",
    "//customers", "/Customers", "/customers/../stores", "/customers%00", "/customers;x=1",
    "/security/login", "/menu/", "/_openapi", "/%ff", "/swagger", "/users/", "/totals/"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_unknown_path_is_a_problem(till, method, path):
    refused(till(method, path), 404, "not-found")


def test_the_framework_has_no_way_in_of_its_own(house):
    client = house.test_client()
    for path in ("/api/v1/security/login", "/api/v1/security/refresh", "/api/v1/menu/", "/logout/"):
        assert client.get(path).status_code in (302, 404, 405)
        assert client.post(path, json={"username": "owner", "password": "x"}).status_code in (302, 400, 404, 405)
    refused(client.post("/api/v1/security/login", json={}), 404, "not-found")


@pytest.mark.parametrize(
    ("given", "locale"),
    [
        ("zh", "zh"), ("zh-CN", "zh"), ("zh-Hans;q=0.9, en;q=0.1", "zh"), ("zh-TW", "zh_Hant_TW"),
        ("zh-Hant", "zh_Hant_TW"), ("fr, zh-HK", "zh_Hant_TW"), ("en", "en"), ("zh;q=0, en", "en"),
    ],
)  # fmt: skip
def test_details_speak_the_callers_language(app, till, path, given, locale):
    sent = {"Accept-Language": given}
    with app.test_request_context(), force_locale(locale):
        malformed, absent = gettext(problems.INVALID.detail), gettext(problems.NOT_FOUND.detail)
        money = {"available": Decimal("5.00"), "needed": Decimal("99.00")}
        short, field = refusal_text(InsufficientBalance(**money)), gettext("This is needed.")
    answer = send(till, path, "{}", **sent)
    assert (answer.json["detail"], answer.json["errors"]) == (malformed, {"amount": [field]})
    assert till("GET", "/nothing", None, sent).json["detail"] == absent
    key = new_key()
    for _ in range(2):
        refusal = send(till, path, '{"amount": "99", "store": "main"}', **{**sent, "Idempotency-Key": key})
        assert refusal.json["detail"] == short


@pytest.mark.parametrize("given", ["en", "en-GB", "fr", "", "*", "x" * 3000, ";;;q=", "en;q=nan"])
def test_details_are_english_otherwise(till, given):
    answer = till("GET", "/customers/99999999999", None, {"Accept-Language": given})
    assert answer.json["detail"].isascii()
    assert "Accept-Language" in answer.headers["Vary"]


def test_too_many_tries_are_told_alike_for_known_and_unknown_names(house):
    known, client = new_name(), house.test_client()
    with house.app_context():
        make(ORDINARY_ADMIN, name=known, store_ids=[1])
    for number, name in enumerate((known, new_name())):
        given = {"environ_overrides": {"REMOTE_ADDR": f"192.0.2.{number + 1}"}}
        bodies = [
            client.post("/api/v1/session", json={"username": name, "password": "x" * 9}, **given) for _ in range(10)
        ]
        assert [answer.json["code"] for answer in bodies] == ["wrong-credentials"] * 10
        answer = client.post("/api/v1/session", json={"username": name, "password": PASSWORD}, **given)
        refused(answer, 429, "too-many-tries")
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("body", [{}, {"username": "a"}, {"username": 1, "password": "x"},
    {"username": "a", "password": None}, {"username": "a\x00", "password": "x"},
    {"username": "a", "password": "x", "store": "main"}, {"username": "a", "password": ["x"]}])  # fmt: skip
def test_a_malformed_sign_in_is_400(house, body):
    assert refused(house.test_client().post("/api/v1/session", json=body), 400, "invalid")["errors"]


def test_an_unknown_parameter_of_a_write_moves_nothing(till, path):
    wrong_field(send(till, f"{path}?dry_run=true", '{"amount": "1", "store": "main"}'), "dry_run")
