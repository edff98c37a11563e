"""The first day of a shop, in a real browser: the owner takes a list over and makes a clerk, who serves customers."""

import pytest

from app.jobs.office import open_office
from app.staff.first_admin import ensure_first_admin
from tests.browser.conftest import DESKTOP, PHONE, serve
from tests.browser.desk import Desk, balance_of, id_of, kinds_of, new_phone

pytestmark = pytest.mark.browser
OWNERS_PASSWORD = "a-sturdy-password-7"
CLERKS_PASSWORD = "another-good-one-8"
SIZES = {"desk": {"viewport": DESKTOP}, "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True}}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    kept = {"UPLOAD_DIR": str(folder / "uploads"), "JOBS_DIR": str(folder / "jobs")}
    for house in serve(folder, lambda app: app.config.update(kept)):
        with house.app.app_context():
            ensure_first_admin("owner", OWNERS_PASSWORD)
        with open_office(house.app):
            yield house


def speak(desk: Desk, locale: str, tag: str) -> None:
    """Choose a language in the top bar."""
    desk.page.click(".fa-globe")
    desk.answer_to(lambda: desk.page.click(f"[name=locale][value={locale}]"))
    assert desk.page.get_attribute("html", "lang") == tag


def take_over_a_list(desk: Desk, phone: str) -> None:
    page, rows = desk.page, f"姓名,手机,余额\n林小姐,{phone},88.80\n陈先生,{new_phone()},0\n"
    page.goto(f"{desk.live.url}/customers/import")
    page.set_input_files("#file", {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.click("main form .btn-primary")
    page.click("form[action$='/check'] .btn-primary")
    page.click("form[action$='/apply'] .btn-primary")
    page.wait_for_selector(".alert-success")
    desk.assert_good()


def make_a_clerk(desk: Desk, name: str) -> None:
    page = desk.page
    page.goto(f"{desk.live.url}/administrators/add")
    page.fill("#username", name)
    page.select_option("#role", "ordinary-admin")
    page.fill("#password", CLERKS_PASSWORD)
    page.fill("#again", CLERKS_PASSWORD)
    desk.assert_good()
    desk.answer_to(lambda: page.press("#again", "Enter"))
    assert "/administrators/add" not in page.url


def enter_a_customer(desk: Desk, phone: str) -> None:
    """Nobody is found; Enter leads to the form, which knows the number already."""
    desk.find(phone)
    desk.assert_good()
    desk.enter()
    assert desk.focus() == "name"
    assert desk.page.input_value("#phone") == phone
    desk.page.keyboard.insert_text("周杰")
    desk.assert_good()
    assert desk.enter() == 200
    desk.assert_good()


def reverse_the_last(desk: Desk) -> None:
    page = desk.page
    desk.answer_to(lambda: page.click(".done-undo"))
    assert desk.focus() == "reverse-reason"
    page.keyboard.insert_text("typed wrong")
    desk.assert_good()
    assert desk.enter() == 200
    assert desk.is_done()


def change_the_phone(desk: Desk, old: str, new: str) -> None:
    page = desk.page
    desk.find(old)
    page.click("[data-opens][href='#profile-phone']")
    assert desk.focus() == "profile-phone"
    page.fill("#profile-phone", f"{new[:3]} {new[3:7]} {new[7:]}")
    desk.assert_good()
    assert desk.enter() == 200
    desk.assert_good()


@pytest.mark.parametrize(
    ("locale", "tag", "size"),
    [("en", "en", "desk"), ("zh", "zh-Hans", "phone"), ("zh_Hant_TW", "zh-Hant", "desk")],
)
def test_a_shop_can_work_with_it_for_a_day(live, new_page, locale, tag, size):
    owner, clerk = (Desk(live, new_page(**SIZES[size]), looks=size == "phone") for _ in range(2))
    known, new, later = new_phone(), new_phone(), new_phone()
    name = f"clerk-{locale.lower()}-{size}"

    live.sign_in(owner.page, "owner", OWNERS_PASSWORD)
    speak(owner, locale, tag)
    take_over_a_list(owner, known)
    make_a_clerk(owner, name)

    live.sign_in(clerk.page, name, CLERKS_PASSWORD)
    speak(clerk, locale, tag)
    clerk.assert_good()
    clerk.find(known)
    assert "88.80" in clerk.page.inner_text(".wallet")

    enter_a_customer(clerk, new)
    assert clerk.send("recharge", "100") == 200
    assert "100.00" in clerk.page.inner_text(".done-after")
    assert clerk.focus() == "q"
    clerk.assert_good()

    clerk.find(new)
    assert clerk.send("consume", "30.50") == 200
    assert "69.50" in clerk.page.inner_text(".done-after")

    clerk.find(new)
    assert clerk.send("consume", "69.51") == 409
    assert "69.50" in clerk.page.inner_text(".take-out [role=alert]")
    assert clerk.page.input_value("#consume-amount") == "69.51"
    assert clerk.focus() == "consume-amount"
    clerk.assert_good()

    assert clerk.send("consume", "9.50") == 200
    reverse_the_last(clerk)
    clerk.assert_good()
    change_the_phone(clerk, new, later)

    customer = id_of(live, later)
    assert balance_of(live, customer) == "69.50"
    assert kinds_of(live, customer) == [
        ("recharge", "100.00"),
        ("consumption", "30.50"),
        ("consumption", "9.50"),
        ("reversal", "9.50"),
    ]
    with live.app.app_context():
        proof = live.app.test_cli_runner().invoke(args=["ledger", "verify"])
    assert proof.exit_code == 0, proof.output
