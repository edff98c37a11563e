"""All of S0 in a real browser, as the two people for whom it was asked: a clerk's day and an owner's day."""

import pytest

from app.core.permissions import ORDINARY_ADMIN, SUPER_ADMIN
from tests.browser.walk import ROWS, Walk, furnish, rows_of, walk_through
from tests.browser.walk_clerk import CLERKS_DAY
from tests.browser.walk_owner import OWNERS_DAY

pytestmark = pytest.mark.browser
BOTH_WAYS = {14, 16, 21, 29, 30}  # one may, the other may not


@pytest.fixture(scope="module")
def shop(live, tmp_path_factory):
    return furnish(live, tmp_path_factory.mktemp("archives"))


def test_a_clerk_walks_through_a_day(live, page, new_page, shop):
    clerk = live.person(ORDINARY_ADMIN, store_ids=[1], display_name="陈静", phone="13812340000")
    walk_through(CLERKS_DAY, Walk(live, page, new_page, shop, clerk))


def test_an_owner_walks_through_a_day(live, page, new_page, shop):
    walk_through(OWNERS_DAY, Walk(live, page, new_page, shop, live.person(SUPER_ADMIN, display_name="老板")))


def test_together_they_walk_through_every_row_in_order():
    clerk, owner = rows_of(CLERKS_DAY), rows_of(OWNERS_DAY)
    assert clerk == sorted(set(clerk))
    assert owner == sorted(set(owner))
    assert set(clerk) | set(owner) == set(range(1, ROWS + 1))
    assert set(clerk) & set(owner) >= BOTH_WAYS
