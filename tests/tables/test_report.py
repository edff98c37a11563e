"""A declared report: its page, sums, groups, print, files and calls, on rows of the tests' own."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from app.extensions import db
from app.tables import rows
from app.ui import keyset
from tests.customers.desk import refused, wrong_field
from tests.staff import people
from tests.tables.conftest import FIRST_DAY, add, lines_of, taken

CALL = "/reports/spare-rows"


def numbers(client: FlaskClient, address: str) -> tuple[list[int], str | None]:
    """The rows of a page, and the address of the next one."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    found = [int(each) for each in re.findall(r"/somewhere/(\d+)", page.text)]
    return found, following.group(1).replace("&amp;", "&") if following else None


def walked(client: FlaskClient, address: str) -> list[int]:
    found, following = numbers(client, address)
    while following:
        more, following = numbers(client, following)
        found += more
    return found


QUERIES = [
    "",
    "from=2026-03-05&to=2026-03-20",
    "posted_from=2026-03-05&posted_to=2026-03-05",
    "kind=recharge",
    "method=cash&amount_min=0.10&amount_max=0.3",
    "hour=7",
    "forced=true",
    "forced=false&kind=consumption",
    "note=汉字",
    "receipt=R000012",
    "note=%25",
    "order=dearest&kind=recharge",
    "order=oldest",
]


@pytest.mark.parametrize("query", QUERIES)
def test_page_sums_files_and_calls_say_the_same(boss, till, owner, clerk, query):
    given = dict(part.split("=") for part in query.split("&") if part)
    given = {name: {"%25": "%"}.get(value, value) for name, value in given.items()}
    sides = [(boss, owner)] if "method" in given else [(boss, owner), (till, clerk)]
    for desk, client in sides:
        lines = lines_of(taken(client, query))
        called = [each for page in desk.pages(CALL, **given, limit=7) for each in page["items"]]
        assert walked(client, f"/spare-rows/?{query}") == [each["id"] for each in called]
        assert [int(line["Number"]) for line in lines] == [each["id"] for each in called]
        assert [line["Amount"] for line in lines] == [each["amount"] for each in called]
        assert not lines or ("Method" in lines[0]) == (desk is boss)
        sums = desk.get(f"{CALL}/sums", **{name: value for name, value in given.items() if name != "order"}).json
        if desk is till:
            assert sums == {"rows": None, "is_more": False, "sums": None, "groups": None}
            assert {each["hour"] % 2 for each in called} <= {0}
            continue
        assert sums["rows"] == len(lines)
        assert Decimal(sums["sums"]["amount"]) == sum((Decimal(line["Amount"]) for line in lines), Decimal(0))
        book = CalamineWorkbook.from_filelike(io.BytesIO(taken(client, query, "xlsx"))).get_sheet_by_index(0)
        assert [row[0] for row in book.to_python()[1:]] == [each["id"] for each in called]


def test_a_single_day_and_the_last_day_are_whole(boss):
    day = (FIRST_DAY + timedelta(days=4)).isoformat()
    assert len(boss.get(CALL, from_=day, to=day).json["items"]) == 1
    assert len(boss.get(CALL, posted_from=day, posted_to=day).json["items"]) == 1


def test_sums_stand_on_the_page_for_those_who_may_see_them(owner, clerk):
    page = owner.get("/spare-rows/").text
    assert "¥18.30" in page  # 0.01 + ... + 0.60, all pages together
    assert 'class="totals"' in page
    hidden = clerk.get("/spare-rows/").text
    assert 'class="totals"' not in hidden
    assert "figures" not in hidden
    assert "Method" not in hidden


def test_who_may_not_see_a_column_can_neither_look_for_it(till, clerk, owner):
    assert 'name="method"' in owner.get("/spare-rows/").text
    assert walked(clerk, "/spare-rows/?method=other") == walked(clerk, "/spare-rows/")
    wrong_field(till.get(CALL, method="cash"), "method")


def test_groups_are_summed_up_and_drawn(owner, boss, clerk):
    page = owner.get("/spare-rows/?group=day").text
    assert page.count("<circle") == 60
    assert 'role="img"' in page
    assert "style=" not in page.partition("<main")[2]
    page = owner.get("/spare-rows/?group=kind").text
    assert page.count("<rect") == 2
    assert "Consumption" in page
    groups = boss.get(f"{CALL}/sums", group="kind").json["groups"]
    assert {each["key"]: each["rows"] for each in groups} == {"recharge": 40, "consumption": 20}
    assert sum(Decimal(each["amount"]) for each in groups) == Decimal("18.30")
    assert "<svg" not in clerk.get("/spare-rows/?group=kind").text.partition("<main")[2]


def test_pages_stay_right_while_rows_come_in(owner, spare_house):
    whole = walked(owner, "/spare-rows/?receipt=&to=2026-04-29")
    first, following = numbers(owner, "/spare-rows/?to=2026-04-29")
    add(3, start=100, on=FIRST_DAY + timedelta(days=59))
    second, _further = numbers(owner, following)
    assert first + second == whole[:20]


def test_reading_is_no_exporting(spare_house, clerk, owner):
    cashier = people.browser_of(spare_house, people.make("cashier", store_ids=[1]))
    assert cashier.get("/spare-rows/").status_code == 200
    assert "/spare-rows/export" not in cashier.get("/spare-rows/").text
    assert people.post(cashier, "/spare-rows/export", page="/profile", format="csv").status_code == 403
    assert "/spare-rows/export" in clerk.get("/spare-rows/").text
    assert owner.get("/spare-rows/export").status_code == 405
    assert owner.post("/spare-rows/export", data={"format": "csv"}).status_code == 400
    assert people.post(owner, "/quiet-rows/export", page="/profile", format="csv").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=2026-02-30",
        "from=1000-01-01",
        "from=2026-03-02&to=2026-03-01",
        "posted_from=x",
        "kind=robbery",
        "method=wechat",
        "hour=-1",
        "hour=1e3",
        "hour=99999999999999999999",
        "forced=perhaps",
        "amount_min=ten",
        "amount_min=2&amount_max=1",
        "amount_max=99999999999999",
        f"note={'x' * 200}",
        "order=sideways",
        "group=nobody",
        "after=abc",
        "after=W10.abc",
        "note=%00",
    ],
)
def test_what_cannot_be_meant_is_answered_with_400(owner, boss, query):
    for address in (f"/spare-rows/?{query}", f"/spare-rows/print?{query}"):
        answer = owner.get(address)
        assert answer.status_code == 400, answer.text
        assert "<main" in answer.text
    if not query.startswith("after"):
        answer = people.post(owner, f"/spare-rows/export?{query}", page="/spare-rows/", format="csv")
        assert answer.status_code == 400
        path = f"{CALL}/sums" if query.startswith("group") else CALL
        refused(boss("GET", f"{path}?{query}"), 400, "invalid")


def test_a_wrong_filter_is_shown_as_it_was_typed(owner):
    page = owner.get("/spare-rows/?amount_min=ten").text
    assert 'value="ten"' in page
    assert "This is not an amount." in page
    assert "/somewhere/" not in page


def test_a_place_in_one_order_is_none_in_another(owner, boss):
    _found, following = numbers(owner, "/spare-rows/?order=dearest")
    assert owner.get(following.replace("dearest", "oldest")).status_code == 400
    cursor = boss.get(CALL, limit=1, order="dearest").json["next"]
    wrong_field(boss.get(CALL, cursor=cursor), "cursor")
    wrong_field(boss.get("/reports/quiet-rows", cursor=cursor), "cursor")
    assert boss.get(CALL, cursor=cursor, order="dearest").status_code == 200
    wrong_field(boss.get(CALL, format="csv"), "format")


def test_a_scanning_filter_looks_at_so_many_rows_and_goes_on_by_a_click(owner, boss, monkeypatch):
    whole = walked(owner, "/spare-rows/?hour=3")
    assert len(whole) == 1
    monkeypatch.setattr(keyset, "MOST_LOOKED_AT", 10)
    page = owner.get("/spare-rows/?hour=3&to=2026-04-29")
    assert "Look further" in page.text
    assert re.search(r"Looked back to \w+ \d+, 2026|Looked back to \d+ \w+ 2026", page.text)
    assert "not added up by themselves" in page.text
    assert walked(owner, "/spare-rows/?hour=3&to=2026-04-29") == whole
    calls = boss.pages(CALL, hour=3, to="2026-04-29")
    assert len(calls) >= 6
    assert [each["id"] for page in calls for each in page["items"]] == whole
    assert {page["looked_to"] is None for page in calls[:-1]} == {False}
    assert "¥0.04" in owner.get("/spare-rows/?hour=3&sums=all").text
    assert boss.get(f"{CALL}/sums", hour=3).json == {"rows": 10, "is_more": True, "sums": None, "groups": None}


def test_many_rows_are_added_up_by_a_click_alone(owner, monkeypatch):
    monkeypatch.setattr(rows, "MOST_ADDED_UP", 10)
    page = owner.get("/spare-rows/?to=2026-04-28").text
    assert "More than 10 rows" in page
    assert 'class="totals"' not in page
    assert 'class="totals"' in owner.get("/spare-rows/?to=2026-04-28&sums=all").text
    assert "<circle" not in owner.get("/spare-rows/?group=day").text
    assert "<circle" in owner.get("/spare-rows/?group=day&sums=all").text


def test_a_page_asks_few_questions(owner, spare_house):
    asked = []
    listen = lambda *args: asked.append(args[2])  # noqa: E731 - one listener, taken off again by identity
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        for query in ("", "note=a&hour=4&kind=recharge&from=2026-03-01", "group=day"):
            asked.clear()
            assert owner.get(f"/spare-rows/?{query}").status_code == 200
            assert len(asked) <= 12, asked
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)


def test_the_print_view_says_what_was_asked_and_has_no_more_than_fits(owner, monkeypatch):
    page = owner.get("/spare-rows/print?kind=recharge").text
    assert "Kind: Recharge" in page
    assert "Asia/Shanghai" in page
    assert page.count("<tr>") >= 40
    assert "/somewhere/" not in page
    monkeypatch.setattr("app.tables.views.MOST_PRINTED", 5)
    assert "Only the first 5 rows" in owner.get("/spare-rows/print").text
