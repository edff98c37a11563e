"""The pages of the shop, the operation records and the API's document, in a real browser."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
PAGES = {
    "stores": "/stores/list/",
    "store": "/stores/edit/1",
    "methods": "/payment-methods",
    "settings": "/settings",
    "help": "/help",
    "help_form": "/help/edit",
    "records": "/operation-records/list/",
    "record": "/operation-records/show/2",
    "api": "/api/docs",
}
# The API's document has a section for each call and each shape, all out of one template. axe looks at every twelfth, as
# all of them take it half a minute; what only the whole page shows is looked at here: names used twice, the width.
THIN_OUT = """() => {
  const names = [...document.querySelectorAll("[id]")].map((each) => each.id);
  const isWhole = new Set(names).size === names.length && document.documentElement.scrollWidth <= innerWidth;
  document.querySelectorAll("main section").forEach((each, number) => { if (number % 12) each.remove(); });
  return isWhole;
}"""


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_every_page_is_accessible_and_quiet(live, new_page, size, theme):
    page = new_page(viewport=PHONE if size == "phone" else DESKTOP, color_scheme=theme)
    live.sign_in(page, live.person())
    for name, path in PAGES.items():
        assert page.goto(live.url + path).status == 200, path
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"shop_{name}_{size}.png", full_page=name != "api")
        assert name != "api" or page.evaluate(THIN_OUT)
        assert_accessible(page)
    assert_quiet(page)


def test_the_owner_sets_a_bonus_and_finds_it_in_the_records(live, page):
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/settings")
    page.fill("[name=bonus_from]", "500")
    assert go(page, lambda: page.click("button.btn-primary")) == 400
    assert page.locator(".field-error").count() == 1
    page.fill("[name=bonus_gift]", "30")
    page.click("button.btn-primary")
    page.wait_for_selector(".alert-success")
    page.goto(f"{live.url}/operation-records/list/")
    assert "500.00" in page.locator("table").inner_text()
