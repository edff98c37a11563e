"""The customer list: combined filters, orders, pages by key, and a bound on what one request looks at."""

import re
import secrets
from datetime import timedelta
from decimal import Decimal

import pytest

from app.core import clock, days
from app.core.actor import Actor
from app.core.db import in_transaction
from app.core.errors import Invalid
from app.core.permissions import SUPER_ADMIN
from app.customers import listing
from app.customers.operations import change_customer, delete_customer
from app.ledger.models import WalletStatus
from app.ledger.operations import freeze, recharge
from app.shop.models import Method
from app.ui import keyset
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, make

D = Decimal
ANYBODY = Actor.system("test")


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


@pytest.fixture
def till(app):
    return browser_of(app, make(store_ids=[1]))


@pytest.fixture
def tribe(app, owner, new_phone):
    """Six customers of one unusual name, with 0.00, 10.00 ... 50.00. Their name and their ids, oldest first."""
    name = f"Zhuge {secrets.token_hex(4)}"
    return name, [customer_with(f"{10 * nth}.00", new_phone(), owner, name) for nth in range(6)]


def ids(filters, **more) -> list[int]:
    return [row.id for row in listing.find(filters, actor=ANYBODY, **more).rows]


def test_filters_are_combined(app, owner, tribe):
    name, made = tribe
    in_transaction(lambda: freeze(made[3], actor=owner))
    in_transaction(lambda: change_customer(made[4], {"type": "vip"}, actor=owner))

    assert ids({"name": name}) == made[::-1]
    assert ids({"name": name, "balance_min": D("20"), "balance_max": D("40")}) == made[4:1:-1]
    assert ids({"name": name, "balance_min": D("20"), "status": WalletStatus.FROZEN}) == [made[3]]
    assert ids({"name": name, "type": "vip"}) == [made[4]]
    assert ids({"name": name.lower(), "store_id": 1, "balance_max": D("0")}) == [made[0]]
    assert ids({"name": name, "store_id": 2**30}) == []
    assert ids({"name": name.replace("e", "%")}) == []


def test_a_phone_is_found_whole_by_its_end_and_by_its_beginning(app, owner, new_phone):
    phone = f"+86139{secrets.randbelow(10**8):08}"
    made = customer_with("0.00", phone, owner)

    for filters in (
        {"phone": phone},
        {"phone": phone[3:]},
        {"phone": phone[-5:]},
        {"phone_start": phone[3:12]},
        {"phone_start": phone[:12]},
        {"phone_start": phone[3:8], "phone": phone[-6:]},
    ):
        assert made in ids(filters), filters
    assert made not in ids({"phone_start": phone[4:10]})
    with pytest.raises(Invalid):
        listing.find({"phone_start": "x"}, actor=ANYBODY)


def test_a_name_is_found_by_how_it_begins_in_an_order_that_an_index_serves(app, boss, tribe):
    name, made = tribe
    assert ids({"name_start": name}, order="name") == made
    assert ids({"name_start": name[1:]}, order="name") == []
    assert listing.usual_order({"name_start": name, "store_id": 1}) == "name"
    page = boss.get("/customers/list/", query_string={"name_start": name}).text
    assert all(f"/customers/show/{each}" in page for each in made)


def test_days_of_the_shop_are_whole(app, tribe):
    name, made = tribe
    today = days.today()
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)

    assert ids({"name": name, "created_from": today, "created_to": today}) == made[::-1]
    assert ids({"name": name, "created_to": yesterday}) == ids({"name": name, "created_from": tomorrow}) == []


def test_last_activity_is_the_last_posting_or_the_day_of_entering(app, owner, tribe, shop_time):
    name, made = tribe
    today = days.today()
    shop_time(today + timedelta(days=40))
    in_transaction(lambda: recharge(made[2], D("1"), method=Method.CASH, store_id=1, actor=owner))
    later = days.today()

    assert ids({"name": name, "active_from": later}) == [made[2]]
    others = [each for each in made[::-1] if each != made[2]]
    assert ids({"name": name, "active_to": later - timedelta(days=1)}) == others
    # The first one never moved anything: he is as old as his entry.
    assert made[0] not in ids({"name": name, "active_from": today})
    assert made[0] in ids({"name": name, "active_to": today})
    assert ids({"name": name, "active_to": today - timedelta(days=1)}) == []


@pytest.mark.parametrize("order", [*listing.ORDERS, *(f"-{name}" for name in listing.ORDERS)])
def test_every_order_goes_through_all_pages_without_gap_or_double(app, tribe, order):
    name, made = tribe
    seen, after = [], None
    for _ in range(10):
        found = listing.find({"name": name}, actor=ANYBODY, order=order, after=after, limit=2)
        seen += found.rows
        after = found.after
        if after is None:
            break

    assert sorted(row.id for row in seen) == made
    keys = [(getattr(row, listing.ORDERS[order.removeprefix("-")].key), row.id) for row in seen]
    assert keys == sorted(keys, reverse=order.startswith("-"))


def test_a_scanning_filter_stops_says_so_and_goes_on(app, tribe, monkeypatch):
    name, made = tribe
    monkeypatch.setattr(keyset, "MOST_LOOKED_AT", 4)

    first = listing.find({"name": name, "balance_max": D("10")}, actor=ANYBODY)
    assert (list(first.rows), first.looked_to, first.after) == ([], (made[2],), (made[2],))
    further = listing.find({"name": name, "balance_max": D("10")}, actor=ANYBODY, after=first.after)

    assert [row.id for row in further.rows] == [made[1], made[0]]
    monkeypatch.setattr(listing, "MOST_SUMMED", 4)
    assert listing.sums({"name": name, "balance_max": D("40")}, actor=ANYBODY) == (3, D("90.00"), D("0"), True)
    assert listing.sums({"store_id": 1}, actor=ANYBODY) == (4, None, None, True)


def test_an_indexed_filter_is_not_cut(app, owner, tribe, monkeypatch):
    monkeypatch.setattr(keyset, "MOST_LOOKED_AT", 4)
    assert listing.find({"store_id": 1}, actor=ANYBODY, limit=2).looked_to is None


def test_the_deleted_are_not_listed(app, owner, tribe):
    name, made = tribe
    in_transaction(lambda: delete_customer(made[0], reason="moved", actor=owner))
    assert made[0] not in ids({"name": name})


def test_the_whole_list_is_walked_in_batches(app, tribe):
    name, made = tribe
    assert [row.id for row in listing.every({"name": name}, actor=ANYBODY, order="id", at_once=2)] == made


def test_the_page_combines_filters_and_shows_what_is_looked_for(boss, tribe):
    name, made = tribe
    page = boss.get("/customers/list/", query_string={"name": name, "balance_min": "15", "balance_max": "35"}).text

    assert [f"/customers/show/{each}" in page for each in made] == [False, False, True, True, False, False]
    assert "Balance from: ¥15.00" in page
    assert f"/customers/{made[2]}/statement" in page


def test_only_the_owner_sees_what_it_comes_to(boss, till, tribe):
    name, _made = tribe
    assert "¥150.00" in boss.get("/customers/list/", query_string={"name": name}).text
    seen = till.get("/customers/list/", query_string={"name": name}).text
    assert "¥50.00" in seen
    assert "¥150.00" not in seen
    assert "<tfoot" not in seen
    assert "/customers/export" not in seen


def test_the_page_goes_on_by_a_click(boss, tribe, monkeypatch):
    name, made = tribe
    monkeypatch.setattr(keyset, "MOST_LOOKED_AT", 4)
    page = boss.get("/customers/list/", query_string={"name": name, "balance_max": "0"}).text
    assert "4 customers were looked at so far." in page

    further = re.search(r'rel="next" href="([^"]+)"', page).group(1).replace("&amp;", "&")

    assert f"/customers/show/{made[0]}" in boss.get(further).text


@pytest.mark.parametrize("order", ["number", "-created", "name", "-phone"])
def test_pages_of_the_page_go_by_key(boss, tribe, order):
    name, made = tribe
    page = boss.get("/customers/list/", query_string={"name": name, "order": order, "psize_CustomersView": 4}).text
    further = boss.get(re.search(r'rel="next" href="([^"]+)"', page).group(1).replace("&amp;", "&")).text
    found = {int(each) for each in re.findall(r"/customers/show/(\d+)", page)}
    more = {int(each) for each in re.findall(r"/customers/show/(\d+)", further)}

    assert (len(found), len(more), found | more) == (4, 2, set(made))


@pytest.mark.parametrize(
    "query",
    [
        "balance_min=x",
        "balance_min=5&balance_max=4",
        "created_from=2026-13-01",
        "type=none",
        "status=none",
        "store=none",
        "phone=ab",
        "phone_start=ab",
        "order=balance",
        "after=abc",
        "_flt_0_name=x",
        "page_CustomersView=abc",
    ],
)
def test_what_cannot_be_meant_is_answered_with_400(boss, query):
    assert boss.get(f"/customers/list/?{query}").status_code == 400


def test_the_list_says_who_was_active_when(boss, tribe):
    name, _made = tribe
    day = clock.shop_clock().business_date(clock.now())
    assert f"{day.day}" in boss.get("/customers/list/", query_string={"name": name}).text
