"""Today only, as a property of the data: whatever an ordinary administrator asks, on any route that there is.

What he may not see is planted in yesterday and in another store. Every GET route is asked with every row, every
parameter that its schema or its form knows, and every link that it offers; nothing planted may be in an answer but
in the exceptions that CONTRACT names. A new route is found by itself: if it has arguments that are not in MATERIAL,
the test fails until somebody says which rows to ask it for (and plants rows of its own, if it keeps any).
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.extensions import db
from app.ui.api import fields
from app.ui.api.edge import Call, calls_of
from tests.house.canaries import Planted, Typed, asked_on, links_on, plant
from tests.house.test_access import token_of
from tests.house.test_routes import is_file
from tests.ledger.conftest import shop_time
from tests.staff.people import browser_of, fetch, form_token

# Which rows to ask a route for, by the name of the argument in its address.
MATERIAL: dict[str, Callable[[Planted], list[Any]]] = {
    "posting_id": lambda planted: [*planted.hidden, planted.own],
    "customer_id": lambda planted: planted.customers,
    "pk": lambda planted: sorted({*planted.customers, *planted.people, *planted.hidden, 1, 2}),
    "staff_id": lambda planted: planted.people,
    "import_id": lambda _planted: [1],
    "run_id": lambda _planted: [1, 2],  # another's export is not found
    "shift_id": lambda planted: [planted.shift],
    "merge_id": lambda _planted: [1],
    "order_id": lambda _planted: [1],  # of billed ones: test_order_pages.py
    "line_id": lambda _planted: [1],
    "approval_id": lambda _planted: [1],
    "field_id": lambda _planted: [1],
    "name": lambda _planted: ["ledger.verify", "pay", "close"],
    "service_id": lambda planted: [planted.service],
    "delivery_id": lambda planted: planted.deliveries,
    "document_id": lambda planted: planted.documents,
    "token": lambda _planted: ["none"],  # a signed code opens its receipt to anybody: who has one has the paper
}
# Parameters of an address that stand in no form and no schema.
PARAMETERS: dict[str, Callable[[Planted], list[tuple[str, Any]]]] = {
    "/counter": lambda planted: (
        [("done", number) for number in planted.hidden] + [("q", each) for each in texts(planted)]
    ),
    "/overview": lambda _planted: [("days", "180")],
    "/totals/period": lambda planted: [("from", planted.yesterday), ("to", planted.yesterday)],
    "/administrators/list/": lambda _planted: [("_flt_0_username", "canary")],
}
MOST_LINKS = 100
FIGURE = re.compile(r" \S+$", re.MULTILINE)  # at a line's end: seconds may look like any number


def is_exception(path: str, query: dict[str, str]) -> bool:
    """The customer at the counter, his statement, and the postings that are asked for by his number."""
    is_at_counter = path == "/counter" and "customer" in query
    is_statement = path.endswith("/statement") and path.startswith(("/api/v1/customers/", "/customers/"))
    lists = ("/postings", "/reports/account-details")
    is_list = path.removeprefix("/api/v1").startswith(lists) and "customer" in query
    return is_at_counter or is_statement or is_list


def texts(planted: Planted) -> list[str]:
    """What somebody who knows of it would type to find it."""
    return ["4242.42", planted.receipts[0], "canaryeast"]


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not is_file(rule.endpoint)]


def paths(app: Flask, planted: Planted) -> Iterator[tuple[Rule, str]]:
    """Every address of every GET route, with every row to ask it for."""
    routes = app.url_map.bind("localhost")
    for rule in rules(app):
        names = sorted(rule.arguments)
        for row in product(*(MATERIAL[name](planted) for name in names)):
            yield rule, routes.build(rule.endpoint, dict(zip(names, row, strict=True)))


def of_schema(call: Call, planted: Planted) -> Iterator[dict[str, Any]]:
    """Every parameter that a call declares, with values that would reach what is hidden; and the days together."""
    if call.query is None:
        return
    known = call.query().fields
    days = {"from": planted.yesterday, "to": planted.yesterday}
    has_days = days.keys() <= {field.data_key or name for name, field in known.items()}
    for name, field in known.items():
        sent = field.data_key or name
        for value in values_of(field, planted):
            yield {sent: value}
            if has_days and sent in ("group_by", "store"):
                yield {sent: value, **days}


def values_of(field: Any, planted: Planted) -> list[Any]:
    kinds: list[tuple[Any, Callable[[], list[Any]]]] = [
        (fields.DayText, lambda: [planted.yesterday, "2020-01-01"]),
        (fields.StoreCode, lambda: ["main", planted.east]),
        (fields.Choice, lambda: field.values),
        (fields.IdNumber, lambda: planted.customers),
        (fields.SignedMoneyText, lambda: ["4242.42", "0.01"]),
        (fields.Whole, lambda: [field.least, min(field.most, 23)]),
        (fields.PhoneText, lambda: ["0001", "0002"]),
        (fields.Text, lambda: texts(planted)),
    ]
    return next((made() for kind, made in kinds if isinstance(field, kind)), [])


class Visitor:
    """Somebody who asks for everything once, in a browser and by a program, and what he was told."""

    def __init__(self, app: Flask, staff_id: int, planted: Planted) -> None:
        self.app, self.planted = app, planted
        self.client: FlaskClient = browser_of(app, staff_id)
        self.token = token_of(app.test_client(), fetch(staff_id).username)
        self.asked: set[str] = set()
        self.told: dict[str, set[str]] = {}
        self.links: set[str] = set()
        db.session.rollback()  # no transaction of the test's own waits for the end of the walk

    def ask(self, path: str, query: dict[str, Any] | None = None) -> str:
        """Ask once. Whatever of the planted was in the answer, but not in the question, is kept."""
        address = f"{path}?{urlencode(query)}" if query else path
        if address in self.asked or is_exception(path, dict(query or {})):
            return ""
        self.asked.add(address)
        is_call = path.startswith("/api/v1")
        headers = {"Authorization": f"Bearer {self.token}"} if is_call else {}
        answer = (self.app.test_client() if is_call else self.client).get(address, headers=headers, buffered=True)
        assert answer.status_code < 500, address
        text = answer.get_data(as_text=True) if "text" in answer.mimetype or "json" in answer.mimetype else ""
        if path == "/metrics":
            text = FIGURE.sub("", text)
        echoed = {str(value) for value in (query or {}).values()}
        found = {
            each
            for each in self.planted.forbidden
            if each in text and not any(each.replace(",", "") in one for one in echoed)
        }
        if found:
            self.told[address] = found
        if answer.status_code == 200 and not is_call:
            self.links |= links_on(text)
        return text if answer.status_code == 200 else ""

    def walk(self) -> Iterator[None]:
        """Every route, every row, every parameter, and then every link that was offered on the way; step by step."""
        typed = Typed([str(self.planted.yesterday)], ["4242.42"], texts(self.planted))
        calls = {f"/api/v1{call.rule}": call for call in calls_of(self.app) if call.method == "GET"}
        for rule, path in paths(self.app, self.planted):
            page = self.ask(path)
            for name, value in PARAMETERS.get(str(rule), lambda _planted: [])(self.planted):
                self.ask(path, {name: value})
            if str(rule) in calls:
                for query in of_schema(calls[str(rule)], self.planted):
                    self.ask(path, query)
            for name, value in asked_on(page, typed):
                self.ask(path, {name: value})
            yield
        self.follow()
        yield

    def follow(self) -> None:
        ours = self.app.url_map.bind("localhost")
        for link in sorted(self.links)[:MOST_LINKS]:
            parts = urlsplit(link)
            if ours.test(parts.path, "GET"):
                self.ask(parts.path, dict(parse_qsl(parts.query)))


@pytest.fixture(scope="module")
def planted(own_house) -> Iterator[Planted]:
    set_clock = shop_time.__wrapped__()
    yield plant(own_house, next(set_clock))
    next(set_clock, None)


def test_every_route_with_arguments_says_which_rows_to_ask_for(app):
    asked = {name for rule in rules(app) for name in rule.arguments}
    assert asked - MATERIAL.keys() == set(), "say in MATERIAL which rows these routes are asked for"


def test_a_clerk_is_told_of_nothing_but_today_in_his_stores(own_house, planted):
    visitor = Visitor(own_house, planted.clerk, planted)
    for _step in visitor.walk():
        assert visitor.told == {}
    assert len(visitor.asked) > 100


def test_the_same_walk_shows_the_owner_all_of_it(own_house, planted):
    visitor = Visitor(own_house, planted.owner, planted)
    plain = {each for each in planted.forbidden if "canary" in each} | set(planted.receipts)
    wanted = plain | {"7313.57", "4242.42", "5151.51", "7,313.57"}
    for _step in visitor.walk():
        if wanted <= (seen := set().union(*visitor.told.values())):
            break
    assert wanted <= seen


def test_the_named_exceptions_show_the_clerk_one_customers_history(own_house, planted):
    customer, token = planted.customers[0], token_of(own_house.test_client(), "clerkofmain")
    browser = browser_of(own_house, planted.clerk)
    headers = {"Authorization": f"Bearer {token}"}
    assert "7,313.57" in browser.get(f"/counter?customer={customer}").text
    for path in (f"/customers/{customer}/statement", f"/postings?customer={customer}"):
        assert "7313.57" in own_house.test_client().get(f"/api/v1{path}", headers=headers).text


def test_no_action_on_a_hidden_posting_tells_of_it(own_house, planted):
    browser = browser_of(own_house, planted.clerk)
    token = token_of(own_house.test_client(), "clerkofmain")
    sent = {"csrf_token": form_token(browser, "/profile"), "reason": "x"}
    for number in planted.hidden:
        answers = [
            browser.post(f"/receipts/{number}/{verb}", data=sent, follow_redirects=True)
            for verb in ("reversal", "print")
        ]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"k{number}"}
        call = own_house.test_client().post(
            f"/api/v1/postings/{quote(str(number))}/reversal", json={"reason": "x"}, headers=headers
        )
        assert call.status_code in (404, 409)
        for answer in (*answers, call):
            assert {each for each in planted.forbidden if each in answer.text} == set()
