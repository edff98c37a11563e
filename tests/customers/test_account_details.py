"""Account details as a report: its page, its sums, its files and its calls, each clamped alike."""

import csv
import io
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from tests.customers.desk import Desk
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
