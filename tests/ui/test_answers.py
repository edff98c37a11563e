"""Headers, hosts, errors, languages, and the framework's own routes, which are off."""

import re

import pytest
from flask import Flask

from app import create_app
from app.ui import headers
from app.ui.languages import back_to
from config import TestConfig
from tests.staff.people import form_token


@pytest.fixture
def fresh(tmp_path):
    """Call it with settings for an application that has no database."""
    return lambda **changes: create_app(TestConfig(f"sqlite:///{tmp_path / 'none.db'}", **changes))


# Trap 12: headers and form tokens


def test_every_answer_carries_the_policy(owner, nobody):
    for answer in (
        owner.get("/demo/hello"),
        nobody.get("/login/"),
        nobody.get("/nowhere"),
        owner.get("/demo/fail/403"),
    ):
        assert answer.headers["Content-Security-Policy"] == headers.POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in headers.POLICY


def test_pages_hold_nothing_inline(owner, nobody):
    pages = [
        owner.get(path).text for path in ("/demo/hello", "/democustomerview/list/", "/demostoreview/add", "/profile")
    ]
    for page in (*pages, nobody.get("/login/").text):
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


def test_pages_of_the_signed_in_are_kept_nowhere_and_files_are(owner, nobody):
    assert owner.get("/demo/hello").headers["Cache-Control"] == "no-store"
    css = re.search(r'href="(/static/ui/app\.css[^"]*)"', nobody.get("/login/").text)[1]
    with owner.get(css) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    with owner.get(css.partition("?")[0]) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"


def test_https_is_remembered_only_when_it_is_https(nobody):
    assert "Strict-Transport-Security" not in nobody.get("/login/").headers
    assert "Strict-Transport-Security" in nobody.get("/login/", base_url="https://localhost").headers


def test_cookies_are_closed(fresh):
    plain, secure = fresh().config, fresh(IS_SECURE=True, BASE_URL="https://shop.example").config
    assert plain["SESSION_COOKIE_HTTPONLY"]
    assert plain["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert secure["WTF_CSRF_ENABLED"]


# Hosts


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:9", "[::1]:8080", "shop.example"])
def test_the_house_answers_under_its_own_names(fresh, host):
    app = fresh(BASE_URL="https://shop.example", HOST="127.0.0.1")
    assert app.test_client().get("/login/", headers={"Host": host}).status_code != 400


@pytest.mark.parametrize("host", ["evil.example", "shop.example.evil.example", "localhost.evil.example"])
def test_the_house_answers_under_no_other_name(fresh, host):
    client = fresh(BASE_URL="https://shop.example").test_client()
    answer = client.get("/profile", headers={"Host": host})
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_a_deployment_may_name_its_hosts(fresh):
    client = fresh(TRUSTED_HOSTS=["till.example"]).test_client()
    assert client.get("/nowhere", headers={"Host": "till.example"}).status_code == 404
    assert client.get("/nowhere", headers={"Host": "localhost"}).status_code == 400


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_forwarded_headers_count_only_behind_that_many_proxies(fresh, proxies, address):
    app: Flask = fresh(TRUSTED_PROXIES=proxies)
    app.add_url_rule("/who", "who", lambda: __import__("flask").request.remote_addr)
    sent = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Host": "localhost"}
    assert app.test_client().get("/who", headers=sent).text == address


# Errors


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 413, 429, 500, 503])
def test_every_error_has_a_page_in_the_look_of_the_house(owner, status):
    answer = owner.get(f"/demo/fail/{status}")
    assert answer.status_code == status
    assert answer.text.count("<h1>") == 1
    assert 'class="sidebar' in answer.text


def test_a_missing_page_has_a_page_for_the_signed_out_too(nobody):
    answer = nobody.get("/nowhere")
    assert answer.status_code == 404
    assert 'class="sidebar' not in answer.text


def test_a_refusal_that_nobody_caught_is_409(owner):
    answer = owner.get("/demo/refused")
    assert answer.status_code == 409
    assert "Only 2 of ¥1,234.50 are allowed." in answer.text


def test_a_fault_of_ours_tells_nothing_of_itself(app, owner):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = owner.get("/demo/bug")
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret detail" not in answer.text


def test_a_nul_is_refused_wherever_it_is_typed(owner):
    assert owner.get("/demo/hello?a=%00").status_code == 400
    token = form_token(owner, "/demostoreview/add")
    answer = owner.post("/demostoreview/add", data={"csrf_token": token, "code": "a\0b", "name": "x"})
    assert answer.status_code == 400


# Languages


def _choose(client, locale: str, **more):
    return client.post("/language", data={"csrf_token": form_token(client), "locale": locale, **more})


@pytest.mark.parametrize(("locale", "lang"), [("en", "en"), ("zh", "zh-Hans"), ("zh_Hant_TW", "zh-Hant")])
def test_a_chosen_language_is_kept_and_the_page_stays(nobody, locale, lang):
    answer = _choose(nobody, locale, next="/login/?next=/profile")
    assert answer.location == "/login/?next=/profile"
    assert f'<html lang="{lang}"' in nobody.get("/login/", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hans-TW", "zh-Hans"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("fr;q=0.9, en;q=0.1", "en"),
        ("fr", "en"),
        ("zh;q=0", "en"),
        ("", "en"),
    ],
)
def test_who_never_chose_reads_the_browsers_language(nobody, accepted, lang):
    assert f'<html lang="{lang}"' in nobody.get("/login/", headers={"Accept-Language": accepted}).text


def test_the_deployments_language_comes_last(fresh):
    client = fresh(BABEL_DEFAULT_LOCALE="zh").test_client()
    assert '<html lang="zh-Hans"' in client.get("/login/").text


def test_changing_the_language_takes_a_post_and_a_token(nobody):
    assert nobody.get("/language").status_code == 405
    assert nobody.get("/lang/zh").status_code == 404
    assert nobody.post("/language", data={"locale": "zh"}).status_code == 302
    assert '<html lang="en"' in nobody.get("/login/").text
    assert _choose(nobody, "tlh").status_code == 400


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "", None, "/a\nb", "evil", "javascript:x"],
)
def test_going_back_leads_nowhere_else(address):
    assert back_to(address) == "/"


def test_going_back_keeps_path_and_question():
    assert back_to("/counter?customer=3&x=//y") == "/counter?customer=3&x=//y"


# Traps 9, 10, 12 and 13: what the framework would bring along


@pytest.mark.parametrize(
    "path",
    [
        *("/back", "/lang/zh", "/api/v1/menu/", "/api/v1/_openapi", "/swagger/v1", "/users/list/", "/roles/list/"),
        *("/userinfoeditview/form", "/resetmypassword/form", "/resetpassword/form", "/permissions/list/"),
        *("/groups/list/", "/users/userinfo/", "/viewmenus/list/", "/registeruser/form"),
    ],
)
def test_the_frameworks_own_pages_are_off(owner, path):
    assert owner.get(path).status_code == 404


def test_the_frameworks_own_api_is_off(owner):
    for call in ("login", "refresh"):
        assert owner.post(f"/api/v1/security/{call}", json={}).status_code == 404


def test_the_framework_starts_without_touching_the_database(fresh, tmp_path):
    app = fresh()
    assert not (tmp_path / "none.db").exists()
    assert not app.appbuilder.update_perms
    assert not app.config.get("FAB_ROLES")
    assert app.appbuilder.sm.builtin_roles == {}


def test_our_templates_come_before_the_frameworks(app):
    names = ("general/model/list.html", "general/widgets/list.html", "general/security/login_db.html")
    for name in names:
        template = app.jinja_env.get_template(f"appbuilder/{name}")
        assert "/app/ui/templates/" in template.filename
