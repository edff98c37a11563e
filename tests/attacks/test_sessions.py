"""A session is worth nothing from the request on after it should have ended; and a role is what it is now."""

import pytest

from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.staff import operations as staff
from app.staff.passwords import hash_password
from tests.house.test_access import token_of
from tests.staff.people import SYSTEM, browser_of, fetch, make, post, sign_in


def cookie_of(browser) -> str:
    return browser.get_cookie("session").value


def opened(stage, browser, token) -> tuple[int, int]:
    """What the overview of the owner is answered with, to the browser and to the program."""
    client = stage.app.test_client()
    call = client.get("/api/v1/administrators", headers={"Authorization": f"Bearer {token}"})
    return browser.get("/administrators/list/").status_code, call.status_code


@pytest.fixture
def somebody(stage):
    """An owner of his own, in a browser and by a program."""
    number = make(SUPER_ADMIN)
    return number, browser_of(stage.app, number), token_of(stage.app.test_client(), fetch(number).username)


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(stage, somebody):
    number, browser, token = somebody
    assert opened(stage, browser, token) == (200, 200)
    in_transaction(lambda: staff.change_staff(number, role=ORDINARY_ADMIN, actor=SYSTEM))
    assert opened(stage, browser, token) in ((403, 403), (302, 401))


@pytest.mark.parametrize("way", ["off", "removed", "password"])
def test_who_is_out_is_out_in_browsers_and_programs(stage, somebody, way):
    number, browser, token = somebody
    hashed = hash_password("another horse 8")
    ways = {
        "off": lambda: staff.change_staff(number, is_active=False, actor=SYSTEM),
        "removed": lambda: staff.remove_staff(number, actor=SYSTEM),
        "password": lambda: staff.set_password(number, hashed, actor=SYSTEM),
    }
    in_transaction(ways[way])
    assert opened(stage, browser, token) == (302, 401)


def test_a_cookie_that_was_copied_before_the_end_is_dead_after_it(stage, somebody):
    _number, browser, _token = somebody
    copied = cookie_of(browser)
    assert post(browser, "/logout/", page="/profile").status_code == 302
    thief = stage.app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/profile").status_code == 302


def test_a_session_that_was_planted_before_the_sign_in_is_not_the_one_after_it(stage):
    number, victim, attacker = make(SUPER_ADMIN), stage.app.test_client(), stage.app.test_client()
    attacker.get("/login/")
    victim.set_cookie("session", cookie_of(attacker))
    before = cookie_of(victim)
    assert sign_in(victim, fetch(number).username).status_code == 302
    assert cookie_of(victim) != before
    attacker.set_cookie("session", before)
    assert attacker.get("/profile").status_code == 302


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example",
                                    "/%5cevil.example", "javascript:alert(1)", "/\t/evil.example", "http:evil.example",
                                    "/login/../../evil.example//", "https:///evil.example"])  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(stage, wanted):
    answer = sign_in(stage.app.test_client(), fetch(make()).username, query="?next=" + wanted.replace("%", "%25"))
    assert answer.status_code == 302
    goes_to = answer.headers["Location"]
    assert goes_to.startswith("/")
    assert not goes_to.startswith(("//", "/\\", "/\t"))
    assert "evil" not in goes_to.partition("?")[0] or goes_to.startswith("/login/")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost@evil.example", "localhost:80@evil.example", "localhost\\.evil"]
)
def test_a_foreign_host_is_answered_nothing(stage, host):
    for path in ("/", "/login/", "/profile", "/api/v1/stores", "/healthz"):
        answer = stage.app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "Location" not in answer.headers
