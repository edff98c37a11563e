"""A form counts only with the token of this session, and only when it was sent from here. On every route there is."""

import pytest

from tests.attacks.forms import EVIL, address, pages
from tests.attacks.stage import how_much
from tests.staff.people import browser_of, form_token


def sent_everywhere(stage, browser, data, **headers) -> dict[str, int]:
    """What each route answers to such a form."""
    return {
        rule.endpoint: browser.post(address(stage, rule), data=data, headers=headers, buffered=True).status_code
        for rule in pages(stage.app, "POST")
    }


@pytest.fixture
def browser(stage):
    return browser_of(stage.app, stage.owner)


def test_without_a_token_nothing_is_done_anywhere(stage, browser):
    before = how_much()
    assert set(sent_everywhere(stage, browser, {}).values()) == {400}
    assert how_much() == before


def test_the_token_of_another_session_is_none(stage, browser):
    foreign = form_token(stage.browser(stage.clerk), "/profile")
    before = how_much()
    assert set(sent_everywhere(stage, browser, {"csrf_token": foreign}).values()) == {400}
    assert how_much() == before


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example", "https://localhost:444"])
def test_a_form_that_was_sent_from_elsewhere_is_refused_token_or_not(stage, browser, origin):
    token, before = form_token(browser, "/profile"), how_much()
    assert set(sent_everywhere(stage, browser, {"csrf_token": token}, Origin=origin).values()) == {400}
    assert how_much() == before


def test_a_form_from_here_is_taken(stage, browser):
    for origin in ("http://localhost", stage.app.config["BASE_URL"]):
        sent = {"csrf_token": form_token(browser, "/profile"), "locale": "en"}
        assert browser.post("/language", data=sent, headers={"Origin": origin}).status_code == 302


def test_programs_are_asked_for_no_origin_and_told_of_none(stage):
    answer = stage.call(stage.owner, "GET", "/stores", headers={"Origin": EVIL})
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
    asked = stage.app.test_client().options("/api/v1/stores", headers={"Origin": EVIL})
    assert asked.status_code in (404, 405)
