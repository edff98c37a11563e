"""Signing in: one answer for every kind of wrong, locks for names and addresses, sessions that end."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import TooManyTries
from app.extensions import db
from app.staff.models import SessionKind, SignInFailures, StaffSession
from app.staff.operations import change_staff, end_session, remove_staff, set_password, unlock
from app.staff.passwords import hash_password
from app.staff.queries import find_session, token_hash
from app.staff.refusals import WrongCredentials
from app.staff.sign_in import sign_in
from tests.staff.people import PASSWORD, SYSTEM, fetch, make, new_name, records


def new_address() -> str:
    return f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"


def enter(name: str, password: str = PASSWORD, *, kind: SessionKind = SessionKind.API, address: str | None = None):
    return sign_in(name, password, kind=kind, address=address or new_address())


def fail(name: str, times: int, address: str | None = None) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            enter(name, "wrong", address=address)


def test_the_right_password_starts_a_session_of_that_kind(app):
    staff_id = make()
    token, staff = enter(fetch(staff_id).username)
    assert staff.id == staff_id
    assert find_session(token, SessionKind.API).staff.id == staff_id
    assert find_session(token, SessionKind.BROWSER) is None


def test_a_name_may_be_typed_in_any_case_and_width(app):
    name = new_name()
    make(name=name)
    assert enter(f" {name.upper()} ")[1].username == name
    assert enter(name.replace("u", "ｕ"))[1].username == name


def test_the_secret_of_a_session_is_kept_nowhere(app):
    staff_id = make()
    token, _ = enter(fetch(staff_id).username)
    row = db.session.scalars(select(StaffSession).filter_by(user_id=staff_id)).one()
    assert row.token_hash == token_hash(token) != token
    assert token not in "".join(str(line.changes) for line in records(staff_id))


def test_signing_in_is_written_down_with_the_address(app):
    staff_id, address = make(), new_address()
    enter(fetch(staff_id).username, address=address)
    line = records(staff_id)[-1]
    assert (line.operation, line.address, line.actor_id) == ("staff.sign-in", address, staff_id)
    assert fetch(staff_id).last_seen_address == address
    assert datetime.now(UTC) - fetch(staff_id).last_sign_in_at < timedelta(minutes=1)


def test_a_failure_is_written_down_without_what_was_typed(app):
    name, address = f"typed-{secrets.token_hex(4)}", new_address()
    fail(name, 1, address)
    line = db.session.scalars(select(OperationRecord).filter_by(address=address)).one()
    assert (line.operation, line.object_id, line.personal_hash) == ("staff.sign-in-failed", None, None)
    assert name not in str(line.changes)
    assert name not in str(db.session.scalars(select(SignInFailures.key)).all())


@pytest.mark.parametrize("state", ["known", "unknown", "inactive", "removed"])
def test_ten_failures_lock_every_name_alike(app, state):
    name = new_name()
    if state != "unknown":
        staff_id = make(name=name)
    if state == "inactive":
        in_transaction(lambda: change_staff(staff_id, is_active=False, actor=SYSTEM))
    if state == "removed":
        in_transaction(lambda: remove_staff(staff_id, actor=SYSTEM))
    fail(name, 10)
    with pytest.raises(TooManyTries) as locked:
        enter(name, PASSWORD)
    assert 0 < locked.value.seconds <= 30 * 60


def test_the_lock_of_a_name_ends_after_half_an_hour(app):
    name = new_name()
    make(name=name)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        fail(name, 10)
        clock.shift(timedelta(minutes=29, seconds=59))
        with pytest.raises(TooManyTries):
            enter(name)
        clock.shift(timedelta(seconds=2))
        assert enter(name)
        fail(name, 9)


def test_failures_far_apart_lock_nothing(app):
    name = new_name()
    make(name=name)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        fail(name, 9)
        clock.shift(timedelta(minutes=31))
        fail(name, 9)
        assert enter(name)


def test_signing_in_forgets_the_failures_of_the_name(app):
    name = new_name()
    make(name=name)
    fail(name, 9)
    enter(name)
    fail(name, 9)
    assert enter(name)


def test_a_hundred_failures_lock_the_address_but_no_other(app):
    address, name = new_address(), new_name()
    make(name=name)
    for _ in range(100):
        fail(new_name(), 1, address)
    with pytest.raises(TooManyTries):
        enter(name, address=address)
    assert enter(name)


def test_unlocking_lets_a_name_try_again(app):
    name = new_name()
    staff_id = make(name=name)
    fail(name, 10)
    in_transaction(lambda: unlock(staff_id, actor=SYSTEM))
    assert enter(name)
    assert "staff.unlock" in [line.operation for line in records(staff_id)]


def test_a_new_password_from_the_owner_signs_out_everywhere_and_unlocks(app):
    name = new_name()
    staff_id = make(name=name)
    token, _ = enter(name)
    fail(name, 10)
    hashed = hash_password("another one 7")
    in_transaction(lambda: set_password(staff_id, hashed, actor=SYSTEM))
    assert find_session(token, SessionKind.API) is None
    assert enter(name, "another one 7")
    with pytest.raises(WrongCredentials):
        enter(name, PASSWORD)


@pytest.mark.parametrize(
    "way", [lambda it: remove_staff(it, actor=SYSTEM), lambda it: change_staff(it, is_active=False, actor=SYSTEM)]
)
def test_whoever_is_removed_or_switched_off_cannot_sign_in(app, way):
    staff_id = make()
    in_transaction(lambda: way(staff_id))
    with pytest.raises(WrongCredentials):
        enter(fetch(staff_id).username)


@pytest.mark.parametrize("password", ["", "\0", "\0" * 8, PASSWORD + " ", PASSWORD + "x" * 300])
def test_nothing_but_the_password_opens(app, password):
    staff_id = make()
    with pytest.raises(WrongCredentials):
        enter(fetch(staff_id).username, password)


def test_an_unknown_name_takes_as_long_as_a_known_one(app, monkeypatch):
    hashed = []
    monkeypatch.setattr("app.staff.passwords.check_password_hash", lambda kept, _: hashed.append(kept) and False)
    make(name=(name := new_name()))
    fail(name, 1)
    fail(new_name(), 1)
    known, unknown = hashed
    assert known.split("$")[0] == unknown.split("$")[0]


@pytest.mark.parametrize(("kind", "hours"), [(SessionKind.BROWSER, 12), (SessionKind.API, 8)])
def test_a_session_ends_by_itself(app, kind, hours):
    staff_id = make()
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        token, _ = enter(fetch(staff_id).username, kind=kind)
        clock.shift(timedelta(hours=hours) - timedelta(seconds=1))
        assert find_session(token, kind)
        clock.shift(timedelta(seconds=2))
        assert find_session(token, kind) is None


def test_an_ended_session_is_worth_nothing(app):
    staff_id = make()
    token, _ = enter(fetch(staff_id).username)
    session_id = find_session(token, SessionKind.API).session_id
    in_transaction(lambda: end_session(session_id, actor=SYSTEM))
    assert find_session(token, SessionKind.API) is None
