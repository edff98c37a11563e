"""A role of which a second factor is demanded: nothing is open to it until there is one."""

import pytest

from app.core.permissions import ORDINARY_ADMIN
from app.extensions import db
from app.staff.queries import second_factor_of
from app.staff.refusals import SecondFactorNeeded
from tests.house.test_access import doors
from tests.staff.people import PASSWORD, browser_of, make, post
from tests.staff.telephones import PAGE, demand, set_up
from tests.staff.test_second_factor import enter


@pytest.fixture
def nothing_demanded(app):
    """What a test demands holds until its end."""
    yield
    demand()


def test_a_role_that_must_have_one_reaches_nothing_else_until_it_is_set_up(empty_house, monkeypatch):
    staff_id = make()
    browser, token = browser_of(empty_house, staff_id), enter(staff_id, None)
    demand(ORDINARY_ADMIN)
    monkeypatch.setitem(empty_house.config, "WTF_CSRF_ENABLED", False)
    left = {"SecondFactorView.show", "SecondFactorView.set_up", "LanguageView.change", "SignInView.logout"}
    machines = {"health.healthz", "health.readyz", "metrics.show", "api_session.start"}
    for (method, endpoint), rule in doors(empty_house).items():
        if endpoint in left | machines:
            continue
        values = {name: 1 if name not in ("name", "filename") else "none" for name in rule.arguments}
        with empty_house.test_request_context():
            path = empty_house.url_map.bind("localhost").build(rule.endpoint, values, method)
        answer = browser.open(path, method=method, headers={"Authorization": f"Bearer {token}"})
        led = answer.status_code == 401 if path.startswith("/api/") else answer.headers.get("Location") == PAGE
        assert led or answer.headers.get("Location") == PAGE, f"{method} {path}: {answer.status_code}"
    monkeypatch.undo()
    set_up(browser)
    assert browser.get("/counter").status_code == 200


def test_a_demanded_role_gets_no_token_without_and_cannot_take_it_off(app, nothing_demanded):
    staff_id = make("installer")
    demand("installer")
    with pytest.raises(SecondFactorNeeded) as needed:
        enter(staff_id, None)
    assert needed.value.must_set_up
    browser = browser_of(app, staff_id)
    assert browser.get("/profile").headers["Location"] == PAGE
    set_up(browser)
    assert browser.get("/profile").status_code == 200
    assert post(browser, PAGE + "/off", page=PAGE, password=PASSWORD).status_code == 409
    db.session.rollback()
    assert second_factor_of(staff_id) is not None
