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


def test_they_take_no_parameters(app, clerk, monkeypatch):
    assert program_of(app, clerk, monkeypatch)("GET", "/stores?page=1").status_code == 400
