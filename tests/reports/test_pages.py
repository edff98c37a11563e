"""The pages of the totals: closed to those who may not, and the same figures as the API's."""

import csv
import io
import re
from datetime import timedelta

import pytest

from app.audit.queries import Wanted, operation_records
from app.core import days
from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from app.extensions import db
from app.ui import formats
from tests.staff.people import browser_of, make, post


@pytest.fixture
def owner_at(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def clerk_at(app):
    return browser_of(app, make(ORDINARY_ADMIN, store_ids=[1]))


@pytest.mark.parametrize("path", ["/overview", "/overview?days=180", "/totals/", "/totals/customers"])
def test_the_house_as_a_whole_is_shown_to_the_owner_alone(owner_at, clerk_at, new_customer, path):
    new_customer("10")
    assert owner_at.get(path).status_code == 200
    answer = clerk_at.get(path)
    assert answer.status_code == 403
    assert "tile" not in answer.text


def test_the_first_page_is_the_overview_for_owners_and_the_counter_for_clerks(owner_at, clerk_at):
    assert owner_at.get("/").location == "/overview"
    assert clerk_at.get("/").location == "/counter"
    assert "/overview" not in clerk_at.get("/counter").text


def test_a_clerks_period_is_today_however_the_form_is_sent(app, boss, clerk_at, new_customer):
    new_customer("12.34")
    today = days.today()
    with app.test_request_context():
        shown = formats.day(today)
    page = clerk_at.get("/totals/period?from=2020-01-01&to=2020-12-31").text
    assert f'<h2 class="section-title">{shown}</h2>' in page
    assert 'name="from"' not in page
    net = boss.get("/totals/period", from_=today, store="main").json["recharge"]["net"]
    assert f"¥{float(net):,.2f}" in page


@pytest.mark.parametrize("by", ["day", "store", "operator", "method", "kind", "category", "hour"])
def test_a_period_is_told_apart_by_everything(owner_at, boss, new_customer, by):
    boss.consume(new_customer("20"), "3")
    page = owner_at.get(f"/totals/period?from={days.today()}&group_by={by}").text
    assert ("data-groups" in page) is (by != "kind")
    if by != "kind":
        table = page[page.index("data-groups") :]
        assert table.count("<tr>") >= 3
        assert "<rect" in page


@pytest.mark.parametrize(
    "query",
    ["from=2026-02-02&to=2026-02-01", "from=x", "store=nowhere", "group_by=colour", "colour=red"],
)
def test_what_cannot_be_meant_brings_the_form_back(owner_at, query):
    answer = owner_at.get(f"/totals/period?{query}")
    assert answer.status_code == 400
    assert 'name="from"' in answer.text


def test_empty_inputs_are_no_limits(owner_at):
    assert owner_at.get("/totals/period?from=&to=&store=&operator=&method=&from_hour=&to_hour=").status_code == 200


def test_the_chart_of_the_overview_stands_beside_its_table(owner_at, new_customer):
    new_customer("77.00")
    page = owner_at.get("/overview").text
    assert len(re.findall(r"<details class=\"chart-table\">.*?</details>", page, re.DOTALL)) == 1
    with_rows = page[page.index("chart-table") :]
    assert with_rows.count('class="cell-title"') >= 30
    assert days.today() - timedelta(29) <= days.today()


def test_a_period_is_printed_and_taken_away_as_the_page_shows_it(app, owner_at, clerk_at, boss, new_customer):
    boss.consume(new_customer("20"), "3")
    page = f"/totals/period?from={days.today()}&group_by=store"
    printed = owner_at.get(page.replace("period?", "period/print?")).text
    assert "data-print" in printed
    assert "Asia/Shanghai" in printed
    assert "data-groups" in printed
    answer = post(owner_at, page.replace("period?", "period/export?"), page=page, format="csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Store", "Recharged"]
    assert rows[-1][0] == "Together"
    shown = owner_at.get(page).text
    assert all(f"{float(cell):,.2f}".lstrip("-") in shown for cell in rows[-1][1:])
    db.session.rollback()
    taken = operation_records(Wanted(operation="tables.export"), limit=1)[0]
    assert taken.changes["report"] == [None, "period-totals"]
    assert taken.changes["from"] == [None, f"{days.today()}"]


def test_a_clerk_prints_today_alone_and_takes_nothing_away(app, clerk_at, new_customer):
    new_customer("12.34")
    page = clerk_at.get("/totals/period/print?from=2020-01-01&to=2020-12-31").text
    with app.test_request_context():
        assert f'<h2 class="section-title">{formats.day(days.today())}</h2>' in page
    assert "period/export" not in clerk_at.get("/totals/period").text
    assert post(clerk_at, "/totals/period/export", page="/totals/period", format="csv").status_code == 403


def test_what_cannot_be_meant_is_not_exported(owner_at):
    for query in ("from=x", "store=nowhere"):
        assert post(owner_at, f"/totals/period/export?{query}", page="/totals/period", format="csv").status_code == 400
