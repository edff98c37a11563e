"""The pages of notices: the list, one of them, sending it again, and what the customer's page shows."""

import secrets

import pytest
from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.customers.operations import delete_customer
from app.extensions import db
from app.notices.models import Channel
from app.notices.operations import erase_notices
from app.shop.operations import create_store
from tests.customers.desk import Desk
from tests.notices.conftest import NOON, NOTHING, STOPS, delivery, send, tell
from tests.staff.people import browser_of, form_token, make


@pytest.fixture
def browser(app):
    """Call it with a role for somebody's browser; he works in the main store unless told otherwise."""
    return lambda role="super-admin", stores=(1,): browser_of(app, make(role, store_ids=stores))


def again(client, number: int, key: str = "") -> object:
    sent = {"csrf_token": form_token(client, "/profile"), "key": key or secrets.token_urlsafe(24)}
    return client.post(f"/notices/{number}/again", data=sent)


def failed(new_customer, does: str = "never") -> int:
    """A notice that was refused for good; the number of its mail."""
    notice = tell(new_customer(does))
    send()
    return delivery(notice).id


def test_the_list_shows_what_became_of_each(browser, new_customer):
    number = tell(new_customer("never", name="Wang Refused"), STOPS)
    send()
    page = browser().get("/notices/?state=failed").text
    assert "Wang Refused" in page
    assert f'href="/notices/{delivery(number).id}"' in page
    assert "Refused for good" in page
    assert "Wang Refused" not in browser().get("/notices/?state=waiting").text


def test_one_is_shown_as_its_customer_reads_it(browser, new_customer):
    number = tell(new_customer(language="zh"), STOPS)
    page = browser().get(f"/notices/{delivery(number).id}").text
    assert "2026年5月9日：¥1,234.50" in page
    assert 'lang="zh-Hans"' in page


def test_what_failed_is_sent_again_and_twice_is_once(browser, new_customer, mail, owner):
    client, number = browser(), failed(new_customer)
    key = secrets.token_urlsafe(24)
    assert again(client, number, key).location == f"/notices/{number}"
    assert again(client, number, key).location == f"/notices/{number}"
    assert again(client, number).status_code == 409
    assert send() == NOTHING | {"failed": 1}
    db.session.rollback()
    made = select(OperationRecord).where(OperationRecord.operation == "notices.send-again")
    record = db.session.scalars(made.order_by(OperationRecord.id.desc()).limit(1)).one()
    assert record.changes["status"] == ["failed", "waiting"]


def test_what_may_have_arrived_is_asked_about(browser, new_customer, mail):
    client, number = browser(), failed(new_customer, "dies")
    assert "data-confirm" in client.get(f"/notices/{number}").text
    assert again(client, number).status_code == 302
    assert send() == NOTHING | {"unknown": 1}
    assert [message["Message-ID"] for message in mail.taken] == [f"<notice-{number}@shop.test>"] * 2


def test_what_was_sent_or_waits_is_not_sent_again(browser, new_customer):
    client = browser()
    waiting = tell(new_customer())
    assert again(client, delivery(waiting).id).status_code == 409
    send()
    for channel in Channel:
        number = delivery(waiting, channel).id
        assert "again-title" not in client.get(f"/notices/{number}").text
        assert again(client, number).status_code == 409
    assert send() == NOTHING


def test_nothing_is_sent_again_to_who_is_gone_or_by_what_is_off(app, browser, new_customer, owner, monkeypatch):
    client, customer = browser(), new_customer("never")
    notice = tell(customer)
    send()
    number = delivery(notice).id
    with monkeypatch.context() as changed:
        changed.setitem(app.config, "MAIL_URL", "")
        assert again(client, number).status_code == 409
    in_transaction(lambda: delete_customer(customer, reason="moved", actor=owner))
    assert again(client, number).status_code == 409
    in_transaction(lambda: erase_notices(customer, actor=owner))
    page = client.get(f"/notices/{number}").text
    assert "Nothing is left of its text." in page
    assert "again-title" not in page


def test_a_clerk_sees_those_of_today_in_his_stores_and_sends_none(app, browser, new_customer, owner, shop_clock):
    number, clerk = failed(new_customer), browser("ordinary-admin")
    store = in_transaction(lambda: create_store(f"n{secrets.token_hex(4)}", "North", actor=owner))
    assert clerk.get(f"/notices/{number}").status_code == 200
    assert again(clerk, number).status_code == 403
    assert "again-title" not in clerk.get(f"/notices/{number}").text
    assert browser("ordinary-admin", (store,)).get(f"/notices/{number}").status_code == 404
    shop_clock(NOON.replace(day=5))
    assert clerk.get(f"/notices/{number}").status_code == 404
    assert "You see the notices of today in your stores." in clerk.get("/notices/").text


def test_the_service_desk_looks_after_every_day_of_its_stores(app, browser, new_customer, owner, shop_clock):
    number, desk = failed(new_customer), browser("service-desk")
    store = in_transaction(lambda: create_store(f"n{secrets.token_hex(4)}", "North", actor=owner))
    other = browser("service-desk", (store,))
    shop_clock(NOON.replace(day=5))
    assert again(desk, number).status_code == 302
    assert again(other, number).status_code == 404
    for role in ("cashier", "finance", "installer"):
        assert browser(role).get(f"/notices/{number}").status_code == 403


def test_the_customers_page_shows_what_he_was_told(browser, new_customer):
    customer = new_customer(language="zh_Hant_TW")
    client = browser()
    assert 'id="notices-panel"' not in client.get(f"/counter?customer={customer}").text
    tell(customer, STOPS)
    page = client.get(f"/counter?customer={customer}").text
    assert 'id="notices-panel"' in page
    assert "2026年5月9日：¥1,234.50" in page
    assert 'lang="zh-Hant"' in page
    assert "By e-mail: Waiting" in page
    assert 'id="notices-panel"' not in browser("cashier").get(f"/counter?customer={customer}").text


def test_programs_read_the_same(app, new_customer):
    customer = new_customer("never")
    tell(customer)
    send()
    items = Desk(app, "super-admin").get("/reports/notices", customer=customer).json["items"]
    told = {item["channel"]: (item["state"], item["problem"], item["tries"]) for item in items}
    assert told == {"in-app": ("sent", None, 0), "e-mail": ("failed", "rejected", 1)}


def test_a_delivery_that_is_not_there_is_not_found(browser):
    client = browser()
    for number in (10**9, 10**30):
        assert client.get(f"/notices/{number}").status_code == 404
