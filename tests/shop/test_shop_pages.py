"""The shop's pages, as the owner and a clerk see them."""

import pytest

from app.audit.queries import Wanted, operation_records
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.shop import queries
from app.shop.models import Method
from tests.shop.test_stores import new_code
from tests.staff.people import browser_of, make, post


@pytest.fixture
def at_desk(app):
    """The owner's browser and a clerk's."""
    return browser_of(app, make(SUPER_ADMIN)), browser_of(app, make())


def fresh():
    db.session.rollback()


@pytest.mark.parametrize("path", ["/settings", "/payment-methods", "/help/edit", "/stores/add", "/stores/edit/1"])
def test_only_the_owner_opens_what_changes_the_shop(app, at_desk, path):
    owner, clerk = at_desk
    assert owner.get(path).status_code == 200
    assert clerk.get(path).status_code == 403
    assert post(clerk, path, page="/profile").status_code == 403
    assert app.test_client().get(path).status_code == 302


@pytest.mark.parametrize("path", ["/help", "/stores/list/", "/stores/show/1"])
def test_everybody_at_the_counter_reads_help_and_stores(app, at_desk, path):
    for browser in at_desk:
        assert browser.get(path).status_code == 200
    assert app.test_client().get(path).status_code == 302


def test_a_store_is_made_and_changed(at_desk):
    owner, _clerk = at_desk
    code = new_code()
    assert post(owner, "/stores/add", code=code, name=" Harbour ").status_code == 302
    fresh()
    store = queries.store_by_code(code)
    assert store.name == "Harbour"
    assert post(owner, f"/stores/edit/{store.id}", name="Old harbour").status_code == 302
    fresh()
    assert queries.store_by_code(code) == (store.id, code, "Old harbour", False)
    assert post(owner, "/stores/add", code=code, name="Twice").status_code == 409
    answer = post(owner, "/stores/add", code="Not a code", name="Kept as typed")
    assert answer.status_code == 400
    assert "Kept as typed" in answer.text
    assert owner.post(f"/stores/delete/{store.id}").status_code in (404, 400)


def test_methods_are_switched_together(at_desk):
    owner, _clerk = at_desk
    on = {method.name.lower(): "y" for method in Method if method is not Method.OTHER}
    assert post(owner, "/payment-methods", **on).status_code == 302
    fresh()
    assert Method.OTHER not in queries.methods_on()
    assert 'name="other"' in owner.get("/payment-methods").text
    assert post(owner, "/payment-methods", **on, other="y").status_code == 302
    fresh()
    assert queries.methods_on() == list(Method)


def test_settings_are_shown_saved_and_refused_at_their_field(at_desk):
    owner, _clerk = at_desk
    answer = post(owner, "/settings", balance_limit="abc", phone_region="CN")
    assert answer.status_code == 400
    assert "abc" in answer.text
    assert post(owner, "/settings", phone_region="nowhere").status_code == 400
    assert post(owner, "/settings", bonus_from="100", phone_region="CN").status_code == 400
    assert post(owner, "/settings", balance_limit="900000000", phone_region="CN").status_code == 302
    assert "900000000.00" in owner.get("/settings").text
    assert post(owner, "/settings", phone_region="CN").status_code == 302
    fresh()
    assert queries.setting("balance_limit") is None


def test_the_help_is_written_and_shown_as_plain_text(at_desk):
    owner, clerk = at_desk
    fresh()
    version = queries.help_page("en").version
    body = "<script>alert(1)</script>\n\n- first\n- second"
    answer = post(owner, "/help/edit?locale=en", version=version, body=body)
    assert answer.status_code == 302
    shown = clerk.get("/help").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<li>first</li>" in shown
    fresh()
    assert "shop.write-help" in {line.operation for line in operation_records(Wanted(object_type="help-text"), limit=5)}
    stale = post(owner, "/help/edit?locale=en", version=version, body="mine")
    assert stale.status_code == 412
    assert "mine" in stale.text
    assert post(owner, "/help/edit?locale=en", version="x", body="mine").status_code == 400
    assert post(owner, "/help/edit?locale=en", version=version + 1, body="").status_code == 400
    assert owner.get("/help/edit?locale=fr").status_code == 404


def test_the_help_speaks_the_readers_language(at_desk):
    _owner, clerk = at_desk
    fresh()
    body = queries.help_page("zh").body.splitlines()[0]
    assert body in clerk.get("/help", headers={"Accept-Language": "zh-CN"}).text
