"""Every address that can be read, by an owner and by a clerk: nothing is written, nothing typed runs."""

from collections.abc import Iterator
from itertools import product

import pytest
from werkzeug.routing import Rule

from app.ui.headers import POLICY
from tests.attacks.stage import UNESCAPED, Stage, everything
from tests.house.test_routes import is_file

PARAMETERS = {
    "/counter": lambda stage: [
        *(f"?customer={number}" for number in stage.ids["customer_id"]),
        *(f"?done={number}" for number in stage.ids["posting_id"]),
        "?q=139", "?q=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
    ],
    "/customers/list/": lambda _stage: ["?filters=open", "?name=%22%3E%3Cimg+src%3Dx"],
    "/login/": lambda _stage: ["?next=%22%3E%3Cimg+src%3Dx"],
    "/help/edit": lambda _stage: ["?locale=en"],
}  # fmt: skip


def addresses(stage: Stage) -> Iterator[tuple[Rule, str]]:
    """Every address of every route that is read, with every row that there is to ask it for."""
    routes = stage.app.url_map.bind("localhost")
    for rule in stage.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or is_file(rule.endpoint):
            continue
        names = sorted(rule.arguments)
        for row in product(*(stage.ids.get(name, ["none"]) for name in names)):
            path = routes.build(rule.endpoint, dict(zip(names, row, strict=True)))
            yield rule, path
        for query in PARAMETERS.get(str(rule), lambda _stage: [])(stage):
            yield rule, path + query


@pytest.fixture(params=["owner", "clerk"])
def answers(stage, request):
    """What everybody was answered, and what was there before."""
    staff_id = getattr(stage, request.param)
    browser, _token = stage.browser(staff_id), stage.token(staff_id)
    before = everything()
    found = {}
    for _rule, path in addresses(stage):
        if path.startswith("/api/v1"):
            answer = stage.call(staff_id, "GET", path.removeprefix("/api/v1"))
        else:
            answer = browser.get(path, buffered=True)
        found[path] = answer
    return before, found


def test_reading_changes_nothing_runs_nothing_and_is_guarded(answers):
    before, found = answers
    now = everything()
    assert {name for name, rows in now.items() if rows != before[name]} == set()
    assert {path: each.status_code for path, each in found.items() if each.status_code >= 500} == {}
    for path, answer in found.items():
        shown = answer.get_data(as_text=True) if answer.mimetype.startswith("text/html") else ""
        assert not any(text in shown for text in UNESCAPED), path
        assert answer.headers["Content-Security-Policy"] == POLICY, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert answer.headers.get("Access-Control-Allow-Origin") is None, path
    assert len(found) > 80
    # The walk is worth something only where the attack is shown, harmless.
    assert sum("&lt;img src=x" in each.get_data(as_text=True) for each in found.values()) > 8
