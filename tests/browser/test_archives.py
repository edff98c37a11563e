"""The owner's way into an archive, in a real browser."""

import os

import pytest

from app.core import clock
from app.core.db import in_transaction
from app.customers.past import PastCustomer, take_in
from app.extensions import db
from app.retention.run import retain
from tests.browser.conftest import PHONE, assert_accessible, assert_quiet
from tests.retention.conftest import RUN_DAY, SMALL_FIRST, SMALL_LAST, SOMEBODY, at, open_shop

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def kept(live, tmp_path_factory):
    """The house after its August has left."""
    before = clock.shop_clock()
    with live.app.app_context():
        people = [PastCustomer(f"+861390000000{n}", f"客户{n}", 1, at(SMALL_FIRST), 1) for n in range(1, 5)]
        in_transaction(lambda: take_in(people))
        open_shop(live.app, tmp_path_factory.mktemp("archives"), SMALL_FIRST, SMALL_LAST, every=1)
        retain(today=RUN_DAY, actor=SOMEBODY)
        db.session.remove()
    yield live
    clock.configure(before.zone.key, "00:00", (clock.real_now() + before.shift).isoformat())


@pytest.mark.parametrize(("viewport", "scheme"), [(None, "light"), (PHONE, "dark")])
def test_the_owner_looks_into_an_archive(kept, new_page, viewport, scheme):
    more = {"viewport": viewport} if viewport else {}
    page = new_page(color_scheme=scheme, **more)
    kept.sign_in(page, kept.person())
    page.goto(f"{kept.url}/archives")
    assert page.locator("td", has_text="2025-08").count() == 2
    page.fill("[name=customer]", "C000002")
    page.select_option("[name=month]", "2025-08-01")
    page.click("button:has-text('Look')")
    page.wait_for_selector("#found")
    assert "客户2" in page.inner_text("#found")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/archives-{scheme}.png", full_page=True)
    assert_accessible(page)
    assert_quiet(page)
