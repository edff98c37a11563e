"""One line for each request: with its name, and with nothing of what people have typed."""

import io
import json
import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.logs import Lines, Spool, Text, request_id
from app.extensions import db
from tests.staff import people

SECRETS = ("13800138000", "Anna", "99.87")


@pytest.fixture
def told(app):
    """Call it for what was logged since, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def requests_of(lines):
    return [line for line in lines if line["message"] == "request"]


def test_a_request_is_one_line_with_its_route(app, told):
    client = people.browser_of(app, staff_id := people.make())
    client.get("/customers/show/4711?name=Anna&phone=13800138000", buffered=True)
    (line,) = [line for line in requests_of(told()) if "customers" in line["route"]]
    assert (line["method"], line["status"], line["actor"], line["actor_id"]) == ("GET", 404, "staff", staff_id)
    assert line["ms"] > 0
    assert line["request"]
    assert "4711" not in str(line)
    assert not any(word in str(told()) for word in SECRETS)


def test_a_name_that_is_well_formed_is_kept(app, told):
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": "till-7.0000_42"}, buffered=True)
    assert answer.headers["X-Request-Id"] == "till-7.0000_42"
    assert requests_of(told())[-1]["request"] == "till-7.0000_42"


@pytest.mark.parametrize("given", ["short", "a" * 65, "with space 1", "<script>alert(1)", "Anna-Müller", ""])
def test_any_other_name_is_replaced(app, given):
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 16


def test_requests_to_other_hosts_are_told_of_too(app, told):
    answer = app.test_client().get("/healthz", headers={"Host": "elsewhere.example"}, buffered=True)
    assert answer.status_code == 400
    assert answer.headers["X-Request-Id"] == requests_of(told())[-1]["request"]


def test_an_error_page_shows_the_name(app):
    answer = app.test_client().get("/nowhere", headers={"X-Request-Id": "till-7.0000_42"})
    assert "till-7.0000_42" in answer.text


def test_a_fault_is_told_with_its_place_and_without_its_words(app, told, monkeypatch):
    def fail():
        raise ValueError("Anna 13800138000 99.87")

    monkeypatch.setitem(app.view_functions, "health.healthz", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = app.test_client().get("/healthz?phone=13800138000")
    assert answer.status_code == 500
    (line,) = [line for line in told() if line.get("errors")]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert line["errors"][0]["type"] == "builtins.ValueError"
    assert "in fail" in str(line) or " fail: " in str(line["errors"][0]["at"])
    assert not any(word in str(told()).replace('raise ValueError("Anna 13800138000 99.87")', "") for word in SECRETS)


def test_a_fault_of_the_database_keeps_its_values_to_itself(app, told):
    insert = text("INSERT INTO store (id, code, name, is_open) VALUES (1, :name, :name, true)")
    with pytest.raises(IntegrityError) as fault:
        db.session.execute(insert, {"name": "Anna 13800138000"})
    db.session.rollback()
    assert "13800138000" not in str(fault.value).partition("DETAIL")[0]
    logging.getLogger("test").error("It failed", exc_info=fault.value)
    (line,) = [line for line in told() if line["message"] == "It failed"]
    assert "IntegrityError" in line["errors"][0]["type"]
    assert not any(word in str(line).replace('"Anna 13800138000"', "") for word in SECRETS)


FORGED = 'in\n{"level": "info", "message": "forged"}\r\x85\u2028\x1b[31m'


@pytest.mark.parametrize("form", [Lines(), Text()])
def test_nobody_can_forge_a_line(form):
    record = logging.LogRecord("test", logging.INFO, "", 1, "%s", (FORGED,), None)
    line = form.format(record)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_the_name_stands_in_every_line_of_its_request():
    token = request_id.set("till-7.0000_42")
    try:
        record = logging.LogRecord("test", logging.INFO, "", 1, "something", None, None)
        assert json.loads(Lines().format(record))["request"] == "till-7.0000_42"
        assert "request=till-7.0000_42" in Text().format(record)
    finally:
        request_id.reset(token)


def test_a_log_that_nobody_reads_stops_nothing():
    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            raise BlockingIOError

    spool = Spool(Stuck())
    spool.setFormatter(Lines())
    for _ in range(20_000):
        spool.emit(logging.LogRecord("test", logging.INFO, "", 1, "something", None, None))
    spool.close()
