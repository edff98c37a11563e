"""The counter by keyboard: few keys, none lost, the focus where the next key belongs; and how its pages look."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import DESKTOP, PHONE, go
from tests.browser.desk import Desk, balance_of, cookies_of, customer_with, kinds_of, new_phone

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")


@pytest.fixture(scope="module")
def clerk(live, chromium):
    return cookies_of(live, chromium, store_ids=[1])


@pytest.fixture
def desk(live, new_page, clerk):
    return Desk(live, new_page(storage_state=clerk))


def test_a_recharge_takes_the_number_the_amount_and_no_more_than_three_keys(desk, live):
    phone, amount = new_phone(), "100"
    customer = customer_with(live, phone=phone)
    desk.page.goto(f"{live.url}/counter")

    desk.press(*phone)
    desk.enter()
    desk.press(*amount)
    desk.enter()

    assert kinds_of(live, customer) == [("recharge", "100.00")]
    assert desk.keys <= len(phone) + len(amount) + 3
    assert desk.focus() == "q"
    assert desk.page.input_value("[data-finder]") == ""


def test_a_consumption_takes_one_key_more(desk, live):
    customer = customer_with(live, "50", phone=(phone := new_phone()))
    desk.page.goto(f"{live.url}/counter")

    desk.press(*phone)
    desk.enter()
    desk.press("-", *"20")
    desk.enter()

    assert kinds_of(live, customer)[1:] == [("consumption", "20.00")]
    assert desk.keys <= len(phone) + len("20") + 3


def hold_back(page, address):
    """Keep requests there waiting, as a slow network does. Call the answer to let the only one go."""
    held = []
    page.route(address, lambda route: held.append(route))

    def let_go():
        while not held:
            page.wait_for_timeout(10)
        go(page, lambda: held.pop().continue_())
        assert not held

    return let_go


def test_keys_typed_before_the_next_page_has_come_are_not_lost(desk, live):
    customer = customer_with(live, phone=(phone := new_phone()))
    page = desk.page
    page.goto(f"{live.url}/counter")
    let_go = hold_back(page, "**/counter?q=*")

    desk.press(*phone, "Enter", *"1250", "Enter")
    let_go()

    assert page.input_value("#recharge-amount") == "1250"
    assert kinds_of(live, customer) == []  # Enter was not kept: he was not on the screen yet
    desk.enter()
    assert kinds_of(live, customer) == [("recharge", "1250.00")]


def test_keys_typed_ahead_never_become_an_amount_of_somebody_else(desk, live):
    """After a posting one types the next phone number; a refusal must not take it for an amount."""
    customer = customer_with(live, "10")
    page = desk.page
    desk.open(customer)
    let_go = hold_back(page, "**/consume")

    desk.press("-", *"99", "Enter", *"1380013")
    let_go()

    assert page.input_value("#consume-amount") == "99"
    assert page.input_value("#recharge-amount") == ""


def test_among_several_the_first_opens_by_enter_and_arrows_go_on(desk, live):
    family = f"Ouyang{new_phone()}"
    ids = [customer_with(live, name=f"{family} {first}") for first in ("Ann", "Bob", "Cai")]
    page = desk.page
    chosen = "document.activeElement.getAttribute('href')"

    desk.find(family)
    assert page.evaluate(chosen).endswith(f"={ids[2]}")
    desk.press("ArrowDown")
    assert page.evaluate(chosen).endswith(f"={ids[1]}")
    desk.press("ArrowUp", "ArrowUp")
    assert desk.focus() == "q"
    desk.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    assert page.evaluate(chosen).endswith(f"={ids[0]}")
    desk.press("7")
    assert page.input_value("[data-finder]") == "7"

    desk.find(family)
    desk.enter()
    assert page.url.endswith(f"customer={ids[2]}")


def test_escape_leads_back_to_the_search_line_and_signs_between_the_amounts(desk, live):
    desk.open(customer_with(live, "50"))
    assert desk.focus() == "recharge-amount"

    desk.press("-")
    assert desk.focus() == "consume-amount"
    desk.press("+")
    assert desk.focus() == "recharge-amount"
    desk.press("Tab")
    assert desk.focus() == "recharge-method1"  # the buttons with amounts are not in the way
    desk.press("Escape")
    assert desk.focus() == "q"
    stops = next(stop for stop in range(1, 20) if desk.press("Tab") or desk.focus() == "recharge-amount")
    assert stops <= 7  # past the search, who he is, and his statement
    desk.press("/")
    assert desk.focus() == "q"


LEFT = (
    ("recharge", "", "¥50.00"),
    ("recharge", "1,234.5", "¥1,284.50"),
    ("recharge", "１００", "¥150.00"),
    ("recharge", "￥20", "¥70.00"),
    ("recharge", "1.234", "—"),
    ("recharge", "1e3", "—"),
    ("consume", "19.99", "¥30.01"),
    ("consume", "50", "¥0.00"),
    ("consume", "50.01", "¥0.01"),
)


def test_what_will_be_left_is_told_while_one_types(desk, live):
    desk.open(customer_with(live, "50"))
    for form, typed, figure in LEFT:
        desk.page.fill(f"#{form}-amount", typed)

        told = desk.page.locator(f"[data-after={form}]")
        assert told.locator("[data-figure]").inner_text() == figure, typed
        assert ("is-short" in told.get_attribute("class")) == (typed == "50.01")


def test_an_amount_is_chosen_by_a_click_and_sent_by_enter(desk, live):
    customer = customer_with(live)
    desk.open(customer)

    desk.page.click("[data-quick=recharge-amount] >> text=200")
    assert desk.page.inner_text("[data-after=recharge] [data-figure]") == "¥200.00"
    desk.enter()

    assert balance_of(live, customer) == "200.00"


def test_the_screen_is_seen_whole_without_scrolling(desk, live):
    desk.open(customer_with(live, "50"))

    for what in ("[data-finder]", ".wallet", ".take-in button.btn-lg", ".take-out button.btn-lg"):
        box = desk.page.locator(what).bounding_box()
        assert box["y"] + box["height"] <= DESKTOP["height"], what


def test_a_receipt_prints_alone(desk, live):
    customer = customer_with(live)
    desk.open(customer)
    desk.send("recharge", "12")
    desk.answer_to(lambda: desk.page.click(".done-tools a >> nth=0"))

    desk.page.emulate_media(media="print")

    assert desk.page.locator(".paper").is_visible()
    for chrome in (".topbar", ".side", ".page-head", ".find", "#reverse"):
        assert not desk.page.locator(chrome).first.is_visible(), chrome


def _pages(live, desk):
    """Every kind of page that the counter shows; each is on the screen when it is named."""
    page, phone, family = desk.page, new_phone(), f"Sima{new_phone()}"
    customer = customer_with(live, "1234567.89", phone=phone, name="Anna Maria Alexandrowna Konstantinopolskaja-Winter")
    for first in ("Ann", "Bob"):
        customer_with(live, "5", name=f"{family} {first}")
    page.goto(f"{live.url}/counter")
    yield "empty"
    desk.find(family)
    yield "several"
    desk.find(new_phone())
    yield "none"
    desk.find(phone)
    yield "customer"
    page.evaluate("document.querySelectorAll('.folds details').forEach(each => { each.open = true })")
    yield "folds"
    assert desk.send("recharge", "1e3") == 400
    assert desk.focus() == "recharge-amount"
    yield "invalid"
    assert desk.send("consume", "9999999") == 409
    yield "refused"
    assert desk.send("recharge", "77") == 200
    yield "done"
    page.goto(f"{live.url}/counter?customer={customer}")
    assert desk.send("recharge", "77") == 409
    yield "again"
    desk.answer_to(lambda: page.click(".moves a.btn-icon >> nth=0"))
    yield "receipt"
    assert desk.enter() == 400
    assert desk.focus() == "reverse-reason"
    yield "receipt-invalid"
    page.goto(f"{live.url}/counter/new?phone=123")
    page.fill("#name", "Ann")
    assert desk.answer_to(lambda: page.press("#name", "Enter")) == 400
    assert desk.focus() == "phone"
    yield "new-invalid"


@pytest.mark.parametrize(("size", "theme"), [("desk", "light"), ("phone", "dark")])
def test_every_page_of_the_counter_is_accessible_and_quiet(live, new_page, clerk, size, theme):
    viewport = PHONE if size == "phone" else DESKTOP
    desk = Desk(live, new_page(viewport=viewport, color_scheme=theme, storage_state=clerk))
    for name in _pages(live, desk):
        if SHOTS:
            desk.page.screenshot(path=Path(SHOTS) / f"counter-{name}_{size}_{theme}.png", full_page=True)
        desk.assert_good()
