"""The administrator list: the owner makes, changes, removes; an ordinary administrator sees nothing of it."""

import re

import pytest

from app.core.permissions import ORDINARY_ADMIN, PRESETS, SUPER_ADMIN
from app.extensions import db
from app.staff.queries import find_by_username, seconds_locked
from tests.staff.people import PASSWORD, browser_of, fetch, make, new_name, post, records, sign_in

ADD = "/administrators/add"


@pytest.fixture
def owner(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def staff_id(app) -> int:
    return make(display_name="Ann")


def new(browser, **changes: object):
    given = {
        "username": new_name(),
        "role": ORDINARY_ADMIN,
        "stores": "1",
        "password": PASSWORD,
        "again": PASSWORD,
        "email": "",
        "phone": "",
        "display_name": "Bob",
    }
    return post(browser, ADD, **{**given, **changes})


def edit(browser, staff_id: int, **changes: object):
    given = {"role": ORDINARY_ADMIN, "stores": "1", "active": "y", "version": fetch(staff_id).version}
    return post(browser, f"/administrators/edit/{staff_id}", **{**given, **changes})


def test_the_list_shows_role_store_status_and_last_sign_in(app, owner, staff_id):
    name = fetch(staff_id).username
    sign_in(app.test_client(), name)
    page = owner.get(f"/administrators/list/?_flt_0_username={name}").text
    row = re.findall(r"<tr.*?</tr>", page, re.DOTALL)[-1]
    for shown in ("Ann", "Ordinary administrator", "Main store", "Active", str(fetch(staff_id).last_sign_in_at.year)):
        assert shown in row


def test_the_owner_makes_an_administrator_who_can_sign_in(app, owner):
    name = new_name()
    assert new(owner, username=name).status_code == 302
    db.session.rollback()
    assert find_by_username(name).role == ORDINARY_ADMIN
    assert sign_in(app.test_client(), name).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "two words"},
        {"role": "none"},
        {"password": "short", "again": "short"},
        {"again": "another one 7"},
        {"email": "none"},
        {"phone": "none"},
        {"stores": "999999"},
    ],
)
def test_a_form_that_cannot_be_is_shown_again_as_it_was_typed(owner, changes):
    answer = new(owner, **changes)
    assert answer.status_code == 400
    assert 'value="Bob"' in answer.text
    assert PASSWORD not in answer.text


def test_a_name_that_is_taken_is_refused_with_a_sentence(owner, staff_id):
    answer = new(owner, username=fetch(staff_id).username)
    assert answer.status_code == 409
    assert "This user name is taken" in answer.text


def test_the_owner_changes_an_administrator(owner, staff_id):
    assert edit(owner, staff_id, display_name="Anna", role="finance").status_code == 302
    staff = fetch(staff_id)
    assert (staff.display_name, staff.role, staff.active) == ("Anna", "finance", True)


def test_the_form_shows_what_is_there_and_no_placeholder(owner, staff_id):
    text = owner.get(f"/administrators/edit/{staff_id}").text
    assert 'value="Ann"' in text
    assert "none.invalid" not in text
    assert "none.invalid" not in owner.get(f"/administrators/show/{staff_id}").text


def test_a_stale_form_is_refused(owner, staff_id):
    assert edit(owner, staff_id, display_name="Anna").status_code == 302
    answer = edit(owner, staff_id, display_name="Other", version=1)
    assert answer.status_code == 412
    assert fetch(staff_id).display_name == "Anna"


def test_switching_off_signs_out_and_closes_the_door(app, owner, staff_id):
    clerk = browser_of(app, staff_id)
    assert (
        post(owner, f"/administrators/edit/{staff_id}", role=ORDINARY_ADMIN, stores="1", version=1).status_code == 302
    )
    assert clerk.get("/profile").status_code == 302
    assert sign_in(app.test_client(), fetch(staff_id).username).status_code == 400


def test_a_removed_administrator_leaves_the_list_and_stays_in_the_records(owner, staff_id):
    page = f"/administrators/show/{staff_id}"
    answer = post(owner, f"/administrators/delete/{staff_id}", page=page)
    assert answer.status_code == 302
    assert owner.get(page).status_code == 404
    assert fetch(staff_id).username not in owner.get("/administrators/list/").text
    assert records(staff_id)[-1].operation == "staff.remove"


def test_the_owner_sets_a_password_and_its_owner_is_signed_out(app, owner, staff_id):
    clerk = browser_of(app, staff_id)
    page = f"/administrators/password/{staff_id}"
    assert post(owner, page, password="short", again="short").status_code == 400
    assert post(owner, page, password="another one 7", again="another one 7").status_code == 302
    assert clerk.get("/profile").status_code == 302
    assert sign_in(app.test_client(), fetch(staff_id).username, "another one 7").status_code == 302


def test_the_owner_unlocks_a_name(app, owner, staff_id):
    name, stranger = fetch(staff_id).username, app.test_client()
    for _ in range(10):
        sign_in(stranger, name, "wrong")
    db.session.rollback()
    assert seconds_locked(name, None)
    answer = post(owner, f"/administrators/action/unlock/{staff_id}", page=f"/administrators/show/{staff_id}")
    assert answer.status_code == 302
    assert sign_in(stranger, name).status_code == 302


def test_the_last_owner_is_told_why_he_stays(empty_house):
    last = make(SUPER_ADMIN)
    browser = browser_of(empty_house, last)
    assert "The last active super administrator" in edit(browser, last, role=ORDINARY_ADMIN).text
    answer = post(browser, f"/administrators/delete/{last}", page=f"/administrators/show/{last}")
    assert answer.status_code == 409
    assert browser.get("/administrators/list/").status_code == 200


@pytest.mark.parametrize("role", [ORDINARY_ADMIN, *PRESETS])
def test_nobody_else_sees_adds_changes_or_removes_administrators(app, staff_id, role):
    clerk = browser_of(app, make(role))
    reads = ("list/", f"show/{staff_id}", "add", f"edit/{staff_id}", f"password/{staff_id}")
    writes = ("add", f"edit/{staff_id}", f"delete/{staff_id}", f"password/{staff_id}", f"action/unlock/{staff_id}")
    assert {clerk.get(f"/administrators/{path}").status_code for path in reads} == {403}
    answers = [post(clerk, f"/administrators/{path}", page="/profile", role=SUPER_ADMIN) for path in writes]
    assert {answer.status_code for answer in answers} == {403}
    assert "/administrators/" not in clerk.get("/profile").text
    assert fetch(staff_id).version == 1


def test_who_is_signed_out_is_sent_to_the_sign_in(app, staff_id):
    for path in ("list/", f"show/{staff_id}", "add", f"edit/{staff_id}"):
        answer = app.test_client().get(f"/administrators/{path}")
        assert (answer.status_code, answer.location) == (302, f"/login/?next=/administrators/{path}")
