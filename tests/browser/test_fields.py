"""The owner defines a field; a clerk fills it at the counter and finds by it in the list."""

import os
from pathlib import Path

import pytest

from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.permissions import ORDINARY_ADMIN
from app.fields.models import FieldKind
from app.fields.operations import define_field
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.counter.desk import customer_with

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
HOUSE = Actor.system("test")


def shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"fields_{name}.png", full_page=True)


@pytest.fixture(scope="module")
def customer(live) -> int:
    """A customer; and a field that is there already."""
    with live.app.app_context():
        made = customer_with("1234.50", "+8613911227788", HOUSE, "李蕾")
        given = {"labels": {"en": "Floor", "zh": "楼层"}, "position": 1, "name": "floor", "is_listed": True}
        in_transaction(lambda: define_field("customer", FieldKind.NUMBER, given, actor=HOUSE))
    return made


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark"), ("phone", "light")])
def test_every_page_is_accessible_and_quiet(live, new_page, customer, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    pages = {
        "list": "/custom-fields",
        "new": "/custom-fields/new?subject=customer",
        "change": "/custom-fields/1",
        "counter": f"/counter?customer={customer}",
        "entry": "/counter/new",
        "customers": "/customers/list/?filters=open",
    }
    for name, path in pages.items():
        assert page.goto(live.url + path).status == 200, path
        shoot(page, f"{name}_{size}_{theme}")
        assert_accessible(page)
    assert_quiet(page)


def test_a_field_is_defined_filled_at_the_counter_and_found_in_the_list(live, page, new_page, customer):
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/counter")
    page.click("a[href='/custom-fields']")
    page.click("text=New field")
    page.fill("[name=label_en]", "Bank branch")
    page.select_option("[name=kind]", "choice")
    page.fill("[name=choices]", "")
    page.check("[name=is_listed]")
    assert go(page, lambda: page.click(".form-buttons .btn-primary")) == 400  # a choice needs choices
    assert page.locator(".field-error").count() == 1
    page.fill("[name=choices]", "East\nWest")
    page.click(".form-buttons .btn-primary")
    page.wait_for_selector("text=bank_branch")
    page.check("[value=gender]")
    page.click("form .btn-primary")
    page.wait_for_selector(".alert-success")

    till = new_page()
    live.sign_in(till, live.person(ORDINARY_ADMIN, store_ids=[1]))
    till.goto(f"{live.url}/counter?customer={customer}")
    till.click(".folds summary:has-text('Change the customer')")
    assert till.locator("[name=gender]").count() == 0
    till.select_option("[name=custom_bank_branch]", "West")
    till.fill("[name=custom_floor]", "12")
    till.click(".folds details[open] .btn-primary")
    till.wait_for_selector(".who-fields :text('West')")
    shoot(till, "filled")
    assert_accessible(till)
    till.goto(f"{live.url}/customers/list/")
    till.click(".filters summary")
    till.select_option("[name=custom_bank_branch]", "West")
    till.fill("[name=custom_floor_from]", "10")
    till.click(".filter-fields .btn-primary")
    assert till.locator("td[data-label='Bank branch']").inner_text() == "West"
    assert till.locator(".chip").count() == 2
    shoot(till, "found")
    assert_quiet(till)

    page.on("dialog", lambda dialog: dialog.accept())
    page.click("tr:has-text('bank_branch') button")
    confirm = page.locator("dialog[open] .btn-danger, dialog[open] .btn-primary")
    if confirm.count():
        confirm.first.click()
    page.wait_for_selector("text=Show again")
    till.goto(f"{live.url}/counter?customer={customer}")
    assert till.locator("[name=custom_bank_branch]").count() == 0
    assert_quiet(page, but="400")
