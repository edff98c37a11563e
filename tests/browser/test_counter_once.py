"""No posting twice and none by mistake, whatever a browser does: clicks, tabs, back, reload, two people at once."""

import pytest

from tests.browser.desk import Desk, balance_of, cookies_of, customer_with, kinds_of, new_phone, pay_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def clerk(live, chromium):
    return cookies_of(live, chromium, store_ids=[1])


@pytest.fixture(scope="module")
def owner(live, chromium):
    return cookies_of(live, chromium, "super-admin")


@pytest.fixture
def desk(live, new_page, clerk):
    return Desk(live, new_page(storage_state=clerk))


@pytest.fixture
def customer(live):
    return customer_with(live, "50")


@pytest.fixture
def other(live, new_page, owner):
    """The owner, at another machine."""
    return Desk(live, new_page(storage_state=owner))


def later(live, customer):
    """What was posted after the customer's first recharge."""
    return kinds_of(live, customer)[1:]


def test_a_double_click_posts_once(desk, live, customer):
    desk.open(customer)
    desk.page.fill("#recharge-amount", "30")

    desk.page.dblclick(".take-in button.btn-lg")
    desk.page.wait_for_selector(".done")

    assert later(live, customer) == [("recharge", "30.00")]


def test_a_form_that_is_sent_many_times_at_once_posts_once(desk, live, customer):
    desk.open(customer)
    desk.page.fill("#recharge-amount", "30")

    ends = desk.page.evaluate(
        """() => {
            const form = document.querySelector(".take-in");
            const send = () => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
            return Promise.all([...Array(5)].map(() => send().then((answer) => answer.url)));
        }"""
    )

    assert len(set(ends)) == 1
    assert "done=" in ends[0]
    assert later(live, customer) == [("recharge", "30.00")]


def test_going_back_and_sending_again_asks_first(desk, live, customer):
    desk.open(customer)
    desk.send("consume", "20")
    desk.page.go_back()

    assert desk.send("consume", "20") == 409
    assert later(live, customer) == [("consumption", "20.00")]


def test_a_refused_form_that_is_loaded_anew_stays_refused(desk, live, customer):
    desk.open(customer)
    assert desk.send("consume", "60") == 409
    pay_in(live, customer, "100")

    assert desk.page.reload().status == 409

    assert later(live, customer) == [("recharge", "100.00")]
    assert desk.send("consume", "60") == 200  # what is sent from the page that said no is a new request


def test_two_open_tabs_post_once_and_ask(desk, live, customer):
    tab = Desk(live, desk.page.context.new_page())
    desk.open(customer)
    tab.open(customer)

    assert desk.send("recharge", "30") == 200
    assert tab.send("recharge", "30") == 409

    assert later(live, customer) == [("recharge", "30.00")]


def test_the_same_amount_within_a_minute_is_asked_about_once(desk, live, customer):
    desk.open(customer)
    desk.send("recharge", "30")
    desk.open(customer)
    assert desk.send("recharge", "30") == 409
    assert "alert-warning" in desk.focus()
    desk.press("Enter")  # a second Enter in haste confirms nothing
    assert later(live, customer) == [("recharge", "30.00")]

    assert desk.answer_to(lambda: desk.page.click(".again button")) == 200
    assert later(live, customer) == [("recharge", "30.00")] * 2


def test_no_to_the_question_posts_nothing(desk, live, customer):
    desk.open(customer)
    desk.send("consume", "5")
    desk.open(customer)
    desk.send("consume", "5")

    desk.answer_to(lambda: desk.page.click(".again a"))

    assert later(live, customer) == [("consumption", "5.00")]
    assert desk.page.input_value("#consume-amount") == ""


def test_a_customer_renamed_meanwhile_is_shown_before_money_moves(desk, other, live, customer):
    desk.open(customer)
    other.open(customer)
    other.page.click("[data-opens][href='#profile-phone']")
    other.page.fill("#profile-name", "王大明")
    assert other.answer_to(lambda: other.page.press("#profile-name", "Enter")) == 200

    assert desk.send("recharge", "30") == 412
    assert "王大明" in desk.page.inner_text(".who-card.is-fresh")
    assert desk.page.input_value("#recharge-amount") == "30"
    assert "alert-danger" in desk.focus()
    desk.press("Enter")
    assert later(live, customer) == []
    desk.assert_good()

    assert desk.answer_to(lambda: desk.page.press("#recharge-amount", "Enter")) == 200
    assert later(live, customer) == [("recharge", "30.00")]


def test_two_who_change_the_same_customer_see_each_other(desk, other, live, customer):
    for each in (desk, other):
        each.open(customer)
        each.page.click("[data-opens][href='#profile-phone']")
    other.page.fill("#profile-name", "Theirs")
    other.answer_to(lambda: other.page.press("#profile-name", "Enter"))

    desk.page.fill("#profile-name", "Mine")
    assert desk.answer_to(lambda: desk.page.press("#profile-name", "Enter")) == 412

    assert desk.page.input_value("#profile-name") == "Mine"
    assert "Theirs" in desk.page.inner_text(".folds .field-present")
    assert desk.answer_to(lambda: desk.page.press("#profile-name", "Enter")) == 200
    assert desk.page.inner_text(".who h2") == "Mine"


def test_a_changed_balance_alone_is_not_stale(desk, live, customer):
    desk.open(customer)
    pay_in(live, customer, "7")

    assert desk.send("consume", "57") == 200
    assert balance_of(live, customer) == "0.00"


def test_a_wallet_frozen_meanwhile_says_so_and_moves_nothing(desk, other, live, customer):
    desk.open(customer)
    other.open(customer)
    other.page.click(".freeze button")
    other.answer_to(lambda: other.page.click("#ask .btn-danger"))
    other.assert_good()

    assert desk.send("recharge", "30") == 412
    assert desk.page.locator(".desk-work [role=alert]").is_visible()
    assert not desk.page.locator("#recharge-amount").count()
    desk.assert_good()
    assert later(live, customer) == []


def test_it_all_works_without_javascript(live, new_page, clerk):
    desk = Desk(live, new_page(java_script_enabled=False, storage_state=clerk))
    page, phone = desk.page, new_phone()
    page.goto(f"{live.url}/counter")
    page.fill("[data-finder]", phone)
    desk.answer_to(lambda: page.press("[data-finder]", "Enter"))
    desk.answer_to(lambda: page.click(".hint .btn-primary"))
    page.fill("#name", "Ann")
    desk.answer_to(lambda: page.press("#name", "Enter"))
    customer = int(page.url.split("customer=")[1])

    assert desk.send("recharge", "100") == 200
    desk.answer_to(lambda: page.click(".done-tools a >> nth=1"))
    assert desk.send("consume", "1000") == 409
    assert desk.send("consume", "10") == 200
    desk.answer_to(lambda: page.click(".done-undo"))
    page.fill("#reverse-reason", "typed wrong")
    assert desk.answer_to(lambda: page.click("#reverse .btn-danger")) == 200

    assert [kind for kind, _ in kinds_of(live, customer)] == ["recharge", "consumption", "reversal"]
    assert balance_of(live, customer) == "100.00"
