"""Addresses and forms as nobody would write them: every page answers, none with a fault of ours."""

import random
from urllib.parse import quote, quote_from_bytes

import pytest

from tests.attacks.conftest import IS_FULL
from tests.attacks.forms import BAD, NAMES, address, names_on, pages
from tests.staff.people import form_token, make

PER_PAGE = 60 if IS_FULL else 3
# They end the session that asks.
ENDINGS = ("SignInView.logout", "OwnSessionsView.end_others", "OwnSessionsView.end")


def quoted(text: str) -> str:
    """As it goes over the wire, halves of characters too."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def asked(rng: random.Random, names: list[str]) -> str:
    """A query: one to three names with a bad value each, one of them twice now and then."""
    chosen = rng.choices(names, k=rng.randint(1, 3))
    pairs = [f"{quote(name)}={quoted(rng.choice(BAD))}" for name in chosen]
    return "&".join([*pairs, *pairs[: rng.randint(0, 1)]])


@pytest.mark.parametrize("who", ["owner", "clerk"])
def test_no_address_is_answered_with_a_fault(stage, who):
    browser, rng = stage.browser(getattr(stage, who)), random.Random(f"{who} reads")  # noqa: S311
    bad = {}
    for rule in pages(stage.app, "GET"):
        path = address(stage, rule)
        first = browser.get(path, buffered=True)
        names = [*names_on(first.get_data(as_text=True)), *NAMES] if first.mimetype == "text/html" else NAMES
        queries = [f"{path}?{asked(rng, names)}" for _ in range(PER_PAGE)]
        if rule.arguments:
            kept = {name: [quoted(rng.choice(BAD[:20]))] for name in rule.arguments}
            queries += [_built(rule, {name: value[0] for name, value in kept.items()}) for _ in range(2)]
        for query in queries:
            answer = browser.get(query, buffered=True)
            if answer.status_code >= 500:
                bad[query[:200]] = answer.status_code
    assert bad == {}


def _built(rule, values: dict[str, str]) -> str:
    """The address as it is spelt, whatever its converters would say."""
    return "".join(values.get(part, part) if is_argument else part for is_argument, part in rule._trace if part != "|")


@pytest.mark.parametrize("who", ["owner", "clerk"])
def test_no_form_is_answered_with_a_fault(stage, who):
    browser, rng = stage.browser(getattr(stage, who)), random.Random(f"{who} writes")  # noqa: S311
    token, bad, victim = form_token(browser, "/profile"), {}, make()
    sufferer = {"pk": [victim], "staff_id": [victim]}  # who asks must be there to the end
    for rule in pages(stage.app, "POST"):
        if rule.endpoint in ENDINGS or rule.endpoint.startswith("OwnPassword"):
            continue
        names = [*_names_of(stage, browser, rule), *NAMES, "amount", "reason", "key", "name", "version", "method"]
        for _ in range(PER_PAGE):
            sent = {name: rng.choice(BAD) for name in rng.sample(names, k=min(len(names), 6))}
            encoded = "&".join(
                f"{quote(name)}={quoted(value)}" for name, value in {**sent, "csrf_token": token}.items()
            )
            kind = "application/x-www-form-urlencoded"
            answer = browser.post(address(stage, rule, sufferer), data=encoded, content_type=kind, buffered=True)
            if answer.status_code >= 500:
                bad[f"{rule} {sent}"[:300]] = answer.status_code
    assert bad == {}


def _names_of(stage, browser, rule) -> list[str]:
    """The inputs of the page that the form stands on, as far as the addresses tell which that is."""
    known = {"TakingView": f"/counter?customer={stage.ids['customer_id'][0]}", "CounterView": "/counter/new"}
    page = known.get(rule.endpoint.partition(".")[0], address(stage, rule).rsplit("/", 1)[0] or "/")
    return list(names_on(browser.get(page, buffered=True).get_data(as_text=True)))


def test_what_is_no_form_is_refused(stage):
    browser = stage.browser(stage.owner)
    for body, kind in (
        (b"\xff\xfe\0", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"{", "application/json"),
        (b"a=" * 20_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % n for n in range(3000)), "application/x-www-form-urlencoded"),
    ):
        for path in ("/profile", "/settings", "/customer-imports", "/counter/new", "/login/"):
            assert browser.post(path, data=body, content_type=kind).status_code < 500, (path, body[:20])
