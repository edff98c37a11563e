"""Giving a notice: once for its key, in the transaction of the fact, on every channel that reaches him."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.core.errors import NotFound
from app.core.jobs import Run
from app.customers.models import Customer
from app.customers.operations import delete_customer
from app.extensions import db
from app.notices.forgetting import forget
from app.notices.models import Channel, DeliveryState, Notice
from app.notices.operations import erase_notices, give
from app.notices.writing import write
from app.retention.operations import erase_person
from tests.notices.conftest import HOUSE, PLAIN, STOPS, delivery, tell

VALUES = {"name": date(2026, 5, 9), "value": Decimal("1234.50")}


def count(key: str) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Notice.key == key)) or 0


def test_it_is_there_in_the_app_at_once_and_waits_to_be_mailed(new_customer):
    number = tell(new_customer())
    in_app, mailed = delivery(number, Channel.IN_APP), delivery(number)
    assert (in_app.state, in_app.sent_at is not None) == (DeliveryState.SENT, True)
    assert (mailed.state, mailed.tries, mailed.address) == (DeliveryState.WAITING, 0, None)


def test_who_has_no_address_gets_no_mail(new_customer):
    for address in (None, "n/a", "a@b@c.test", "two words@people.test"):
        number = tell(new_customer(None, email=address))
        assert delivery(number, Channel.IN_APP) is not None
        assert delivery(number) is None


def test_a_shop_without_mail_sends_none(app, new_customer, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", "")
    assert delivery(tell(new_customer())) is None


def test_a_key_is_used_once(new_customer):
    customer = new_customer()
    answers = [in_transaction(lambda: give(customer, STOPS, key="k1", values=VALUES, actor=HOUSE)) for _ in range(3)]
    assert answers == [True, False, False]
    assert count("k1") == 1


def test_of_many_who_give_it_at_once_one_does(app, new_customer):
    customer = new_customer()

    def try_it(_number: int) -> bool:
        with app.app_context():
            try:
                return in_transaction(lambda: give(customer, STOPS, key="race", values=VALUES, actor=HOUSE))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(try_it, range(16)))
    assert sorted(answers) == [False] * 15 + [True]
    assert count("race") == 1


def test_what_is_rolled_back_was_never_said(new_customer):
    customer = new_customer()

    def work() -> None:
        give(customer, PLAIN, key="undone", values={"line": "x"}, actor=HOUSE)
        raise NotFound

    with pytest.raises(NotFound):
        in_transaction(work)
    assert count("undone") == 0
    assert in_transaction(lambda: give(customer, PLAIN, key="undone", values={"line": "x"}, actor=HOUSE))


def test_the_record_says_what_was_given_and_nothing_of_the_person(new_customer):
    customer = new_customer()
    number = tell(customer, STOPS, line="Secret of Lin")
    ask = select(OperationRecord).where(OperationRecord.object_type == "notice", OperationRecord.object_id == number)
    line = db.session.scalars(ask).one()
    assert line.operation == "notices.give"
    assert line.changes == {"kind": [None, "Day"], "customer": [None, customer], "by_email": [None, True]}
    assert "Secret" not in str(line.changes)
    assert line.personal is None


def test_nobody_is_told_who_is_deleted(new_customer, owner):
    customer = new_customer()
    in_transaction(lambda: delete_customer(customer, reason="moved", actor=owner))
    for number in (customer, 10**9):
        with pytest.raises(NotFound):
            in_transaction(lambda n=number: give(n, PLAIN, key=f"gone{n}", values={"line": "x"}, actor=HOUSE))


@pytest.mark.parametrize(
    "values",
    [
        {"name": date(2026, 5, 9)},
        {"name": date(2026, 5, 9), "value": 1.5},
        {"name": date(2026, 5, 9), "value": True},
        {"name": datetime(2026, 5, 9, 1, 2), "value": Decimal(1)},  # noqa: DTZ001 - that is what is wrong
    ],
)
def test_values_that_do_not_fit_are_told_of_at_once(new_customer, values):
    customer = new_customer()
    with pytest.raises((KeyError, TypeError)):
        in_transaction(lambda: give(customer, STOPS, key="unfit", values=values, actor=HOUSE))
    assert count("unfit") == 0


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        ("en", "Statement of May 9, 2026", "May 9, 2026: ¥1,234.50"),
        ("zh", "2026年5月9日 的对账单", "2026年5月9日：¥1,234.50"),
        ("zh_Hant_TW", "2026年5月9日 的對帳單", "2026年5月9日：¥1,234.50"),
    ],
)
def test_values_are_written_as_the_readers_language_writes_them(new_customer, language, subject, body):
    assert _read(tell(new_customer(), STOPS, **VALUES), language) == (subject, body)


def test_what_a_text_holds_is_no_place_of_its_own(new_customer):
    assert _read(tell(new_customer(), PLAIN, line="100 %(sure)s"), "zh").body == "100 %(sure)s"


def test_a_subject_is_one_line(new_customer):
    assert _read(tell(new_customer(), PLAIN, line="a\r\nBcc: b"), "en").subject == "Hello a Bcc: b"


def _read(number: int, language: str):
    notice = db.session.get_one(Notice, number)
    return write(notice.kind, notice.values, language)


def test_moments_are_shown_by_the_shops_clock(new_customer):
    number = tell(new_customer(), STOPS, **{**VALUES, "name": datetime(2026, 5, 8, 20, 30, tzinfo=UTC)})
    assert "May 9, 2026 04:30" in _read(number, "en").body


def test_what_is_older_than_account_details_says_nothing_any_more(new_customer, shop_clock):
    old, fresh = tell(new_customer(), STOPS, key="old"), tell(new_customer(), STOPS)
    shop_clock(datetime(2026, 12, 31, 12))  # noqa: DTZ001 - as the shop's clock shows it
    kept = tell(new_customer(), STOPS)
    assert forget(Run(HOUSE))["forgotten"] >= 2
    assert forget(Run(HOUSE)) == {"forgotten": 0}
    assert [_read(number, "en") is None for number in (old, fresh, kept)] == [True, True, False]
    other = new_customer()
    assert not in_transaction(lambda: give(other, STOPS, key="old", values=VALUES, actor=HOUSE))


def test_an_erased_person_leaves_neither_words_nor_addresses(new_customer, owner):
    customer = new_customer()
    number = tell(customer, STOPS, line="Secret of Lin")
    assert in_transaction(lambda: erase_notices(customer, actor=owner))
    assert not in_transaction(lambda: erase_notices(customer, actor=owner))
    assert db.session.get_one(Notice, number).values is None
    assert _read(number, "en") is None


def test_erasing_a_person_erases_his_notices(new_customer, owner):
    customer = new_customer(language="zh")
    number = tell(customer, STOPS, line="Secret of Lin")
    in_transaction(lambda: delete_customer(customer, reason="moved", actor=owner))
    assert in_transaction(lambda: erase_person(customer, reason="asked for it", actor=owner))
    assert db.session.get_one(Notice, number).values is None
    assert db.session.get_one(Customer, customer).language is None
