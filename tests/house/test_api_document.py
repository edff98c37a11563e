"""The document of the API, for programs and for people."""

from app.ui.api.edge import calls_of
from tests.staff.people import browser_of, make
from tests.ui.api.program import Program, program_of


def test_the_document_names_every_call_that_is_open_here(app, clerk, monkeypatch):
    shown = program_of(app, clerk, monkeypatch)("GET", "/openapi.json").json
    assert shown["openapi"].startswith("3.")
    assert sum(len(item) for item in shown["paths"].values()) == len(calls_of(app))
    assert {"/api/v1/stores", "/api/v1/operation-records"} <= shown["paths"].keys()


def test_the_document_is_for_those_who_are_signed_in_with_a_token(app):
    assert Program(app, None)("GET", "/openapi.json").status_code == 401
    assert browser_of(app, make()).get("/api/v1/openapi.json").status_code == 401


def test_people_read_the_same_on_a_page(app):
    shown = browser_of(app, make()).get("/api/docs")
    assert shown.status_code == 200
    for text in ("/api/v1/operation-records", "Idempotency-Key", 'id="idempotency-key-reused"', 'id="method-off"'):
        assert text in shown.text
    assert "<style" not in shown.text
    assert app.test_client().get("/api/docs").status_code == 302


def test_an_answer_to_a_program_sets_no_cookie(app, clerk, monkeypatch):
    answer = program_of(app, clerk, monkeypatch)("GET", "/stores")
    assert "Set-Cookie" not in answer.headers


def test_the_framework_answers_nothing_below_the_api(app, owner, monkeypatch):
    ask = program_of(app, owner, monkeypatch)
    for path in ("/security/login", "/security/refresh", "/menu/", "/_openapi", "/users/", "/roles/"):
        assert ask("GET", path).status_code == 404
        assert ask("POST", path, json={}).status_code == 404
