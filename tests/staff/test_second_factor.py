"""A second factor: codes of a telephone, each good once; codes on paper; no word on whether the password was right."""

import secrets
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.staff import second_factor as codes
from app.staff.models import RecoveryCode, SecondFactor, SessionKind, SignInFailures
from app.staff.operations import remove_staff, reset_second_factor, set_password
from app.staff.passwords import hash_password
from app.staff.queries import recovery_codes_left, second_factor_of
from app.staff.refusals import BeyondOwnRights, SecondFactorNeeded, WrongCredentials
from app.staff.sign_in import sign_in
from tests.conftest import actor_of
from tests.staff import people
from tests.staff.people import PASSWORD, SYSTEM, browser_of, fetch, is_good, make, post, records
from tests.staff.telephones import PAGE, give, now_code, set_up


def enter(staff_id: int, code: str | None, password: str = PASSWORD) -> str:
    name = fetch(staff_id).username
    return sign_in(name, password, kind=SessionKind.API, address="127.0.0.9", code=code)[0]


def to_code_page(app, staff_id: int, password: str = PASSWORD):
    client = app.test_client()
    answer = people.sign_in(client, fetch(staff_id).username, password)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/code")
    return client


def sealed_step(client) -> int:
    """How long the first step is as the browser keeps it."""
    with client.session_transaction() as cookie:
        return len(cookie["pending"])


def code_page_answers(client, code: str):
    return post(client, "/login/code", code=code)


def test_set_up_on_the_page_and_signing_in_with_what_the_telephone_shows(app):
    staff_id = make()
    browser = browser_of(app, staff_id)
    secret, paper = set_up(browser)
    assert len(set(paper)) == 10
    assert browser.get("/profile").status_code == 200
    other = to_code_page(app, staff_id)
    assert other.get("/profile").headers["Location"].startswith("/login/")
    answer = code_page_answers(other, now_code(secret, 1))
    assert answer.status_code == 302
    assert other.get("/profile").status_code == 200
    assert "second_factor" in records(staff_id)[-1].changes


def test_setting_up_ends_the_sessions_that_had_no_second_factor(app):
    staff_id = make()
    token = enter(staff_id, None)
    set_up(browser_of(app, staff_id))
    assert not is_good(token, SessionKind.API)


def test_setting_up_asks_for_the_password_and_the_code(app):
    staff_id = make()
    browser = browser_of(app, staff_id)
    sealed = codes.seal({"secret": (secret := codes.new_secret())}, f"set-up {staff_id}")
    wrong_password = {"sealed": sealed, "code": now_code(secret), "password": "wrong"}
    wrong_code = {"sealed": sealed, "code": "123", "password": PASSWORD}
    strangers = codes.seal({"secret": secret}, f"set-up {staff_id + 1}")
    for fields in (wrong_password, wrong_code, {**wrong_password, "sealed": strangers, "password": PASSWORD}):
        assert post(browser, PAGE, **fields).status_code == 400
    assert second_factor_of(staff_id) is None


def test_a_code_is_good_once(app):
    staff_id = make()
    secret = give(staff_id)
    code = now_code(secret)
    assert is_good(enter(staff_id, code), SessionKind.API)
    with pytest.raises(WrongCredentials):
        enter(staff_id, code)
    with pytest.raises(WrongCredentials):
        enter(staff_id, now_code(secret, -1))  # an earlier one is used up with it
    assert enter(staff_id, now_code(secret, 1))


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_the_clock_is_allowed_to_either_side(app, steps, is_taken):
    with time_machine.travel(1_800_000_015, tick=False):
        secret = codes.new_secret()
        found = codes.matching_steps(secret, now_code(secret, steps))
        assert found == ((60_000_000 + steps,) if is_taken else ())


def test_a_recovery_code_is_good_once_and_in_any_writing(app):
    staff_id = make()
    _secret, paper = set_up(browser_of(app, staff_id))
    assert enter(staff_id, f" {paper[0].upper().replace('-', ' ')} ")
    with pytest.raises(WrongCredentials):
        enter(staff_id, paper[0])
    assert recovery_codes_left(staff_id) == 9
    assert enter(staff_id, paper[1])


def test_neither_secret_nor_paper_is_kept_plain_or_written_down(app):
    staff_id = make()
    secret, paper = set_up(browser_of(app, staff_id))
    db.session.rollback()
    kept = db.session.scalars(select(SecondFactor.secret).filter_by(user_id=staff_id)).one()
    hashes = db.session.scalars(select(RecoveryCode.code_hash).filter_by(user_id=staff_id)).all()
    told = "".join(str(line.changes) + line.operation for line in records(staff_id))
    for plain in (secret, *paper, *(code.replace("-", "") for code in paper)):
        assert plain not in kept + "".join(hashes) + told


def test_the_code_page_comes_whatever_the_password_was(app):
    staff_id = make()
    secret = give(staff_id)
    right, wrong = to_code_page(app, staff_id), to_code_page(app, staff_id, "wrong")
    assert len(set(map(sealed_step, (right, wrong)))) == 1  # as long for a wrong password as for a right one
    refused = code_page_answers(wrong, now_code(secret))
    assert refused.status_code == 400
    assert refused.text.count("is wrong") == code_page_answers(right, "000000").text.count("is wrong") == 1
    assert code_page_answers(right, now_code(secret)).status_code == 302  # the guesser has not used it up


def test_programs_send_the_code_along_and_are_told_alike_without(app):
    staff_id = make()
    secret, client = give(staff_id), app.test_client()
    name = fetch(staff_id).username
    for password in (PASSWORD, "wrong"):
        answer = client.post("/api/v1/session", json={"username": name, "password": password})
        assert (answer.status_code, answer.json["code"]) == (401, "second-factor-needed")
    wrong = {"username": name, "password": "wrong", "code": now_code(secret)}
    assert client.post("/api/v1/session", json=wrong).json["code"] == "wrong-credentials"
    assert client.post("/api/v1/session", json=wrong | {"password": PASSWORD}).status_code == 201


def test_wrong_codes_lock_like_wrong_passwords(app):
    staff_id = make()
    secret = give(staff_id)
    browser = to_code_page(app, staff_id)
    assert [code_page_answers(browser, "000000").status_code for _ in range(10)] == [400] * 10
    assert code_page_answers(browser, now_code(secret)).status_code == 429
    name = fetch(staff_id).username
    body = {"username": name, "password": PASSWORD, "code": now_code(secret)}
    assert app.test_client().post("/api/v1/session", json=body).status_code == 429


@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_first_steps_count_for_the_address_alone_right_or_wrong(app, password):
    staff_id, address = make(), f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"
    secret, name = give(staff_id), fetch(staff_id).username
    written = len(records(staff_id))
    for _ in range(6):
        with pytest.raises(SecondFactorNeeded):
            sign_in(name, password, kind=SessionKind.API, address=address)
    assert len(records(staff_id)) == written
    assert db.session.get(SignInFailures, f"address:{address}").count == 6
    assert sign_in(name, PASSWORD, kind=SessionKind.API, address=address, code=now_code(secret))


def test_two_who_show_one_code_at_once_start_one_session(app):
    staff_id = make()
    secret, name = give(staff_id), fetch(staff_id).username
    code, outcomes, together = now_code(secret), [], threading.Barrier(2)

    def try_it() -> None:
        with app.app_context():
            together.wait()
            try:
                outcomes.append(bool(sign_in(name, PASSWORD, kind=SessionKind.API, address=None, code=code)))
            except WrongCredentials:
                outcomes.append(False)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=try_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]


def test_the_first_step_is_forgotten_after_five_minutes_and_by_a_new_password(app):
    staff_id = make()
    secret = give(staff_id)
    browser = to_code_page(app, staff_id)
    with time_machine.travel(time.time() + 301):
        assert browser.get("/login/code").headers["Location"] == "/login/"
    hashed = hash_password("another horse 1")
    in_transaction(lambda: set_password(staff_id, hashed, actor=SYSTEM))
    assert code_page_answers(browser, now_code(secret)).status_code == 400


def test_another_key_of_the_desk_opens_no_kept_secret(app, monkeypatch):
    staff_id = make()
    secret = give(staff_id)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-another-key-another-key-another")
    with pytest.raises(WrongCredentials):
        enter(staff_id, now_code(secret))


def test_changing_and_removing_ones_own_asks_for_the_password(app):
    staff_id = make()
    browser = browser_of(app, staff_id)
    _secret, paper = set_up(browser)
    for path in ("/codes", "/off"):
        assert post(browser, PAGE + path, page=PAGE, password="wrong").status_code == 400
    renewed = post(browser, PAGE + "/codes", page=PAGE, password=PASSWORD)
    assert renewed.status_code == 200
    assert paper[0] not in renewed.text
    with pytest.raises(WrongCredentials):
        enter(staff_id, paper[0])
    assert post(browser, PAGE + "/off", page=PAGE, password=PASSWORD).status_code == 302
    assert enter(staff_id, None)
    done = [line.operation for line in records(staff_id)]
    assert {"staff.set-up-second-factor", "staff.renew-recovery-codes", "staff.remove-second-factor"} <= set(done)


def test_an_owner_resets_what_somebody_has_lost(app):
    staff_id, owner_id = make(), make(SUPER_ADMIN)
    give(staff_id)
    owner, clerk = browser_of(app, owner_id), browser_of(app, make())
    path = f"/administrators/second-factor/{staff_id}"
    assert "Reset second factor" in owner.get(f"/administrators/show/{staff_id}").text
    assert post(clerk, path, page="/profile").status_code == 403
    assert post(owner, path, page="/profile").status_code == 302
    assert enter(staff_id, None)
    line = next(each for each in records(staff_id) if each.operation == "staff.reset-second-factor")
    assert line.actor_id == owner_id
    assert post(owner, path, page="/profile").status_code == 404


def test_the_console_resets_it_too(app):
    staff_id = make()
    give(staff_id)
    name = fetch(staff_id).username
    run = app.test_cli_runner().invoke
    assert run(args=["staff", "reset-second-factor", name]).exit_code == 0
    assert enter(staff_id, None)
    assert run(args=["staff", "reset-second-factor", name]).exit_code == 0  # already so
    assert run(args=["staff", "reset-second-factor", "nobody-of-that-name"]).exit_code == 1


def test_a_removed_administrator_leaves_no_secret(app):
    staff_id = make()
    give(staff_id)
    in_transaction(lambda: remove_staff(staff_id, actor=SYSTEM))
    assert second_factor_of(staff_id) is None


def test_one_who_has_less_cannot_reset_an_owner(app):
    owner_id = make(SUPER_ADMIN)
    give(owner_id)
    with pytest.raises(BeyondOwnRights):
        in_transaction(lambda: reset_second_factor(owner_id, actor=actor_of(app, ORDINARY_ADMIN)))
    assert second_factor_of(owner_id).set_up_at > clock.real_now() - timedelta(minutes=5)
