"""GET /metrics: who may read it, and that it tells what happened.

A request is counted when its answer is closed, as every server does; `buffered` has the test client do it.
"""

import re
import secrets

import pytest

from app import create_app
from app.core.commands import Request, execute
from app.core.db import in_transaction
from app.core.errors import Refused
from app.core.jobs import enqueue
from app.core.jobs.models import JobRun, RunState
from app.extensions import db
from app.jobs.doing import work_off
from app.ledger.nightly import VERIFY
from app.ledger.operations import consume, open_wallet, recharge
from app.shop.models import Method
from config import TestConfig
from tests.conftest import Client, actor_of, yuan

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
TOKEN = "a token that is long enough"


def read(app, **more) -> str:
    answer = app.test_client().get("/metrics", **more)
    assert answer.status_code == 200
    return answer.text


def value(text: str, name: str) -> float:
    """A figure by its name and labels; 0 when it is not told."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.fixture
def with_token(app, monkeypatch):
    monkeypatch.setitem(app.config, "METRICS_TOKEN", TOKEN)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_open_to_this_machine(app, address):
    read(app, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "::ffff:10.0.0.1", "", "unix", "127.0.0.1, 10.0.0.1"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_closed_to_every_other_machine(app, address, method):
    answer = app.test_client().open("/metrics", method=method, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "prepaid" not in answer.text


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Prefix"],
)
def test_closed_to_who_comes_to_this_machine_by_a_proxy(app, header):
    answer = app.test_client().get("/metrics", headers={header: "127.0.0.1"})
    assert answer.status_code == 401


def test_a_trusted_proxy_opens_nothing(tmp_path):
    app = create_app(TestConfig(f"sqlite:///{tmp_path / 'a.db'}", TRUSTED_PROXIES=1))
    for address in ("127.0.0.1", "203.0.113.9"):
        assert app.test_client().get("/metrics", headers={"X-Forwarded-For": address}).status_code == 401


def test_the_token_opens_from_anywhere(app, with_token):
    read(app, environ_base=ELSEWHERE, headers={"Authorization": f"Bearer {TOKEN}"})
    read(app, environ_base=ELSEWHERE, headers={"Authorization": f"bearer {TOKEN}", "X-Forwarded-For": "198.51.100.1"})


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Bearer no", f"Basic {TOKEN}", TOKEN, "Bearer é"])
def test_anything_else_opens_nothing(app, with_token, given):
    answer = app.test_client().get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": given})
    assert answer.status_code == 401


def test_no_token_is_no_empty_token(app):
    answer = app.test_client().get("/metrics", environ_base=ELSEWHERE, headers={"Authorization": "Bearer "})
    assert answer.status_code == 401


def test_nothing_can_be_sent_to_it(app):
    assert app.test_client().post("/metrics").status_code in (400, 405)


def test_postings_are_counted_when_they_are_committed(app, owner):
    number = secrets.randbelow(10**9) + 10**9
    before = read(app)

    def post() -> None:
        open_wallet(number, actor=owner)
        recharge(number, yuan("5.00"), method=Method.CASH, store_id=1, actor=owner)

    in_transaction(post)
    with pytest.raises(ZeroDivisionError):
        in_transaction(lambda: (consume(number, yuan("1.00"), store_id=1, actor=owner), 1 / 0))
    after = read(app)
    for kind, more in (("recharge", 1), ("consumption", 0)):
        name = f'prepaid_postings_total{{kind="{kind}"}}'
        assert value(after, name) - value(before, name) == more


def test_refusals_are_counted_by_their_code(app, owner):
    number = secrets.randbelow(10**9) + 10**9
    in_transaction(lambda: open_wallet(number, actor=owner))
    name = 'prepaid_refusals_total{code="insufficient-balance"}'
    before = value(read(app), name)
    with pytest.raises(Refused):
        in_transaction(lambda: consume(number, yuan("1.00"), store_id=1, actor=owner))
    request = Request("staff:1", secrets.token_hex(8), {})
    execute(request, lambda: consume(number, yuan("1.00"), store_id=1, actor=owner).answer())
    assert value(read(app), name) - before == 2


def test_requests_are_told_of_by_their_route_alone(app):
    client = app.test_client()
    client.get("/customers/show/4711?name=Anna", buffered=True)
    client.get("/nowhere/13800138000", buffered=True)
    client.open("/healthz", method="BREW", buffered=True)
    text = read(app)
    assert 'prepaid_requests_total{method="GET",route="none",status="404"}' in text
    assert 'method="other"' in text
    labels = "\n".join(re.findall(r"\{.*\}", text))  # a figure may look like any number
    for word in ("4711", "Anna", "13800138000", "nowhere", "BREW"):
        assert word not in labels


def test_every_request_is_timed(app):
    name = 'prepaid_request_seconds_count{method="GET",route="/healthz"}'
    before = value(read(app), name)
    app.test_client().get("/healthz", buffered=True)
    assert value(read(app), name) - before == 1


def test_jobs_are_told_of_and_whether_the_ledger_holds(empty_house):
    app = empty_house
    assert "prepaid_ledger_holds" not in read(app)
    in_transaction(lambda: enqueue(VERIFY, actor=actor_of(app, "super-admin")))
    assert value(read(app), "prepaid_jobs_waiting") == 1
    work_off(app, "tests:1:here")
    text = read(app)
    assert value(text, "prepaid_ledger_holds") == 1
    assert value(text, f'prepaid_job_last_done{{job="{VERIFY}"}}') == 1
    assert 0 <= value(text, f'prepaid_job_done_age_seconds{{job="{VERIFY}"}}') < 60
    in_transaction(lambda: db.session.query(JobRun).update({"state": RunState.FAILED}))
    text = read(app)
    assert value(text, "prepaid_ledger_holds") == 0
    assert f'prepaid_job_done_age_seconds{{job="{VERIFY}"}}' not in text


def test_what_is_held_is_counted(app):
    assert "prepaid_holds_open " in read(app)


def test_a_database_that_is_away_is_told_of():
    app = create_app(TestConfig("postgresql+psycopg://u@127.0.0.1:1/none"))
    app.test_client_class = Client
    text = read(app)
    assert value(text, "prepaid_database_up") == 0
    assert "prepaid_info" in text
