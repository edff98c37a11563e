"""A real Chromium before a real server. Use `live` (the house), `page` (desktop), `phone` (375 px) or `new_page`.

def test_something(live, page):
    live.sign_in(page, "owner")
    assert_accessible(page)
    assert_quiet(page)
"""

import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from waitress.server import create_server

from app import create_app
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from config import TestConfig
from tests.conftest import copy_of_ready
from tests.staff.people import PASSWORD, make

# The headless shell is the same Chromium without the windows and menus that nobody sees: half the work for each page.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
HOW_TO_GET_ONE = "no Chromium is found: install one (apt install chromium-headless-shell), or name it in CHROMIUM"
DESKTOP, PHONE = {"width": 1360, "height": 850}, {"width": 375, "height": 800}


@dataclass
class Heard:
    """What a page did that a visitor does not see."""

    host: str
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


_heard: "WeakKeyDictionary[object, Heard]" = WeakKeyDictionary()


@dataclass
class Live:
    """A house that answers at `url`."""

    app: Flask
    url: str

    def person(self, role: str = SUPER_ADMIN, **more: object) -> str:
        """A new administrator; his password is tests.staff.people.PASSWORD. Returns his user name."""
        name = f"u{secrets.token_hex(4)}"
        with self.app.app_context():
            make(role, name=name, **more)
        return name

    def sign_in(self, page, name: str, password: str = PASSWORD) -> None:
        """Sign in by the form, as a person would."""
        page.goto(f"{self.url}/login/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)


def serve(folder: Path, furnish: Callable[[Flask], None] | None = None) -> Iterator[Live]:
    """A house on a fresh SQLite database behind waitress, until the generator is closed. furnish: before it opens."""
    app = create_app(TestConfig(copy_of_ready("sqlite", None, folder)))
    if furnish:
        furnish(app)
        app.test_cli_runner().invoke(args=["roles", "sync"], catch_exceptions=False)
    server = create_server(app, host="127.0.0.1", port=0, threads=8)

    def answer() -> None:
        with suppress(OSError):  # closing takes the sockets from under its loop, which may be looking at them
            server.run()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield Live(app, f"http://127.0.0.1:{server.effective_port}")
    server.close()
    thread.join(timeout=10)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> Iterator[Live]:
    """A house that is new for each file of tests."""
    yield from serve(tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="session")
def chromium():
    """The browser. Without one the test is skipped, or fails when REQUIRE_BROWSER=1."""
    if not CHROMIUM:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(HOW_TO_GET_ONE)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium, live):
    """Call it for a page in a browser of its own. viewport, color_scheme, locale: as playwright takes them."""
    contexts = []

    def open_page(**more):
        context = chromium.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **more})
        contexts.append(context)
        page = context.new_page()
        _listen(page, live.url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def phone(new_page):
    return new_page(viewport=PHONE, has_touch=True, is_mobile=True)


def _listen(page, url: str) -> None:
    heard = _heard[page] = Heard(url)
    page.set_default_timeout(10_000)
    page.on("console", lambda message: heard.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.errors.append(str(error)))
    page.on("request", lambda request: _note(heard, request.url))


def _note(heard: Heard, address: str) -> None:
    if not address.startswith((heard.host, "data:", "blob:", "about:")):
        heard.strangers.append(address)


def assert_quiet(page, *, but: str = "") -> None:
    """Nothing on the console (a breach of the content policy stands there too), and no call to another host.

    but: a text that may stand in an error, such as the status of an answer that the test provoked.
    """
    heard = _heard[page]
    assert not heard.strangers
    assert not [error for error in heard.errors if not but or but not in error]


def go(page, act: Callable[[], object]) -> int:
    """Do what brings another page, and wait until all of it is there; its status.

    A click waits for the first byte alone: who counts what is on the page, or looks at it, needs the last one.
    """
    with page.expect_navigation() as loading:
        act()
    return loading.value.status


# What is in order is not told: to carry it out of the browser takes longer than to look for it.
LOOK = """async () => {
  document.getAnimations().forEach((each) => each.finish());
  const {violations} = await axe.run({resultTypes: ["violations"], preload: false});
  return [violations, document.documentElement.scrollWidth <= innerWidth];
}"""


def assert_accessible(page) -> None:
    """axe finds nothing, and a phone does not scroll sideways."""
    from axe_playwright_python.base import AXE_SCRIPT, AxeResults  # noqa: PLC0415

    page.wait_for_load_state()
    page.evaluate(AXE_SCRIPT)
    violations, fits = page.evaluate(LOOK)
    assert not violations, AxeResults({"violations": violations}).generate_report()
    assert fits, "the page scrolls sideways"
