"""Guessing: ten tries for half an hour, by form and by program, and nobody else is the slower for it."""

import statistics
import threading
import time

import pytest
from time_machine import travel

from app.core import clock
from app.staff.passwords import hash_password
from tests.staff.people import PASSWORD, browser_of, fetch, make, new_name, sign_in

HALF_AN_HOUR = 30 * 60
BAD_TRIES, SECONDS = 20, 1  # in a second; for so long


def try_form(app, name, password):
    return sign_in(app.test_client(), name, password, address="192.0.2.77").status_code


def try_program(app, name, password):
    sent = {"username": name, "password": password}
    given = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.78"}}
    return app.test_client().post("/api/v1/session", json=sent, **given).status_code


@pytest.mark.parametrize("way", [try_form, try_program])
def test_the_tenth_wrong_try_locks_for_half_an_hour(stage, way):
    name = new_name()
    make(name=name)
    assert {way(stage.app, name, "wrong") for _ in range(10)} <= {400, 401}
    assert way(stage.app, name, PASSWORD) == 429
    with travel(clock.real_now().timestamp() + HALF_AN_HOUR - 60):
        assert way(stage.app, name, PASSWORD) == 429
    with travel(clock.real_now().timestamp() + HALF_AN_HOUR + 60):
        assert way(stage.app, name, PASSWORD) in (201, 302)


def test_twenty_bad_tries_a_second_make_nobody_else_slower(stage, monkeypatch):
    monkeypatch.setitem(stage.app.config, "FAB_PASSWORD_HASH_METHOD", "scrypt")  # as dear as where it is used
    browser = browser_of(stage.app, make())
    over = threading.Event()

    def guess() -> None:
        while not over.is_set():
            try_program(stage.app, new_name(), "wrong")
            time.sleep(1 / BAD_TRIES)

    def waited() -> float:
        times, end = [], time.monotonic() + SECONDS
        while time.monotonic() < end or len(times) < 5:
            began = time.monotonic()
            assert browser.get("/profile").status_code == 200
            times.append(time.monotonic() - began)
        return statistics.median(times)

    alone = waited()
    guesser = threading.Thread(target=guess)
    guesser.start()
    try:
        beside = waited()
    finally:
        over.set()
        guesser.join()
    # One processor is shared with the guesser here; a queue behind him would take many times as long.
    assert beside < 6 * alone + 0.25


def test_how_long_it_takes_tells_not_whether_a_name_exists(stage, monkeypatch):
    monkeypatch.setitem(stage.app.config, "FAB_PASSWORD_HASH_METHOD", "scrypt")
    with stage.app.app_context():
        known = fetch(make(password_hash=hash_password(PASSWORD))).username

    def took(name: str) -> float:
        began = time.process_time()
        assert try_program(stage.app, name, "wrong") == 401
        return time.process_time() - began

    took(known), took(new_name())  # the first of each makes what is kept
    times = [(took(known), took(new_name())) for _ in range(7)]
    known_time, unknown_time = (statistics.median(each) for each in zip(*times, strict=True))
    assert 0.5 < known_time / unknown_time < 2
