"""The frame of every page, driven as a person drives it: theme, language, menu, questions, double clicks."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import assert_accessible, assert_quiet, serve
from tests.ui.demo import furnish

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    yield from serve(tmp_path_factory.mktemp("frame"), furnish)


@pytest.fixture
def desk(live, page):
    live.sign_in(page, live.person())
    page.goto(f"{live.url}/demostoreview/list/")
    return page


def test_the_theme_follows_the_system_until_somebody_chooses(desk):
    page = desk.locator("html")
    expect(page).to_have_attribute("data-bs-theme", "light")
    desk.emulate_media(color_scheme="dark")
    expect(page).to_have_attribute("data-bs-theme", "dark")
    desk.get_by_role("button", name="Dark mode").click()
    expect(page).to_have_attribute("data-bs-theme", "light")
    desk.reload(wait_until="commit")
    desk.wait_for_selector("body", state="attached")
    assert desk.evaluate("document.documentElement.dataset.bsTheme") == "light"  # set before anything is painted
    assert_quiet(desk)


def test_changing_the_language_stays_on_the_page(desk):
    for name, lang in (("简体中文", "zh-Hans"), ("繁體中文", "zh-Hant"), ("English", "en")):
        desk.locator(".topbar-end .dropdown button[title]").first.click()
        assert_accessible(desk)
        desk.get_by_role("button", name=name).click()
        expect(desk.locator("html")).to_have_attribute("lang", lang)
        assert desk.url.endswith("/demostoreview/list/")
    assert_quiet(desk)


def test_signing_out_is_one_form(desk):
    desk.locator(".btn-user").click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Sign out").click()
    desk.wait_for_url("**/login/")
    assert_quiet(desk)


def test_the_menu_of_a_phone_opens_and_closes(live, phone):
    live.sign_in(phone, live.person())
    menu = phone.locator("#sidebar")
    expect(menu).not_to_be_visible()
    phone.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()
    phone.wait_for_timeout(400)  # until it has slid in
    assert_accessible(phone)
    phone.keyboard.press("Escape")
    expect(menu).not_to_be_visible()
    assert_quiet(phone)


def test_the_keyboard_skips_to_the_content(desk):
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to content")).to_be_focused()
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "main"


def test_a_question_is_asked_before_something_is_removed(desk):
    sent = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    remove = desk.get_by_role("button", name="Remove main")
    remove.click()
    expect(desk.locator("#ask")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.locator("#ask")).not_to_be_visible()
    assert not sent
    remove.click()
    desk.get_by_role("button", name="Yes, go on").click()
    expect(desk.get_by_role("alert")).to_contain_text("Only 0 of")
    assert len(sent) == 1
    assert_accessible(desk)
    assert_quiet(desk, but="409")


def test_a_double_click_sends_a_form_once_and_a_refused_one_can_be_sent_again(live, desk):
    sent = []
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    desk.goto(f"{live.url}/demostoreview/add")
    desk.get_by_label("Code").fill("twice")
    desk.get_by_label("Name").fill("***")
    desk.get_by_role("button", name="Save").dblclick()
    expect(desk.get_by_role("alert")).to_be_focused()
    assert len(sent) == 1
    assert_accessible(desk)
    desk.get_by_label("Name").fill("Fine")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".alert-success")).to_be_visible()
    assert len(sent) == 2
    assert_quiet(desk, but="409")


def test_a_wrong_field_has_the_focus_and_says_why(live, desk):
    desk.goto(f"{live.url}/demostoreview/add")
    desk.get_by_label("Name").fill("x")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_label("Code")).to_be_focused()
    expect(desk.locator("#code-error")).to_be_visible()
    assert_accessible(desk)


def test_a_list_is_filtered_and_cleared(live, desk):
    desk.locator("summary").click()
    assert_accessible(desk)
    desk.get_by_label("Name").fill("no such shop")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Nothing matches these filters.")).to_be_visible()
    desk.get_by_role("link", name="Remove the filter: Name: no such shop").click()
    expect(desk.locator("tbody tr").first).to_be_visible()
    assert_quiet(desk)
