"""Told to stop, a server lets nobody in, and answers those who are in: what was under way is done and acknowledged."""

import http.client
import json
import time

import pytest

from tests.conftest import copy_of_ready
from tests.jobs.conftest import wait_until
from tests.operations.desk import Desk, in_background

KINDS = [("run", "sqlite"), ("gunicorn", "postgresql")]


@pytest.fixture
def desk(request, tmp_path):
    kind, database = request.param
    server = request.getfixturevalue("server") if database == "postgresql" else None
    url = copy_of_ready(database, server, tmp_path)
    started = []

    def start() -> Desk:
        started.append(Desk(kind, tmp_path, url))
        return started[-1]

    yield start
    for each in started:
        each.kill()


@pytest.mark.parametrize("desk", KINDS, indirect=True, ids=[kind for kind, _ in KINDS])
def test_a_posting_under_way_is_acknowledged_and_there(desk):
    first = desk()
    who = first.sign_in()
    customer = json.loads(
        first.ask("POST", "/api/v1/customers", {"phone": "13800138000", "name": "A"}, Authorization=who)[1]
    )
    path, body = f"/api/v1/customers/{customer['id']}/recharges", {"amount": "5.00", "method": "cash", "note": "slow"}
    posting = in_background(
        lambda: first.ask(
            "POST", path, body, Authorization=who, Idempotency_Key="the one", X_Request_Id="till-00000001"
        )
    )
    wait_until(first.mark.exists)
    metrics = first.ask("GET", "/metrics")[1]
    assert first.stop() == 0
    status, answer = posting.answer()
    assert (status, json.loads(answer)["balance"]) == (201, "5.00")
    log = first.log.read_text()
    assert any('"till-00000001"' in line and '"status": 201' in line for line in log.splitlines())
    assert "13800138000" not in log
    assert 'prepaid_requests_total{method="POST",route="/api/v1/customers",status="201"} 1.0' in metrics
    second = desk()
    found = json.loads(second.ask("GET", f"/api/v1/customers/{customer['id']}", Authorization=second.sign_in())[1])
    assert found["balance"] == "5.00"
    with pytest.raises(OSError, match="refused"):
        first.ask("GET", "/healthz")


@pytest.mark.parametrize("desk", KINDS, indirect=True, ids=[kind for kind, _ in KINDS])
def test_who_only_keeps_a_connection_open_holds_nobody_up(desk):
    running = desk()
    idle = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began < 12
    idle.close()
