"""Account details as a report: its page, its sums, its files and its calls, each clamped alike."""

import csv
import io
import re
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.core import clock
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers.account_details import account_details
from app.customers.numbers import number_of
from app.shop.operations import change_settings
from app.shop.queries import setting
from app.tables.asking import ask_again
from app.tables.exporting import Format, write
from tests.conftest import actor_of
from tests.customers.desk import Desk, wrong_field
from tests.customers.test_api_postings import days_ago
from tests.staff import people


@pytest.fixture(scope="session")
def browse(house):
    """Call it for a browser in which that desk's administrator has signed in."""

    def open_browser(desk: Desk) -> FlaskClient:
        with house.app_context():
            return people.browser_of(house, desk.id)

    return open_browser


def exported(client: FlaskClient, query: str = "", format: str = "csv") -> list[dict[str, str]]:
    answer = people.post(client, f"/postings/export?{query}", page=f"/postings/?{query}", format=format)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_page_sums_file_and_calls_say_the_same(boss, till, browse, new_customer):
    customer_id = new_customer()
    boss.recharge(customer_id, "100")
    till.consume(customer_id, "30")
    wrong = till.recharge(customer_id, "7").json["posting"]["id"]
    till.reverse(wrong)
    owner, query = browse(boss), f"customer={customer_id}"
    page = owner.get(f"/postings/?{query}")
    assert page.status_code == 200, page.text
    assert "¥100.00" in page.text
    lines = exported(owner, query)
    assert [line["Amount"] for line in lines] == ["7.00", "7.00", "30.00", "100.00"]
    called = boss.get("/reports/account-details", customer=customer_id).json
    assert [each["amount"] for each in called["items"]] == [line["Amount"] for line in lines]
    sums = boss.get("/reports/account-details/sums", customer=customer_id, group="kind").json
    assert (sums["rows"], sums["sums"]) == (4, {"money_in": "100.00", "consumed": "30.00", "refunded": "0.00"})
    assert sum(Decimal(each["money_in"]) for each in sums["groups"]) == Decimal("100.00")


def test_a_customer_is_found_by_the_number_that_everybody_sees(boss, browse, new_customer):
    customer_id, other = new_customer(), new_customer()
    boss.recharge(customer_id, "41.17")
    boss.recharge(other, "42.18")
    owner, number = browse(boss), number_of(customer_id)
    page = owner.get(f"/postings/?customer_no={number}").text
    assert "¥41.17" in page
    assert "¥42.18" not in page
    assert [line["Amount"] for line in exported(owner, f"customer_no={number}")] == ["41.17"]


@pytest.fixture
def old(app, boss, new_customer) -> tuple[int, str]:
    """A customer who recharged 77.31 two days ago in the main store; and the receipt's number."""
    with days_ago(2):
        customer_id = new_customer()
        return customer_id, boss.recharge(customer_id, "77.31", note="canary").json["posting"]["receipt_no"]


def written(app, desk: Desk, arguments: dict[str, str], folder: Path) -> list[str]:
    """The receipts of an export with that person's reach, made without a page as a job would."""
    person = people.fetch(desk.id)
    stores = None if person.role == SUPER_ADMIN else frozenset(store.id for store in person.stores)
    actor = actor_of(app, person.role, stores=stores)
    with app.test_request_context("/"):
        asked = ask_again(account_details, arguments, actor)
        write(account_details, asked, folder / "rows.csv", Format.CSV)
    text = (folder / "rows.csv").read_text("utf-8-sig")
    return [line["Receipt no."] for line in csv.DictReader(io.StringIO(text))]


FAR = "from=2020-01-01"
ASKS = ("", FAR, f"{FAR}&kind=recharge", "amount_min=77.31", "group=day", "sums=all", "store=main")


@pytest.mark.parametrize("query", ASKS)
def test_a_clerk_gets_today_in_his_stores_whatever_he_asks(
    app, till, eastern, boss, browse, old, new_customer, query, tmp_path
):
    customer_id, receipt = old
    there = eastern.recharge(new_customer(), "88.42").json["posting"]["receipt_no"]
    here = till.recharge(customer_id, "1").json["posting"]["receipt_no"]
    clerk, arguments = browse(till), dict(part.split("=") for part in query.split("&") if part)
    if "store" not in arguments:
        arguments["receipt"] = receipt
    asked = "&".join(f"{name}={value}" for name, value in arguments.items())
    for address in ("/postings/", "/postings/print"):
        page = clerk.get(f"{address}?{asked}").text.partition("<main")[2]
        assert not re.search(r">\s*¥77\.31\s*<", page)
        assert "88.42" not in page
        assert "canary" not in page
        assert "You see the postings of today in your stores." in page
    assert people.post(clerk, f"/postings/export?{asked}", page="/profile", format="csv").status_code == 403
    filters = {name: value for name, value in arguments.items() if name not in ("group", "sums")}
    found = written(app, till, filters, tmp_path)
    assert receipt not in found
    assert there not in found
    calls = till.pages("/reports/account-details", **filters, limit=200)
    assert found == [each["receipt_no"] for page in calls for each in page["items"]]
    sums = till.get("/reports/account-details/sums", **filters, group="day").json
    assert sums["rows"] == len(found)
    assert {each["key"] for each in sums["groups"]} <= {clock.today().isoformat()}
    if "store" in arguments:
        assert here in found
    assert receipt in written(app, boss, {**filters, "receipt": receipt}, tmp_path)


def test_a_clerk_is_offered_no_days_that_show_him_nothing(till, boss, browse, new_customer):
    customer_id = new_customer()
    till.recharge(customer_id, "1")
    for who, address, is_offered in (
        (till, "/postings/", False),
        (till, f"/postings/?customer={customer_id}", True),
        (boss, "/postings/", True),
    ):
        page = browse(who).get(address).text
        assert ("Yesterday" in page, 'class="chips"' in page) == (is_offered, is_offered), address
    assert 'class="chips"' in browse(till).get(f"/postings/?from={clock.today()}").text


def test_one_customers_history_is_seen_whole_when_he_is_asked_for_by_number(till, eastern, browse, old, app, tmp_path):
    customer_id, receipt = old
    there = eastern.recharge(customer_id, "2").json["posting"]["receipt_no"]
    page = browse(till).get(f"/postings/?customer={customer_id}").text
    assert receipt in page
    assert there in page
    assert "You see the postings of today" not in page
    assert written(app, till, {"customer": str(customer_id)}, tmp_path) == [there, receipt]


def test_a_store_beyond_reach_does_not_exist(till, browse, east):
    assert browse(till).get(f"/postings/?store={east[1]}").status_code == 400
    wrong_field(till.get("/reports/account-details", store=east[1]), "store")


def test_six_months_are_shown_unless_more_is_asked_for(app, boss, browse, new_customer):
    with days_ago(200):
        customer_id = new_customer()
        receipt = boss.recharge(customer_id, "3").json["posting"]["receipt_no"]
    owner, whole = browse(boss), f"/postings/?customer={customer_id}&from=2020-01-01"
    assert receipt not in owner.get(whole).text  # it is about to leave for an archive
    with kept("never"):
        assert receipt not in owner.get(f"/postings/?customer={customer_id}").text
        assert receipt in owner.get(whole).text


@contextmanager
def kept(months: str):
    """A shop that keeps account details so long."""
    anybody = Actor.system("test")
    before = setting("keep_postings")
    in_transaction(lambda: change_settings({"keep_postings": months}, actor=anybody))
    yield
    in_transaction(lambda: change_settings({"keep_postings": before}, actor=anybody))


def test_a_row_leads_to_its_receipt_and_to_the_customer(boss, browse, new_customer, new_phone):
    phone = new_phone()
    customer_id = new_customer(phone=phone, name="=HYPERLINK")
    posting = boss.recharge(customer_id, "5").json["posting"]
    owner = browse(boss)
    page = owner.get(f"/postings/?phone={phone[-6:]}&customer={customer_id}").text
    assert f'href="/receipts/{posting["id"]}"' in page
    assert f'href="/counter?customer={customer_id}"' in page
    assert exported(owner, f"customer={customer_id}")[0]["Customer"] == "'=HYPERLINK"
    assert owner.get("/postings/?phone=abc").status_code == 400
    assert "This is not a phone number." in owner.get("/postings/?phone=abc").text


def test_finance_takes_the_rows_away_and_a_clerk_does_not(house, till, browse):
    with house.app_context():
        finance = people.browser_of(house, people.make("finance"))
    assert exported(finance, "receipt=no-such-receipt") == []
    assert "/postings/export" in finance.get("/postings/").text
    assert "/postings/export" not in browse(till).get("/postings/").text
