"""Every kind of page that app/ui gives: clean under axe, quiet, in light and dark, on a desk and on a phone."""

import os
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import in_transaction
from app.customers.models import Customer, CustomerType
from app.extensions import db
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, serve
from tests.ui.demo import furnish

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
PAGES = {
    "list": "/democustomerview/list/",
    "filtered": "/democustomerview/list/?_flt_0_type=vip&_flt_0_name=a&filters=open",
    "empty": "/democustomerview/list/?_flt_0_name=nobody-at-all",
    "amounts": "/demoaccountview/list/",
    "record": "/demostoreview/show/1",
    "form": "/democustomerview/edit/1",
    "add": "/demostoreview/add",
    "hello": "/demo/hello",
    "profile": "/profile",
    "password": "/profile/password",
}
ERRORS = {"forbidden": ("/demo/fail/403", 403), "missing": ("/nowhere", 404), "refused": ("/demo/refused", 409)}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    for house in serve(tmp_path_factory.mktemp("live"), furnish):
        with house.app.app_context():
            in_transaction(_people)
        yield house


def _people() -> None:
    names = ("王小明", "Anna Maria Alexandrowna", "陳美玲", "李雷", "Zoë")
    for number in range(60):
        db.session.add(
            Customer(
                customer_no=str(number),
                phone=f"+861380013{number:04}",
                name=names[number % 5],
                type=list(CustomerType)[number % 5],
                store_id=1,
                created_at=clock.now(),
                note="A note that is long enough to be broken over several lines. " * 3,
            )
        )


def _shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("desk", "dark"), ("phone", "light")])
def test_every_page_is_accessible_and_quiet(live, new_page, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    page.goto(f"{live.url}/login/")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
    _shot(page, f"login_{size}_{theme}")
    assert_accessible(page)
    live.sign_in(page, live.person())
    for name, path in PAGES.items():
        assert page.goto(live.url + path).status == 200, path
        _shot(page, f"{name}_{size}_{theme}")
        assert_accessible(page)
    assert_quiet(page)
    for name, (path, status) in ERRORS.items():
        assert page.goto(live.url + path).status == status
        _shot(page, f"{name}_{size}_{theme}")
        assert_accessible(page)
