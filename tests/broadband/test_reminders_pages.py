"""The pages of reminders, as a clerk's browser without JavaScript sees them."""

import re

import pytest
from sqlalchemy import func, select

from app.broadband import operations as broadband
from app.broadband.models import Call
from app.broadband.reminders.settings import REMIND_DAYS, SUSPEND_AFTER
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers.operations import change_customer
from app.extensions import db
from app.shop.queries import setting
from tests.broadband.fields import of
from tests.broadband.ground import after, basics, done, paid, service_of
from tests.broadband.reminding import called, stopping
from tests.broadband.test_pages import hidden
from tests.conftest import actor_of
from tests.house.test_access import token_of
from tests.staff.people import browser_of, fetch, form_token, make

LIST = "/broadband/reminders/"


def said(number, verb, back="?back="):
    return f"/broadband/reminders/{number}/{verb}{back}"


def send(browser, number, verb, page="", **typed):
    """Take the form up from its page and send it."""
    db.session.rollback()
    action = said(number, verb)
    seen = page or browser.get(said(number, "mute" if verb == "unmute" else verb)).text
    return browser.post(action, data=hidden(seen, action) | typed)


def test_all_21_fields_are_columns_and_in_the_file(app, owner, boss, new_phone):
    assert len(of("S2.25")) == 21
    details = {"broadband_password": "secret-of-the-line", "bound_number": "MAC-7", "address": "1 New Road"}
    stopping(owner, new_phone(), 1, details=details)
    page = boss.get(LIST).text
    token = form_token(boss, LIST)
    file = boss.post(f"{LIST}export", data={"csrf_token": token, "format": "csv"}).get_data().decode("utf-8-sig")
    assert "secret-of-the-line" not in page + file
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    for field in of("S2.25"):
        assert field.label in heads
        assert field.label in file.splitlines()[0]
    assert boss.get(f"{LIST}print").status_code == 200


def test_a_clerk_calls_from_the_list_and_is_led_back_to_his_place(app, owner, clerk, new_phone):
    chosen = basics()
    number = stopping(owner, new_phone(), 1, **chosen)
    db.session.rollback()
    page = clerk.get(f"{LIST}?community={chosen['community_id']}").text
    (link,) = re.findall(rf'href="(/broadband/reminders/{number}/call\?[^"]+)"', page)
    action = link.replace("&amp;", "&")
    form = hidden(clerk.get(action).text, link)
    answer = clerk.post(action, data=form | {"outcome": "promised-to-pay", "promised_on": after(3).isoformat()})
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"] == f"{LIST}?community={chosen['community_id']}"
    again = clerk.post(action, data=form | {"outcome": "promised-to-pay", "promised_on": after(3).isoformat()})
    assert again.status_code == 302, "a twin is answered as before"
    assert db.session.scalar(select(func.count()).where(Call.service_id == number)) == 1
    assert "Promised to pay" in clerk.get(answer.headers["Location"]).text


def test_a_place_in_the_list_leads_nowhere_else(app, owner, clerk, new_phone):
    number = stopping(owner, new_phone(), 1)
    db.session.rollback()
    bad = said(number, "call", "?back=_scheme=evil%26_external=1%26_anchor=x%26community=1")
    page = clerk.get(bad)
    assert page.status_code == 200
    assert "evil" not in re.search(r'class="btn btn-light" href="(/broadband/reminders/\?[^"]*)"', page.text).group(1)


def test_what_is_wrong_is_said_where_it_was_typed(app, owner, clerk, new_phone):
    number = stopping(owner, new_phone(), 1)
    for typed in ({}, {"outcome": "promised-to-pay"}, {"outcome": "nonsense"}):
        answer = send(clerk, number, "call", **typed)
        assert answer.status_code == 400
        assert "field-error" in answer.text
    assert "Say until when he will pay." in send(clerk, number, "call", outcome="promised-to-pay").text
    assert db.session.scalar(select(func.count()).where(Call.service_id == number)) == 0


def test_who_has_not_seen_a_colleagues_call_sees_it_first(app, owner, clerk, new_phone):
    number = stopping(owner, new_phone(), 1)
    db.session.rollback()
    page = clerk.get(said(number, "call")).text
    called(number, owner, remark="his colleague was quicker")
    answer = send(clerk, number, "call", page, outcome="reached")
    assert answer.status_code == 412
    assert "his colleague was quicker" in answer.text
    assert send(clerk, number, "call", answer.text, outcome="reached").status_code == 302


def test_a_clerk_mutes_and_hears_again(app, owner, clerk, new_phone):
    number = stopping(owner, new_phone(), 1)
    assert send(clerk, number, "mute", until=after(-1).isoformat()).status_code == 400
    assert send(clerk, number, "mute", until=after(20).isoformat()).status_code == 302
    assert service_of(number).muted_until == after(20)
    db.session.rollback()
    assert "Muted until" in clerk.get(f"/broadband/service/{number}").text
    assert send(clerk, number, "unmute").status_code == 302
    assert service_of(number).muted_until is None


def test_the_page_of_a_service_tells_of_its_calls(app, owner, clerk, new_phone):
    number = stopping(owner, new_phone(), 1)
    called(number, owner, remark="call again on Monday")
    db.session.rollback()
    page = clerk.get(f"/broadband/service/{number}").text
    assert "call again on Monday" in page
    assert said(number, "call", "") in page


def test_a_clerk_is_offered_what_he_may_do_and_the_owner_force_too(app, owner, clerk, boss, new_phone):
    number = stopping(owner, new_phone(), -1)
    db.session.rollback()
    for browser, is_offered in ((clerk, False), (boss, True)):
        page = browser.get(LIST).text
        assert f"/broadband/service/{number}/do/pay" in page
        assert (f"/broadband/service/{number}/do/force" in page) is is_offered


def test_nothing_is_written_about_a_service_that_waits(app, owner, clerk, new_phone):
    number = stopping(owner, new_phone(), 1)
    paid(number, owner)
    done(broadband.suspend, number, owner=owner)
    db.session.rollback()
    page = clerk.get(said(number, "call")).text
    assert "Nobody is reminded of a service in this state." in page
    assert "<textarea" not in page


@pytest.mark.parametrize(
    ("role", "sees"), [("cashier", 200), ("service-desk", 200), ("finance", 200), ("installer", 403)]
)
def test_who_sees_the_list(app, role, sees):
    assert browser_of(app, make(role, store_ids=[1])).get(LIST).status_code == sees


def test_who_only_looks_writes_nothing(app, owner, new_phone):
    number = stopping(owner, new_phone(), 1)
    db.session.rollback()
    looker = browser_of(app, make("finance"))
    assert looker.get(said(number, "call")).status_code == 403
    assert said(number, "call", "") not in looker.get(LIST).text


def test_the_owner_sets_the_days_on_the_page_of_settings(app, owner, boss):
    def save(**typed):
        fields = {"csrf_token": form_token(boss, "/settings"), "phone_region": "CN", "keep_postings": "6"}
        return boss.post("/settings", data={**defaults(), **fields, **typed})

    def defaults():
        page = boss.get("/settings").text
        chosen = re.findall(r'<select[^>]*name="(\w+)".*?<option selected value="([^"]*)"', page, re.DOTALL)
        return dict(chosen) | dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page))

    assert "Days of reminder" in boss.get("/settings").text
    assert save(**{REMIND_DAYS: "12", SUSPEND_AFTER: "30"}).status_code == 302
    db.session.rollback()
    assert (setting(REMIND_DAYS), setting(SUSPEND_AFTER)) == (12, 30)
    db.session.rollback()
    assert save(**{REMIND_DAYS: "7", SUSPEND_AFTER: ""}).status_code == 302
    db.session.rollback()
    assert (setting(REMIND_DAYS), setting(SUSPEND_AFTER)) == (7, None)
    for wrong in ({REMIND_DAYS: ""}, {REMIND_DAYS: "-1"}, {SUSPEND_AFTER: "x"}, {SUSPEND_AFTER: "9999"}):
        assert save(**wrong).status_code == 400


def test_an_installer_has_no_grant_of_it(app):
    grants = actor_of(app, "installer").grants
    assert [grant for grant in grants if grant.resource in ("reminders", "salesperson-figures")] == []


def test_switched_off_there_is_nothing_of_it(app):
    from app import create_app  # noqa: PLC0415 - a house of its own
    from config import TestConfig  # noqa: PLC0415

    off = create_app(TestConfig(app.config["SQLALCHEMY_DATABASE_URI"], ENABLED_FEATURES=()))
    with off.app_context():
        with pytest.raises(KeyError):
            setting(REMIND_DAYS)
        assert not [name for name in off.extensions["jobs"] if name.startswith("broadband")]
        db.session.remove()
        db.engine.dispose()
    assert off.test_client().get(LIST).status_code == 404


def test_programs_get_the_list_with_numbers_and_nothing_that_is_sealed(app, owner, new_phone):
    details = {"broadband_password": "secret-of-the-line"}
    number = stopping(owner, new_phone(), -4, details=details)
    customer = service_of(number).customer_id
    id_card = "11010519491231002X"
    in_transaction(lambda: change_customer(customer, {"id_number": id_card}, actor=owner) and None)
    called(number, owner, remark="abroad")
    sealed = service_of(number).customer.id_number_sealed
    db.session.rollback()
    client = app.test_client()
    token = token_of(client, fetch(make(SUPER_ADMIN)).username)
    answer = client.get("/api/v1/reports/broadband-reminders?limit=200", headers={"Authorization": f"Bearer {token}"})
    row = next(row for row in answer.json["items"] if row["service_no"] == service_of(number).service_no)
    assert (row["days_left"], row["outcome"], row["said"]) == (-4, "reached", "abroad")
    assert id_card not in answer.text
    assert "secret-of-the-line" not in answer.text
    assert sealed not in answer.text
