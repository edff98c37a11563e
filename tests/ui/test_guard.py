"""The door: signed out, without a right, with it; and what stands in the answers' headers."""

import pytest

from app.core.permissions import Action, Grant
from app.ui.guard import guard_of
from tests.staff.people import post


def test_the_signed_out_are_sent_to_the_sign_in_with_a_path_only(nobody):
    answer = nobody.get("/demo/vault?a=1&b=//evil.example")
    assert answer.status_code == 302
    assert answer.location == "/login/?next=/demo/vault%3Fa%3D1%26b%3D//evil.example"


def test_a_signed_out_post_is_sent_to_the_sign_in_and_not_told_of_tokens(nobody):
    answer = nobody.post("/demo/vault")
    assert (answer.status_code, answer.location) == (302, "/login/")


def test_the_page_without_a_right_to_it_is_403(clerk):
    answer = clerk.get("/demo/vault")
    assert answer.status_code == 403
    assert "Not open to you" in answer.text


def test_the_page_with_a_right_to_it_opens(owner):
    assert owner.get("/demo/vault").text == "inside"


def test_a_form_without_its_token_is_refused(owner):
    assert owner.post("/demo/vault").status_code == 400
    assert post(owner, "/demo/vault", page="/demo/hello").text == "inside"


@pytest.mark.parametrize(
    ("endpoint", "grant"),
    [
        ("DemoPages.vault", Grant(Action.VIEW, "vault")),
        ("DemoStoreView.list", Grant(Action.VIEW, "demo")),
        ("DemoStoreView.edit", Grant(Action.EDIT, "demo")),
        ("DemoStoreView.delete", Grant(Action.REMOVE, "demo")),
        ("LanguageView.change", None),
    ],
)
def test_a_law_can_ask_every_view_function_for_its_guard(app, endpoint, grant):
    assert guard_of(app.view_functions[endpoint]) == grant


def test_generated_views_have_no_route_but_their_own(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("Demo")}
    assert {name for name in routes if name.startswith("DemoVaultView")} == {"DemoVaultView.list", "DemoVaultView.show"}
    assert "DemoCustomerView.action_post" in routes
    assert not [name for name in routes if name.endswith(".download")]
    posts = {"action", "action_post", "delete"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[2] in posts:
            assert "GET" not in rule.methods, rule


def test_the_menu_shows_what_is_open_and_no_more(owner, clerk):
    assert 'href="/demovaultview/list/"' in owner.get("/demo/hello").text
    assert 'href="/demovaultview/list/"' not in clerk.get("/demo/hello").text


def test_home_leads_to_the_first_page_that_is_open(owner, nobody):
    assert owner.get("/").status_code == 302
    assert nobody.get("/").location == "/login/"


def test_the_store_is_changed_by_a_form_that_comes_back_here(owner, new_store):
    store = new_store()
    answer = post(owner, "/store", page="/demo/hello", store=store.id, next="/demo/hello")
    assert (answer.status_code, answer.location) == (302, "/demo/hello")
    page = owner.get("/demo/hello").text
    assert f'<span class="store-name">{store.name}</span>' in page
    assert '<input type="hidden" name="next" value="/demo/hello">' in page
