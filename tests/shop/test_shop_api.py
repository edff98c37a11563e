"""GET /stores and GET /methods."""

import pytest

from app.core.db import in_transaction
from app.shop.operations import create_store
from tests.shop.test_stores import new_code
from tests.ui.api.program import Program, program_of


def test_a_clerk_reads_the_stores_within_his_reach(app, owner, clerk, monkeypatch):
    code = new_code()
    in_transaction(lambda: create_store(code, "East", actor=owner))
    seen = program_of(app, clerk, monkeypatch)("GET", "/stores").json
    assert [store["code"] for store in seen["items"]] == ["main"]
    assert seen["next"] is None
    assert code in [store["code"] for store in program_of(app, owner, monkeypatch)("GET", "/stores").json["items"]]


def test_methods_are_read_in_order(app, clerk, monkeypatch):
    seen = program_of(app, clerk, monkeypatch)("GET", "/methods").json
    codes = ["cash", "bank-card", "alipay", "wechat", "bank-transfer", "voucher", "other"]
    assert [method["code"] for method in seen["items"]] == codes
    assert seen["next"] is None


@pytest.mark.parametrize("path", ["/stores", "/methods"])
def test_nobody_reads_them_signed_out(app, path):
    assert Program(app, None)("GET", path).status_code == 401


@pytest.mark.parametrize("path", ["/stores", "/methods"])
@pytest.mark.parametrize("bad", ["page=1", "limit=0", "limit=201", "limit=two", "cursor=x", "limit=1&limit=1"])
def test_they_are_lists_like_the_others_and_take_nothing_else(app, clerk, monkeypatch, path, bad):
    assert program_of(app, clerk, monkeypatch)("GET", f"{path}?{bad}").status_code == 400


@pytest.mark.parametrize("path", ["/stores", "/methods"])
def test_they_are_read_page_by_page(app, owner, monkeypatch, path):
    for _ in range(2):
        in_transaction(lambda: create_store(new_code(), "North", actor=owner))
    program = program_of(app, owner, monkeypatch)
    whole = program("GET", f"{path}?limit=200").json["items"]
    seen, cursor = [], ""
    while cursor is not None:
        page = program("GET", f"{path}?limit=2{cursor and f'&cursor={cursor}'}").json
        assert 0 < len(page["items"]) <= 2
        seen, cursor = seen + page["items"], page["next"]
    assert seen == whole


def test_the_newest_store_comes_first(app, owner, monkeypatch):
    code = new_code()
    in_transaction(lambda: create_store(code, "North", actor=owner))
    seen = program_of(app, owner, monkeypatch)("GET", "/stores?limit=200").json["items"]
    assert [store["id"] for store in seen] == sorted((store["id"] for store in seen), reverse=True)
    assert seen[0]["code"] == code
