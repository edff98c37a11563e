"""The registers of basic information of broadband, in a real browser."""

import os
import secrets
from pathlib import Path

import pytest

from app.broadband.basics import nouns
from app.core.permissions import SUPER_ADMIN
from tests.broadband.things import ID_CARD, make
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.conftest import actor_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
REGISTERS = ("communities", "packages", "materials", "installers", "employees", "business-types")


@pytest.fixture
def employee(live) -> int:
    with live.app.app_context():
        owner = actor_of(live.app, SUPER_ADMIN)
        made = {noun.code: make(noun, owner) for noun in nouns.NOUNS}
        return made[nouns.EMPLOYEE.code]


def look(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"basics-{name}.png", full_page=True)
    assert_accessible(page)


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_every_register_is_accessible_and_quiet(live, new_page, employee, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    for name in REGISTERS:
        assert page.goto(f"{live.url}/broadband/{name}/list/").status == 200
        look(page, f"{name}-{size}")
    page.goto(f"{live.url}/broadband/employees/list/")
    page.get_by_placeholder("Whole ID number").fill(ID_CARD)
    page.get_by_role("button", name="Find by ID number").click()
    page.locator(".chip").wait_for()
    assert ID_CARD not in page.url + page.content()
    look(page, f"found-{size}")
    for path in ("packages/add", f"employees/edit/{employee}", f"employees/show/{employee}"):
        assert page.goto(f"{live.url}/broadband/{path}").status == 200
        look(page, f"{path.replace('/', '-')}-{size}")
    page.get_by_role("button", name="Reveal ID card no.").click()
    page.get_by_role("button", name="Yes, go on").click()
    page.locator("#revealed").wait_for()
    assert page.locator("#revealed").inner_text() == ID_CARD
    look(page, f"revealed-{size}")
    go(page, page.get_by_role("link", name="Back", exact=True).click)
    assert ID_CARD not in page.content()
    assert_quiet(page)


def test_a_material_is_entered_changed_and_removed(live, page):
    live.sign_in(page, live.person())
    number = secrets.token_hex(4)
    page.goto(f"{live.url}/broadband/materials/list/")
    page.get_by_role("link", name="Add").click()
    page.fill("[name=material_no]", number)
    page.fill("[name=material_name]", "Optical cable")
    page.fill("[name=unit_price]", "2.5")
    page.get_by_role("button", name="Save").click()
    row = page.locator("tr", has_text=number)
    assert "2.50" in row.inner_text()
    row.get_by_role("link", name=f"Edit {number}").click()
    page.fill("[name=unit_price]", "3")
    page.get_by_role("button", name="Save").click()
    assert "3.00" in row.inner_text()
    row.get_by_role("button", name=f"Remove {number}").click()
    page.get_by_role("button", name="Yes, go on").click()
    row.wait_for(state="detached")
    assert_quiet(page)
