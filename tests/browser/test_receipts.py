"""Receipts on paper: the right width, nothing cut off, large enough to read; and the button that prints."""

import os
import re
from decimal import Decimal
from itertools import cycle, islice, product
from pathlib import Path

import pytest

from app.core.db import in_transaction
from app.ledger.operations import recharge, reverse
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.browser.conftest import DESKTOP, PHONE, assert_accessible, assert_quiet, go
from tests.browser.desk import cookies_of, customer_with
from tests.conftest import actor_of

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SHOTS")
MM = 72 / 25.4  # points of a PDF
PX = 96 / 25.4  # pixels of a page
WIDTHS = {"58": 58, "80": 80, "a4": 210}  # mm
MARGINS = {"58": 5, "80": 4, "a4": 18}
SMALLEST = {"58": 8, "80": 9, "a4": 10}  # points
LONG_NAME = "Anna Maria Alexandrowna Konstantinopolskaja-Winter"


@pytest.fixture(scope="module")
def clerk(live, chromium):
    return cookies_of(live, chromium, "super-admin")


@pytest.fixture(scope="module")
def postings(live) -> dict[str, int]:
    """Receipts that are hard to lay out: by name, the number of the posting."""
    with live.app.app_context():
        owner = actor_of(live.app, "super-admin")
        in_transaction(lambda: change_settings({"shop_name": "欧阳先生家的小超市连锁有限责任公司"}, actor=owner))

    def pay(name: str, amount: str, note: str) -> int:
        customer = customer_with(live, "0", name=name)
        with live.app.app_context():
            owner = actor_of(live.app, "super-admin")
            given = {"method": Method.BANK_TRANSFER, "store_id": 1, "note": note, "actor": owner}
            done = in_transaction(lambda: recharge(customer, Decimal(amount), **given).answer())
        return done["posting"]["id"]

    made = {
        "plain": pay("王小明", "1409.50", "谢谢"),
        "long": pay(LONG_NAME, "9777777777.77", "x" * 60 + " a note of many words" * 6),
        "reversed": pay("陈美玲", "107000.53", ""),
    }
    with live.app.app_context():
        in_transaction(lambda: reverse(made["reversed"], reason="-", actor=actor_of(live.app, "super-admin")))
    return made


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"receipt-{name}.png", full_page=True)


def size_of(pdf: bytes) -> tuple[float, float, int]:
    """Width and height of a PDF's first page in mm, and how many pages it has."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert boxes
    return float(boxes[0][0]) / MM, float(boxes[0][1]) / MM, len(re.findall(rb"/Type\s*/Page\b", pdf))


OVERFLOWS = """() => [...document.querySelectorAll("#paper, #paper *")].filter((each) => {
  const box = each.getBoundingClientRect(), paper = document.getElementById("paper").getBoundingClientRect();
  const isBlock = getComputedStyle(each).display !== "inline" && !each.closest("svg");
  const isCut = isBlock && each.scrollWidth > each.clientWidth + 1;
  return box.width && (isCut || box.right > paper.right + 1 || box.left < paper.left - 1);
}).map((each) => each.outerHTML.slice(0, 80))"""
TYPE = """() => Math.min(...[...document.querySelectorAll("#paper *")]
  .filter((each) => each.getClientRects().length && [...each.childNodes].some((node) => node.data?.trim()))
  .map((each) => parseFloat(getComputedStyle(each).fontSize) * 72 / 96))"""


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN", "zh-TW"])
def test_each_paper_has_its_width_and_nothing_is_cut_off(live, new_page, clerk, postings, locale):
    page = new_page(storage_state=clerk, locale=locale)
    for layout, (which, posting) in product(WIDTHS, postings.items()):
        page.emulate_media(media="null")  # as a visitor has it
        page.set_viewport_size(DESKTOP)
        assert page.goto(f"{live.url}/receipts/{posting}?paper={layout}").status == 200
        assert_fits(page, layout)
        shot(page, f"{layout}-{which}-{locale}")
    assert_quiet(page)


def assert_fits(page, layout: str) -> None:
    """The receipt that is shown has its width on paper, whole, readable and alone."""
    width, height, pages = size_of(page.pdf(prefer_css_page_size=True, print_background=True))
    assert width == pytest.approx(WIDTHS[layout], abs=0.5), page.url
    assert pages == 1, (page.url, height)
    assert height == pytest.approx(297, abs=1) if layout == "a4" else height > width
    printed = WIDTHS[layout] - 2 * MARGINS[layout]
    page.set_viewport_size({"width": int(printed * PX), "height": 700})
    page.emulate_media(media="print")
    assert page.evaluate(OVERFLOWS) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.evaluate(TYPE) >= SMALLEST[layout], page.url
    for chrome in (".topbar", ".side", ".page-head", ".receipt-side", "#reverse"):
        assert not page.locator(chrome).first.is_visible(), (page.url, chrome)
    assert page.locator(".paper-copy").is_visible()
    assert page.locator(".paper-code").bounding_box()["width"] >= 25 * PX


def test_a_roll_is_as_long_as_its_receipt(live, new_page, clerk, postings):
    page, heights = new_page(storage_state=clerk), {}
    for which in ("plain", "long"):
        page.goto(f"{live.url}/receipts/{postings[which]}?paper=58")
        heights[which] = size_of(page.pdf(prefer_css_page_size=True))[1]
        content = page.evaluate("document.getElementById('paper').offsetHeight") / PX
        assert content < heights[which] < content + 25
    assert heights["long"] > heights["plain"] + 20


def test_the_button_records_a_print_and_opens_the_dialog_once(live, new_page, clerk, postings):
    page = new_page(storage_state=clerk)
    page.add_init_script("window.print = () => { window.dialogs = (window.dialogs ?? 0) + 1; }")
    page.goto(f"{live.url}/receipts/{postings['plain']}?paper=80")
    assert page.evaluate("window.dialogs") is None
    for number in (0, 1):
        go(page, lambda: page.click(".print-form button"))
        page.wait_for_function("window.dialogs === 1")
        assert "print=" not in page.url
        assert "paper=80" in page.url
        assert page.locator(".paper-mark").count() == number
        shot(page, f"printed-{number}")
    assert_accessible(page)
    page.reload()
    assert page.evaluate("window.dialogs") is None
    assert_quiet(page)


@pytest.mark.parametrize(("size", "theme", "first"), [("desk", "light", 0), ("desk", "dark", 1), ("phone", "dark", 2)])
def test_receipts_and_their_check_are_accessible_and_quiet(live, new_page, clerk, postings, size, theme, first):
    """Each receipt on another paper each time: together they meet every paper."""
    more = {"viewport": PHONE} if size == "phone" else {}
    page = new_page(storage_state=clerk, color_scheme=theme, **more)
    stranger = new_page(color_scheme=theme, **more)
    for (which, posting), layout in zip(postings.items(), islice(cycle(WIDTHS), first, None), strict=False):
        page.goto(f"{live.url}/receipts/{posting}?paper={layout}")
        shot(page, f"screen-{layout}-{which}-{size}-{theme}")
        assert_accessible(page)
        path = page.locator(".side-card a[href*='/r/']").first.get_attribute("href")
        assert stranger.goto(live.url + path[path.index("/r/") :]).status == 200
        state = stranger.locator("[data-state]").get_attribute("data-state")
        assert state == ("reversed" if which == "reversed" else "valid")
        shot(stranger, f"check-{which}-{size}-{theme}")
        assert_accessible(stranger)
    assert_quiet(page)
    assert_quiet(stranger)
