"""Every route is closed by a grant, or named as open."""

from flask import Flask

from app.features import enabled
from app.ui.api import ANYBODY, SIGNED_IN
from app.ui.guard import guard_of

# What anybody may ask for, signed in or not, besides what the rooms name in `open_endpoints`.
OPEN = {
    "health.healthz",  # a machine that asks has no name
    "health.readyz",
    "metrics.show",  # asks for a token by itself, or answers this machine alone
    "HomeView.index",  # sends on: to the sign-in, or to the first page that is open to the one who asks
    "LanguageView.change",
    "SignInView.login",
    "SignInView.logout",
}


def open_endpoints(app: Flask) -> set[str]:
    rooms = enabled(app.config["ENABLED_FEATURES"])
    return OPEN.union(*(room.open_endpoints for room in rooms))


def is_file(endpoint: str) -> bool:
    """Whether it hands out files that ship with the product."""
    return endpoint.rpartition(".")[2] == "static"


def grant_of(app: Flask, endpoint: str) -> object:
    return guard_of(app.view_functions[endpoint])


def test_every_route_is_guarded_or_named_as_open(app):
    named = open_endpoints(app)
    naked = {rule.endpoint for rule in app.url_map.iter_rules() if not grant_of(app, rule.endpoint)} - named
    assert {endpoint for endpoint in naked if not is_file(endpoint)} == set()


def test_no_open_endpoint_is_named_that_is_not_there(app):
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert open_endpoints(app) - there == set()


def test_calls_that_anybody_may_make_are_few(app):
    anybody = {rule.endpoint for rule in app.url_map.iter_rules() if grant_of(app, rule.endpoint) is ANYBODY}
    signed_in = {rule.endpoint for rule in app.url_map.iter_rules() if grant_of(app, rule.endpoint) is SIGNED_IN}
    assert {endpoint for endpoint in anybody if not endpoint.startswith("api_session.")} == set()
    assert all(endpoint.startswith("api_") for endpoint in signed_in)


def test_every_grant_of_a_route_is_declared_by_a_room(app):
    declared = frozenset().union(*(room.grants_of("super-admin") for room in enabled(None)))
    asked = {grant_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {grant for grant in asked if isinstance(grant, tuple)} - declared == set()


def test_the_frameworks_own_calls_are_off(app):
    client = app.test_client()
    for path in ("/api/v1/security/login", "/api/v1/menu/", "/users/list/", "/roles/list/", "/lang/zh", "/back"):
        assert client.get(path).status_code in (404, 405), path
        assert client.post(path).status_code in (400, 404, 405), path
    assert client.get("/logout/").status_code == 405
