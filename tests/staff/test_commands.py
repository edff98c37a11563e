"""`flask staff ...` and the first administrator."""

import json

import pytest

from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.staff.first_admin import ensure_first_admin
from app.staff.models import SessionKind
from app.staff.operations import note_failed_sign_in
from app.staff.queries import find_by_username, seconds_locked, super_admins
from app.staff.refusals import WrongCredentials
from app.staff.sign_in import sign_in
from tests.staff.people import PASSWORD, SYSTEM, fetch, make, new_name, records


def run(app, *args: str, password: str = PASSWORD):
    answer = app.test_cli_runner().invoke(args=["staff", *args], input=f"{password}\n")
    db.session.rollback()
    return answer


def create(app, name: str, *args: str, role: str = ORDINARY_ADMIN, password: str = PASSWORD):
    return run(app, "create", "--username", name, "--role", role, "--password-stdin", *args, password=password)


def enters(name: str, password: str = PASSWORD) -> bool:
    try:
        return bool(sign_in(name, password, kind=SessionKind.API, address=None))
    except WrongCredentials:
        return False


def test_an_administrator_is_made_with_a_password_from_standard_input(app):
    name = new_name()
    answer = create(app, name, "--store", "main", "--email", f"{name}@example.com", "--json")
    assert answer.exit_code == 0, answer.output
    staff = find_by_username(name)
    assert json.loads(answer.output) == {"id": staff.id, "username": name, "role": ORDINARY_ADMIN}
    assert (staff.role, [store.code for store in staff.stores]) == (ORDINARY_ADMIN, ["main"])
    assert enters(name)
    assert records(staff.id)[0].actor_name == "flask staff create"
    assert PASSWORD not in answer.output


def test_a_name_that_exists_is_refused(app):
    name = new_name()
    assert create(app, name).exit_code == 0
    again = create(app, name.upper())
    assert again.exit_code == 1
    assert "taken" in again.output


@pytest.mark.parametrize(
    ("args", "password"),
    [(("--store", "none"), PASSWORD), ((), "short"), ((), ""), (("--email", "none"), PASSWORD)],
)
def test_wrong_usage_makes_nobody(app, args, password):
    name = new_name()
    assert create(app, name, *args, password=password).exit_code == 2
    assert find_by_username(name) is None


def test_an_unknown_role_is_wrong_usage(app):
    assert create(app, new_name(), role="king").exit_code == 2


def test_a_password_is_never_an_argument(app):
    assert run(app, "create", "--username", new_name(), "--role", ORDINARY_ADMIN).exit_code == 2


def test_a_password_is_set(app):
    name = new_name()
    make(name=name)
    assert run(app, "set-password", name, "--password-stdin", password="another one 7").exit_code == 0
    assert enters(name, "another one 7")
    assert not enters(name)


def test_a_locked_name_is_unlocked(app):
    name = new_name()
    staff_id = make(name=name)
    for _ in range(10):
        in_transaction(lambda: note_failed_sign_in(name, staff_id=staff_id, actor=SYSTEM))
    assert seconds_locked(name, None)
    assert run(app, "unlock", name).exit_code == 0
    assert enters(name)


@pytest.mark.parametrize("verb", [("set-password", "--password-stdin"), ("unlock",)])
def test_nobody_of_that_name_is_refused(app, verb):
    assert run(app, verb[0], new_name(), *verb[1:]).exit_code == 1


def test_the_first_administrator_gets_a_password_that_is_told_once(empty_house):
    made = ensure_first_admin("owner")
    assert made.username == "owner"
    assert enters("owner", made.new_password)
    assert fetch(super_admins()[0]).role == SUPER_ADMIN
    assert ensure_first_admin("owner") is None
    assert ensure_first_admin("other", PASSWORD) is None
    assert find_by_username("other") is None


def test_a_given_password_of_the_first_administrator_is_not_told(empty_house):
    assert ensure_first_admin("owner", PASSWORD).new_password is None
    assert enters("owner")


def test_an_easy_password_of_the_first_administrator_is_refused(empty_house):
    with pytest.raises(Invalid):
        ensure_first_admin("owner", "short")
    assert super_admins() == []
