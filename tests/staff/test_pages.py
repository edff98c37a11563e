"""The sign-in page, the way out, and a person's own pages, as a browser sees them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.shop.models import Store
from app.staff.models import SessionKind
from app.staff.operations import change_staff, remove_staff, set_password
from app.staff.passwords import hash_password
from app.staff.sign_in import sign_in as sign_in_by_program
from tests.staff.people import PASSWORD, SYSTEM, browser_of, fetch, is_good, make, new_name, post, records, sign_in

HERE = ("/profile", "/profile/password", "/store")


@pytest.fixture
def staff_id(app) -> int:
    return make(display_name="Ann", store_ids=[1])


@pytest.fixture
def browser(app, staff_id):
    return browser_of(app, staff_id)


@pytest.mark.parametrize("path", HERE)
def test_who_is_signed_out_is_sent_to_the_sign_in(app, path):
    answer = app.test_client().get(path)
    assert answer.status_code == 302
    assert answer.location == f"/login/?next={path}"


@pytest.mark.parametrize("path", HERE)
def test_who_is_signed_in_sees_his_own_pages(browser, path):
    assert browser.get(path).status_code == 200


def test_wrong_name_and_wrong_password_are_told_alike(app, staff_id):
    name = fetch(staff_id).username
    answers = [sign_in(app.test_client(), *given) for given in ((name, "wrong"), (new_name(), "wrong"))]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert all("The user name or the password is wrong." in answer.text for answer in answers)
    assert 'name="password"' in answers[0].text
    assert "wrong&#34;" not in answers[0].text


def test_a_locked_name_is_told_how_long_to_wait_also_with_the_right_password(app, staff_id):
    name, client = fetch(staff_id).username, app.test_client()
    for _ in range(10):
        assert sign_in(client, name, "wrong").status_code == 400
    answer = sign_in(client, name)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 1800
    assert client.get("/profile").status_code == 302


def test_a_form_without_its_token_signs_nobody_in(app, staff_id):
    client = app.test_client()
    client.post("/login/", data={"username": fetch(staff_id).username, "password": PASSWORD})
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/profile", "/profile"),
        ("/profile%3Fa=1", "/profile?a=1"),
        ("//evil.example/", "/"),
        ("/%5Cevil.example", "/"),
        ("%5C%5Cevil.example", "/"),
        ("/%09/evil.example", "/"),
        ("http://evil.example/", "/"),
        ("http://localhost/profile", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_sign_in_leads_nowhere_else(app, staff_id, wanted, leads_to):
    answer = sign_in(app.test_client(), fetch(staff_id).username, query=f"?next={wanted}")
    assert answer.status_code == 302
    assert answer.location == leads_to


def test_signing_in_twice_leaves_one_session(app, staff_id):
    client = browser_of(app, staff_id)
    with client.session_transaction() as kept:
        first = kept["token"]
    token = post(client, "/language", page="/profile", locale="en")
    assert token.status_code == 302
    answer = post(client, "/login/", page="/profile", username=fetch(staff_id).username, password=PASSWORD)
    assert answer.status_code == 302
    with client.session_transaction() as kept:
        assert kept["token"] != first
    assert not is_good(first, SessionKind.BROWSER)


def test_signing_out_is_no_link(browser):
    assert browser.get("/logout/").status_code in (404, 405)
    assert browser.get("/profile").status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, browser, staff_id):
    copy = app.test_client()
    with browser.session_transaction() as kept, copy.session_transaction() as copied:
        copied.update(kept)
    assert copy.get("/profile").status_code == 200
    assert post(browser, "/logout/", page="/profile").location == "/login/"
    assert browser.get("/profile").status_code == 302
    assert copy.get("/profile").status_code == 302
    assert records(staff_id)[-1].operation == "staff.sign-out"


@pytest.mark.parametrize(
    "way",
    [
        lambda it: remove_staff(it, actor=SYSTEM),
        lambda it: change_staff(it, is_active=False, actor=SYSTEM),
        lambda it: set_password(it, "hash", actor=SYSTEM),
    ],
)
def test_who_is_removed_switched_off_or_reset_is_out_at_the_next_click(browser, staff_id, way):
    in_transaction(lambda: way(staff_id))
    assert browser.get("/profile").status_code == 302


def test_the_profile_shows_oneself(browser, staff_id):
    text = browser.get("/profile").text
    for shown in (fetch(staff_id).username, "Ann", "Ordinary administrator", "Main store", "127.0.0.1"):
        assert shown in text
    assert re.search(r"Last sign-in</dt><dd>[^<]+</dd></div>\s*<div><dt>From address</dt>", text)


def test_the_profile_can_be_changed(browser, staff_id):
    answer = post(browser, "/profile", display_name="Anna", phone="139 0000 0000", email="", version=1)
    assert answer.status_code == 302
    assert (fetch(staff_id).display_name, fetch(staff_id).phone) == ("Anna", "139 0000 0000")
    assert records(staff_id)[-1].personal.changes["display_name"] == ["Ann", "Anna"]


def test_a_profile_that_cannot_be_is_shown_again_as_it_was_typed(browser, staff_id):
    answer = post(browser, "/profile", display_name="Anna", phone="none", email="none", version=1)
    assert answer.status_code == 400
    assert 'value="Anna"' in answer.text
    assert "This is not" in answer.text
    assert fetch(staff_id).display_name == "Ann"


def test_a_stale_profile_is_shown_as_it_is_now(browser, staff_id):
    in_transaction(lambda: change_staff(staff_id, display_name="Changed", actor=SYSTEM))
    answer = post(browser, "/profile", display_name="Anna", version=1)
    assert answer.status_code == 412
    assert "Changed" in answer.text


def test_nobody_can_give_himself_a_role_through_his_profile(browser, staff_id):
    post(browser, "/profile", display_name="Anna", version=1, role=SUPER_ADMIN, store_ids="1", is_active="1")
    assert fetch(staff_id).role == ORDINARY_ADMIN


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(app, browser, staff_id):
    name = fetch(staff_id).username
    other = browser_of(app, staff_id)
    program, _ = sign_in_by_program(name, PASSWORD, kind=SessionKind.API, address=None)

    wrong = post(browser, "/profile/password", old="wrong", password="another one 7", again="another one 7")
    assert wrong.status_code == 400
    assert other.get("/profile").status_code == 200

    answer = post(browser, "/profile/password", old=PASSWORD, password="another one 7", again="another one 7")
    assert answer.status_code == 302
    assert browser.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 302
    assert not is_good(program, SessionKind.API)
    assert sign_in(app.test_client(), name, "another one 7").status_code == 302
    told = [line for line in records(staff_id) if line.operation == "staff.change-own-password"]
    assert [line.changes for line in told] == [{"sessions_ended": [None, 2]}]


@pytest.mark.parametrize("password", ["short", "a" * 8, "x" * 201])
def test_an_easy_password_is_refused(browser, password):
    answer = post(browser, "/profile/password", old=PASSWORD, password=password, again=password)
    assert answer.status_code == 400


def test_the_user_name_is_no_password(browser, staff_id):
    name = fetch(staff_id).username.upper()
    assert post(browser, "/profile/password", old=PASSWORD, password=name, again=name).status_code == 400


def test_two_different_new_passwords_are_refused(browser):
    answer = post(browser, "/profile/password", old=PASSWORD, password="another one 7", again="another one 8")
    assert answer.status_code == 400


def test_guessing_the_old_password_locks_like_the_sign_in(browser):
    for _ in range(10):
        post(browser, "/profile/password", old="wrong", password="another one 7", again="another one 7")
    answer = post(browser, "/profile/password", old=PASSWORD, password="another one 7", again="another one 7")
    assert answer.status_code == 429


def works_in(client) -> str:
    """The store that the top bar shows."""
    return re.search(r'store-name">([^<]+)<', client.get("/profile").text).group(1)


def second_store() -> Store:
    store = db.session.scalars(select(Store).filter_by(code="second")).one_or_none()
    if store is None:
        store = Store(code="second", name="Second store", is_open=True)
        db.session.add(store)
        db.session.commit()
    return store


def test_who_has_several_stores_chooses_one_after_signing_in(empty_house):
    store = second_store()
    staff_id = make()
    client = empty_house.test_client()
    answer = sign_in(client, fetch(staff_id).username, query="?next=/profile")
    assert answer.location == "/store?next=/profile"
    assert "Second store" in client.get(answer.location).text

    chosen = post(client, "/store", store=store.id, next="/profile")
    assert chosen.location == "/profile"
    assert works_in(client) == "Second store"
    again = post(client, "/store", page="/profile", store=1, next="/profile")
    assert again.location == "/profile"
    assert works_in(client) == "Main store"


def test_nobody_can_choose_a_store_that_is_not_his(empty_house):
    store = second_store()
    staff_id = make(store_ids=[1])
    client = empty_house.test_client()
    assert sign_in(client, fetch(staff_id).username).location == "/"
    assert post(client, "/store", page="/profile", store=store.id).status_code == 404
    assert post(client, "/store", page="/profile", store="x").status_code == 404


def test_the_owner_reaches_every_open_store(empty_house):
    owner = make(SUPER_ADMIN, store_ids=[1])
    second_store()
    client = empty_house.test_client()
    assert sign_in(client, fetch(owner).username).location == "/store?next=/"
    assert "Second store" in client.get("/store").text


@pytest.mark.parametrize(
    "path", ["/users/list/", "/roles/list/", "/users/add", "/resetpassword/form", "/userinfoeditview/form"]
)
def test_the_pages_of_the_framework_are_not_there(app, path):
    assert browser_of(app, make(SUPER_ADMIN)).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/security/login", "/api/v1/menu/", "/api/v1/security/users/"])
def test_the_programs_of_the_framework_are_not_there(app, path):
    assert app.test_client().get(path).status_code in (401, 404)
    assert app.test_client().post(path, json={}).status_code in (401, 404, 405)


def test_an_old_password_is_remarked_on(app, staff_id):
    hashed = hash_password(PASSWORD)
    in_transaction(lambda: set_password(staff_id, hashed, actor=SYSTEM))
    staff = fetch(staff_id)
    staff.password_changed_at -= timedelta(days=91)
    db.session.commit()
    client = browser_of(app, staff_id)
    assert "Your password is old" in client.get("/profile").text
