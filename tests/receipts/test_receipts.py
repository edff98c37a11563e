"""Receipts as pages: what stands on them, that printing is written down, and what their code shows to anybody."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event, select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import NotFound
from app.core.permissions import SUPER_ADMIN
from app.extensions import db
from app.ledger.models import Posting
from app.ledger.operations import recharge, reverse
from app.receipts import codes, operations, paper
from app.receipts.queries import prints_of
from app.shop.models import Method
from app.shop.operations import change_settings
from tests.conftest import actor_of
from tests.counter.desk import customer_with
from tests.staff.people import browser_of, make, post

NAME = "欧阳小明"


@pytest.fixture
def posting(app, owner, new_phone) -> int:
    """A recharge of 1680.32 today."""
    customer = customer_with("0", new_phone(), owner, NAME)
    return pay_in(customer, owner)


@pytest.fixture
def browser(app):
    return browser_of(app, make(store_ids=[1]))


def pay_in(customer: int, actor) -> int:
    amount = Decimal("1680.32")
    given = {"method": Method.CASH, "store_id": 1, "note": "with thanks", "actor": actor}
    return in_transaction(lambda: recharge(customer, amount, **given).answer())["posting"]["id"]


def row(posting: int) -> Posting:
    db.session.rollback()
    return db.session.get(Posting, posting)


def records(posting: int) -> list[OperationRecord]:
    db.session.rollback()
    ask = select(OperationRecord).filter_by(object_type="posting", object_id=posting, operation="receipts.print")
    return list(db.session.scalars(ask.order_by(OperationRecord.id)))


def printed(browser, posting: int, **fields: str):
    """Press the button; the page that comes."""
    answer = post(browser, f"/receipts/{posting}/print", page=f"/receipts/{posting}", **fields)
    assert answer.status_code == 302, answer.text
    return browser.get(answer.location)


def speak(browser, locale: str):
    post(browser, "/language", page="/profile", locale=locale)
    return browser


def test_a_receipt_says_what_was_done_and_hides_the_middle_of_the_number(browser, posting, app):
    page = browser.get(f"/receipts/{posting}").text
    paper_of_it = page[page.index('id="paper"') : page.index("receipt-side")]
    receipt = row(posting)
    phone = (
        receipt.customer_id
        and db.session.execute(
            db.text("SELECT phone FROM customer WHERE id = :id"), {"id": receipt.customer_id}
        ).scalar_one()
    )
    for said in (NAME, "¥1,680.32", "¥0.00", "Cash", "with thanks", receipt.receipt_no, f"138****{phone[-4:]}"):
        assert said in paper_of_it, said
    assert phone[3:] not in paper_of_it.replace(" ", "")
    assert "<svg" in paper_of_it
    assert "style=" not in page


@pytest.mark.parametrize(
    ("locale", "words"),
    [("zh", "壹仟陆佰捌拾元零叁角贰分"), ("zh_Hant_TW", "壹仟陸佰捌拾圓零叁角貳分"), ("en", None)],
)
def test_the_amount_is_said_in_the_script_of_the_reader(browser, posting, locale, words):
    page = speak(browser, locale).get(f"/receipts/{posting}").text
    found = re.search(r'class="paper-words">([^<]*)<', page)
    assert (found and found.group(1)) == words


@pytest.mark.parametrize("layout", ["58", "80", "a4"])
def test_each_paper_has_a_layout_of_its_own(browser, posting, layout):
    page = browser.get(f"/receipts/{posting}?paper={layout}").text
    assert f"paper-{layout}.css" in page
    assert f'name="paper" value="{layout}"' in page


@pytest.mark.parametrize("asked", ["", "?paper=99", "?paper=../app"])
def test_the_paper_of_the_shop_is_used_when_none_is_asked_for(empty_house, asked):
    owner = actor_of(empty_house, SUPER_ADMIN)
    browser = browser_of(empty_house, make(SUPER_ADMIN))
    posting = pay_in(customer_with("0", "+8613812345678", owner), owner)
    assert "paper-80.css" in browser.get(f"/receipts/{posting}{asked}").text
    in_transaction(lambda: change_settings({"receipt_paper": "58", "shop_name": " 小店  一号 "}, actor=owner))
    page = browser.get(f"/receipts/{posting}{asked}").text
    assert "paper-58.css" in page
    assert "小店 一号" in page


def test_looking_at_a_receipt_writes_nothing(browser, posting):
    browser.get(f"/receipts/{posting}")
    browser.get(f"/receipts/{posting}?print=1")
    assert records(posting) == []


def test_a_first_print_is_written_down_and_has_no_mark(browser, posting):
    page = printed(browser, posting, paper="58").text
    (record,) = records(posting)
    assert record.changes == {"times_printed": [0, 1]}
    assert record.store_id == 1
    assert "data-print-now" in page
    assert "paper-58.css" in page
    assert "paper-mark" not in page
    assert "Printed 1 time ·" in page


def test_every_further_print_says_which_reprint_it_is(browser, posting):
    printed(browser, posting)
    for number in (1, 2):
        page = printed(browser, posting).text
        mark = re.search(r'class="paper-mark">(.*?)</p>', page, re.DOTALL).group(1)
        assert "Reprint" in mark
        assert f"no. {number}, " in mark
    assert [record.changes["times_printed"] for record in records(posting)] == [[0, 1], [1, 2], [2, 3]]


def test_a_print_that_was_not_recorded_is_a_copy(browser, posting, owner, new_phone):
    other = pay_in(customer_with("0", new_phone(), owner), owner)
    printed(browser, other)
    (record,) = records(other)
    for asked in ("", "?print=1", f"?print={record.id}", "?print=x"):
        page = browser.get(f"/receipts/{posting}{asked}").text
        assert "paper-copy" in page
        assert "data-print-now" not in page


def test_an_old_print_cannot_be_shown_as_a_new_one(app, posting, owner, monkeypatch):
    record_id = in_transaction(lambda: operations.mark_printed(posting, actor=owner))
    assert paper.copy_of(prints_of(posting), str(record_id)).number == 0
    later = prints_of(posting)[0].at + paper.AT_HAND
    monkeypatch.setattr("app.core.clock.now", lambda: later)
    assert paper.copy_of(prints_of(posting), str(record_id)).number is None


def test_nobody_prints_what_is_not_within_his_reach(app, posting, clerk):
    elsewhere = actor_of(app, "ordinary-admin", stores=frozenset({999}))
    with pytest.raises(NotFound):
        in_transaction(lambda: operations.mark_printed(posting, actor=elsewhere))
    assert records(posting) == []


def test_a_reversed_receipt_says_so_on_paper(browser, posting, owner):
    in_transaction(lambda: reverse(posting, reason="typed wrong", actor=owner))
    page = browser.get(f"/receipts/{posting}").text
    assert re.search(r'class="paper-mark"><strong>Reversed', page)


# The code


def check(app, posting: int, locale: str = "en-GB"):
    with app.test_request_context():
        path = urlsplit(codes.address_of(posting)).path
    return app.test_client().get(path, headers={"Accept-Language": locale})


def test_the_code_leads_to_this_deployment_and_names_the_posting_alone(app, posting):
    address = codes.address_of(posting)
    assert address.startswith(f"{app.config['BASE_URL']}/r/{posting}.")
    assert codes.token_of(posting) == codes.token_of(posting)
    assert codes.posting_of(codes.token_of(posting)) == posting


def test_whoever_scans_the_code_is_told_that_the_receipt_is_valid_and_nothing_of_the_customer(app, posting):
    answer = check(app, posting)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'data-state="valid"' in answer.text
    for said in ("¥1,680.32", row(posting).receipt_no):
        assert said in answer.text
    for secret in (NAME, "****", "with thanks", f"customer={row(posting).customer_id}", "Balance"):
        assert secret not in answer.text, secret


def test_the_code_of_a_reversed_receipt_says_so(app, posting, owner):
    made = in_transaction(lambda: reverse(posting, reason="typed wrong", actor=owner).answer())
    assert 'data-state="reversed"' in check(app, posting).text
    assert 'data-state="valid"' in check(app, made["posting"]["id"]).text


def test_a_token_with_any_sign_altered_is_not_found(app, posting):
    token, client = codes.token_of(posting), app.test_client()
    for place in range(len(token)):
        for sign in ("A" if token[place] != "A" else "B", "1" if token[place] != "1" else "2", "-"):
            altered = token[:place] + sign + token[place + 1 :]
            if altered != token:
                with pytest.raises(NotFound):
                    codes.posting_of(altered)
    assert client.get(f"/r/{token[:-1]}").status_code == 404
    assert client.get(f"/r/{token}=").status_code == 404


def test_the_last_sign_has_one_spelling(app, posting):
    token = codes.token_of(posting)
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for sign in set(signs) - {token[-1]}:
        with pytest.raises(NotFound):
            codes.posting_of(token[:-1] + sign)


@pytest.mark.parametrize("token", ["", "x", "1", ".", "1.x", "999999999.abc", "é" * 9, "1" * 5000, "%00", "１.x"])
def test_what_is_no_token_is_not_found_and_asks_no_database(app, token):
    asked = []
    client, engine = app.test_client(), db.engine

    def note(*args: object) -> None:
        asked.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(f"/r/{token}").status_code == 404
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked == []


def test_a_signed_number_without_a_posting_is_not_found(app):
    assert app.test_client().get(f"/r/{codes.token_of(2**62)}").status_code == 404


def test_a_token_of_another_deployment_or_purpose_opens_nothing(app, posting, monkeypatch):
    token = codes.token_of(posting)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-another-key-another-key-xx")
    with pytest.raises(NotFound):
        codes.posting_of(token)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+8613812345678", "138****5678"),
        ("+886912345678", "912****5678"),
        ("+85261234567", "****4567"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_masked(phone, shown):
    assert paper.masked(phone) == shown
