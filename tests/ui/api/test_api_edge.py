"""The walk of a call: who asks, what is asked, how no is said."""

import pytest

PROBLEM = "application/problem+json"


def test_a_call_without_a_token_is_answered_401_with_a_challenge(as_):
    answer = as_(None)("GET", "/toys")
    assert answer.status_code == 401
    assert answer.mimetype == PROBLEM
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json["code"] == "not-signed-in"
    assert {"type", "title", "status", "detail", "code"} <= answer.json.keys()


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer nobody", "Basic bWFrZXI6eA==", "maker", "Bearer " + "x" * 600]
)
def test_a_token_that_nobody_knows_is_answered_401(as_, header):
    assert as_(None)("GET", "/toys", {"Authorization": header}).status_code == 401


def test_a_browser_cookie_authorises_nothing(toy_house, as_):
    program = as_(None)
    with program.client.session_transaction() as session:
        session["_user_id"] = "1"
    assert program("GET", "/toys").status_code == 401


def test_a_call_without_its_grant_is_answered_403_before_anything_is_read(as_):
    guest = as_("guest")
    assert guest("GET", "/toys?limit=x").status_code == 403
    assert guest("POST", "/toys/1/sales", data=b"{").status_code == 403
    assert guest("GET", "/toys/1").status_code == 200


def test_every_call_carries_its_guard(toy_house):
    guards = {name: view.guard for name, view in toy_house.view_functions.items() if name.startswith("api_toys.")}
    assert len(guards) == 9
    assert None not in guards.values()


def test_posting_needs_no_csrf_token(toy_house, maker, monkeypatch):
    monkeypatch.setitem(toy_house.config, "WTF_CSRF_ENABLED", True)
    assert maker("POST", "/toys", json={"amount": "1"}).status_code == 201


@pytest.mark.parametrize(
    "path",
    [
        "/", "", "/nothing", "/toys/0", "/toys/01", "/toys/9223372036854775808", "/toys/１", "/toys/-1", "/toys/x",
        "/toys/", "/stranger", "/menu/", "/security/login", "/security/refresh", "/_openapi",
    ],
)  # fmt: skip
def test_what_does_not_exist_below_the_api_is_a_404_problem(maker, path):
    answer = maker("GET", path)
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (404, PROBLEM, "not-found")


def test_the_largest_id_is_an_id(maker):
    assert maker("GET", "/toys/9223372036854775807").json == {"id": 9223372036854775807}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_another_method_is_a_405_problem_that_names_the_allowed_ones(maker, method):
    answer = maker(method, "/toys")
    assert (answer.status_code, answer.mimetype) == (405, PROBLEM)
    assert "GET" in answer.headers["Allow"]
    assert "OPTIONS" not in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("kind", "status", "code", "retry"),
    [
        ("invalid", 400, "invalid", None),
        ("not-found", 404, "not-found", None),
        ("forbidden", 403, "forbidden", None),
        ("stale", 412, "stale", None),
        ("in-flight", 409, "in-flight", "1"),
        ("unavailable", 503, "unavailable", "1"),
        ("unknown", 503, "outcome-unknown", None),
        ("too-many", 429, "too-many-tries", "30"),
        ("refused", 409, "too-few-toys", None),
    ],
)
def test_each_no_of_the_house_has_its_problem(as_, kind, status, code, retry):
    answer = as_(None)("GET", f"/errors?kind={kind}")
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert answer.mimetype == PROBLEM
    assert answer.headers.get("Retry-After") == retry
    assert answer.json["detail"]


def test_a_refusal_tells_its_figures(as_):
    assert as_(None)("GET", "/errors?kind=refused").json["detail"] == "Only 3 toys are left."


def test_what_is_invalid_is_told_by_field(as_):
    assert as_(None)("GET", "/errors?kind=invalid").json["errors"] == {"name": ["No such name."]}


def test_a_fault_of_ours_is_a_500_problem(toy_house, as_, monkeypatch):
    monkeypatch.setitem(toy_house.config, "PROPAGATE_EXCEPTIONS", False)
    answer = as_(None)("GET", "/errors?kind=bug")
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (500, PROBLEM, "internal-error")


def test_versions_are_asked_for_and_compared(maker):
    assert maker("GET", "/toys/5").headers["ETag"] == '"7"'
    change = {"json": {"name": "bear"}}
    assert maker("PATCH", "/toys/5", **change).status_code == 428
    for wrong in ('"8"', 'W/"7"', "7", '"x"', '"7", "8"'):
        assert maker("PATCH", "/toys/5", {"If-Match": wrong}, **change).status_code == 412
    for right in ('"7"', "*"):
        assert maker("PATCH", "/toys/5", {"If-Match": right}, **change).json == {"id": 5, "name": "bear"}


def test_nothing_to_say_is_a_204_without_a_body(maker):
    answer = maker("DELETE", "/toys/5")
    assert (answer.status_code, answer.data, answer.headers.get("Content-Type")) == (204, b"", None)


def test_answers_are_not_kept_by_caches(maker):
    for answer in (maker("GET", "/toys"), maker("GET", "/nothing")):
        assert answer.headers["Cache-Control"] == "no-store"
