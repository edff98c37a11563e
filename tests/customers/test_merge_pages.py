"""The pages of a merge: both customers side by side, done once, refused with the form as it was typed."""

import re
from decimal import Decimal

import pytest

from app.core.db import in_transaction
from app.core.permissions import SUPER_ADMIN
from app.customers.operations import change_customer
from app.ledger.operations import freeze
from tests.customers.merging import balance, customer, merge, pair, postings_of
from tests.staff.people import browser_of, make


@pytest.fixture
def boss(app):
    return browser_of(app, make(SUPER_ADMIN))


def form(browser, gone: int, kept: int) -> dict[str, str]:
    page = browser.get(f"/customers/{gone}/merge?into={kept}").text
    hidden = re.findall(r'<input (?=[^>]*type="hidden")[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
    names = {"csrf_token", "key", "into", "kept_version", "gone_version"}
    return {name: value for name, value in hidden if name in names} | {
        "phone": "kept",
        "name": "kept",
        "reason": "one person",
        "sure": "y",
    }


def test_the_other_one_is_looked_for_and_both_are_shown(boss, owner, new_phone):
    gone, kept = pair(new_phone, owner)

    found = boss.get(f"/customers/{gone}/merge", query_string={"q": customer(kept).phone}).text
    both = boss.get(f"/customers/{gone}/merge?into={kept}").text

    assert f"/customers/{gone}/merge?into={kept}" in found
    assert "¥30.00" in both
    assert "¥12.00" in both
    assert f"/customers/{kept}/merge?into={gone}" in both


def test_a_form_that_is_sent_twice_merges_once(boss, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    typed = form(boss, gone, kept)

    first, again = (boss.post(f"/customers/{gone}/merge", data=typed) for _ in range(2))

    assert first.status_code == again.status_code == 302
    assert first.location == again.location
    assert balance(kept) == Decimal("42.00")
    assert len(postings_of(kept)) == 2
    assert customer(gone).customer_no in boss.get(first.location).text


@pytest.mark.parametrize("without", ["reason", "sure", "key", "gone_version"])
def test_an_incomplete_form_is_shown_again(boss, owner, new_phone, without):
    gone, kept = pair(new_phone, owner)
    typed = {name: value for name, value in form(boss, gone, kept).items() if name != without}

    assert boss.post(f"/customers/{gone}/merge", data=typed).status_code == 400
    assert customer(gone).deleted_at is None


def test_a_refusal_is_told_and_leaves_no_trace(boss, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    typed = form(boss, gone, kept)
    in_transaction(lambda: freeze(kept, actor=owner))

    answer = boss.post(f"/customers/{gone}/merge", data={**typed, "gone_version": customer(gone).version})

    assert answer.status_code == 409
    assert "frozen" in answer.text
    assert (balance(gone), customer(gone).deleted_at) == (Decimal("30.00"), None)


def test_who_was_changed_meanwhile_is_looked_at_again(boss, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    typed = form(boss, gone, kept)
    in_transaction(lambda: change_customer(gone, {"name": "Somebody else"}, actor=owner))

    answer = boss.post(f"/customers/{gone}/merge", data=typed)

    assert answer.status_code == 412
    assert "Somebody else" in answer.text


def test_nobody_is_merged_with_himself_or_with_nobody(boss, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    typed = form(boss, gone, kept)

    for into in (gone, 2**62, "x", ""):
        assert boss.get(f"/customers/{gone}/merge?into={into}").status_code in (200, 404)
        assert boss.post(f"/customers/{gone}/merge", data={**typed, "into": into}).status_code in (400, 404, 409)
    assert balance(kept) == Decimal("12.00")


def test_a_clerk_finds_no_way_to_it(app, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    till = browser_of(app, make(store_ids=[1]))

    for page in ("/customers/list/", f"/counter?customer={gone}"):
        assert "/merge" not in till.get(page).text
    assert till.get(f"/customers/{gone}/merge?into={kept}").status_code == 403
    assert till.post(f"/customers/{gone}/merge").status_code in (400, 403)


def test_the_counter_leads_on_to_who_was_kept(boss, owner, new_phone):
    gone, kept = pair(new_phone, owner)
    merge(gone, kept, owner)

    assert boss.get(f"/counter?customer={gone}").location == f"/counter?customer={kept}"
