"""What is written down, of all places, never holds a secret; and nobody forges a line of it."""

import logging

import pytest
from sqlalchemy import select

from app.core.db import Model
from app.extensions import db
from app.shop.models import Store
from tests.house.test_access import token_of
from tests.staff.people import PASSWORD, browser_of, fetch, make, new_name, post, sign_in

NEW = "a much better horse 77"
FORGED = "x\r\nERROR app: owner signed in from 203.0.113.66\x1b[2J"


def all_texts() -> str:
    """Every cell of every table, as text."""
    db.session.rollback()
    return "\n".join(
        str(row) for table in Model.metadata.sorted_tables for row in db.session.execute(select(table)).all()
    )


def test_no_secret_is_in_logs_records_or_tables(stage, caplog):
    caplog.set_level(logging.DEBUG)
    number = make()
    name = fetch(number).username
    browser = browser_of(stage.app, number)
    token = token_of(stage.app.test_client(), name)
    post(browser, "/profile/password", old="a wrong old horse", password=NEW, again=NEW)
    assert post(browser, "/profile/password", old=PASSWORD, password=NEW, again=NEW).status_code == 302
    sign_in(stage.app.test_client(), "my secret typed as name", "a wrong old horse")
    owner = stage.browser(stage.owner)
    made = post(owner, "/api-keys/new", name=f"key {name}", role="ordinary-admin", stores="1", expires_on="")
    stage.app.test_client().get("/api/v1/stores", headers={"Authorization": f"Bearer {token}x"})
    written = all_texts() + caplog.text
    cookie = browser.get_cookie("session").value
    for secret in (PASSWORD, NEW, "a wrong old horse", token, cookie, "my secret typed as name"):
        assert secret not in written, secret[:12]
    assert made.status_code in (200, 302, 400)


def test_a_fault_tells_nothing_of_itself_to_whoever_meets_it(stage, monkeypatch, caplog):
    def fail(*_given, **_named):
        raise RuntimeError("password=hunter2 SELECT * FROM staff")

    monkeypatch.setattr("app.shop.views.StoresView.list", fail, raising=False)
    monkeypatch.setattr("app.shop.queries.settings", fail)
    for path in ("/settings", "/stores/list/", "/api/v1/stores"):
        answer = stage.browser(stage.owner).get(path)
        assert "hunter2" not in answer.text
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("where", ["path", "query", "header", "name", "host"])
def test_no_line_of_the_log_can_be_forged(stage, caplog, where):
    caplog.set_level(logging.DEBUG)
    client = stage.app.test_client()
    quoted = FORGED.replace("\r", "%0d").replace("\n", "%0a").replace("\x1b", "%1b").replace(" ", "%20")
    ask = {
        "path": lambda: client.get(f"/{quoted}"),
        "query": lambda: client.get(f"/login/?next=/{quoted}"),
        "header": lambda: client.get("/login/", headers={"User-Agent": "x ERROR app", "X-Request-Id": "y z"}),
        "name": lambda: client.post("/api/v1/session", json={"username": FORGED, "password": FORGED}),
        "host": lambda: client.get("/", environ_overrides={"HTTP_HOST": FORGED}),
    }
    assert ask[where]().status_code < 500
    assert not [each for each in caplog.messages if "\n" in each or "\r" in each or "\x1b" in each]


def test_no_operation_record_can_be_forged_by_what_is_typed(stage):
    """Records are rows: a line break in a text stays inside its text."""
    browser, name = stage.browser(stage.owner), new_name()
    assert post(browser, "/stores/add", code=name, name=FORGED).status_code < 500
    kept = db.session.scalar(select(Store.name).where(Store.code == name))
    assert kept is None or "\n" not in kept


def test_nothing_beside_the_programs_files_is_handed_out(stage):
    client = stage.browser(stage.clerk)
    for path in ("/static/../config.py", "/static/ui/../../config.py", "/static/%2e%2e/config.py", "/instance/",
                 "/static/ui/..%2f..%2f..%2fconfig.py", "/.env", "/.git/config", "/backups/x.zip", "/archives/x",
                 "/static/ui//etc/passwd", "/config.py", "/prepaid.db"):  # fmt: skip
        assert client.get(path).status_code in (400, 403, 404, 405), path
    for path in ("/backups", "/archives", "/backups/download"):
        assert client.get(path).status_code in (403, 404, 405)


def test_behind_tls_the_cookie_is_of_this_host_alone(monkeypatch):
    from config import Config  # noqa: PLC0415 - reads the environment when it is made

    monkeypatch.setenv("BASE_URL", "https://shop.example")
    config = Config()
    assert (config.SESSION_COOKIE_NAME, config.SESSION_COOKIE_SECURE) == ("__Host-session", True)
    assert (config.SESSION_COOKIE_HTTPONLY, config.SESSION_COOKIE_SAMESITE) == (True, "Lax")
    assert getattr(config, "SESSION_COOKIE_DOMAIN", None) is None
    assert getattr(config, "SESSION_COOKIE_PATH", None) in (None, "/")
