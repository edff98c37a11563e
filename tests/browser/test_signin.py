"""A second factor, own sessions and keys of programs, as people meet them in a real browser."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.staff.people import PASSWORD
from tests.staff.telephones import now_code

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")


def look(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"signin_{name}.png", full_page=True)
    assert_accessible(page)


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_a_person_sets_up_a_second_factor_and_signs_in_with_it(live, new_page, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    name = live.person()
    live.sign_in(page, name)
    page.goto(f"{live.url}/profile/second-factor")
    secret = page.locator("#manual-key").inner_text().replace(" ", "")
    assert page.locator(".scan img").evaluate("each => each.naturalWidth") > 100
    look(page, f"set_up_{size}")
    page.fill("[name=code]", now_code(secret))
    page.fill("[name=password]", PASSWORD)
    page.click(".form-card .btn-primary")
    page.wait_for_selector(".paper-codes")
    assert page.locator(".paper-codes li").count() == 10
    paper = page.locator(".paper-codes li").first.inner_text()
    look(page, f"paper_{size}")
    page.goto(f"{live.url}/profile/second-factor")
    look(page, f"second_factor_{size}")

    other = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    other.goto(f"{live.url}/login/?next=/profile")
    other.fill("[name=username]", name)
    other.fill("[name=password]", PASSWORD)
    other.press("[name=password]", "Enter")
    other.wait_for_selector("[name=code]")
    look(other, f"code_{size}")
    other.fill("[name=code]", now_code(secret, 1))
    other.press("[name=code]", "Enter")
    other.wait_for_url(f"{live.url}/profile")
    page.goto(f"{live.url}/profile/sessions")
    assert page.locator("tbody tr").count() == 2
    look(page, f"sessions_{size}")
    page.locator("tbody form button").click()
    page.wait_for_selector(".alert-success")
    other.goto(f"{live.url}/profile")
    assert "/login/" in other.url

    other.fill("[name=username]", name)
    other.fill("[name=password]", PASSWORD)
    other.press("[name=password]", "Enter")
    other.fill("[name=code]", paper)
    other.press("[name=code]", "Enter")
    other.wait_for_url(lambda address: "/login/" not in address)
    assert_quiet(page)
    assert_quiet(other)


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_an_owner_makes_and_revokes_a_key(live, new_page, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/api-keys/new")
    look(page, f"key_form_{size}")
    page.fill("[name=name]", f"web shop {size}")
    page.check("[name=stores]")
    page.click(".form-card .btn-primary")
    assert page.locator("#api-key").inner_text().startswith("pdk_")
    look(page, f"key_{size}")
    go(page, lambda: page.click(".form-buttons .btn-primary"))
    look(page, f"keys_{size}")
    key = page.locator("tr", has_text=f"web shop {size}")
    key.locator("button").click()
    page.locator("#ask [value=yes]").click()
    key.locator(".pill-bad").wait_for()  # of this key: others may have been revoked before
    page.goto(f"{live.url}/overview")
    assert page.locator(".guide-step").count() == 9
    look(page, f"overview_{size}")
    page.goto(f"{live.url}/settings")
    look(page, f"settings_{size}")
    page.goto(f"{live.url}/profile")
    look(page, f"profile_{size}")
    assert_quiet(page)
