"""What may have left or not: it is said to be unknown, and never leaves again by itself."""

from datetime import timedelta

from app.core.db import in_transaction
from app.extensions import db
from app.notices.channels import adapters
from app.notices.models import DeliveryState, NoticeDelivery, Problem
from app.notices.outbox import SILENT, claim, give_up_silent, settle
from tests.notices.conftest import NOON, NOTHING, address_of, delivery, send, tell


def test_a_server_that_dies_after_the_text_leaves_it_unknown_and_it_never_goes_again(mail, new_customer, shop_clock):
    customer = new_customer("dies")
    number, after = tell(customer), tell(new_customer())
    assert send() == NOTHING | {"unknown": 1, "sent": 1}
    shop_clock(NOON + timedelta(days=9))
    assert send() == NOTHING
    ended = delivery(number)
    assert (ended.state, ended.problem) == (DeliveryState.UNKNOWN, Problem.BROKEN_OFF)
    assert len(mail.to(address_of(customer))) == 1
    assert delivery(after).state is DeliveryState.SENT


def test_one_that_was_claimed_long_ago_is_unknown(mail, new_customer, monkeypatch):
    number = tell(new_customer())
    claimed = claim(adapters()[0])
    assert delivery(number).state is DeliveryState.SENDING
    assert send() == NOTHING
    _long_ago(number)
    assert send() == NOTHING | {"unknown": 1}
    assert send() == NOTHING
    assert (delivery(number).state, delivery(number).problem) == (DeliveryState.UNKNOWN, Problem.BROKEN_OFF)
    assert mail.taken == []
    in_transaction(lambda: settle(claimed, DeliveryState.SENT))  # who was taken for dead tells what became of it
    assert delivery(number).state is DeliveryState.SENT


def test_who_lost_a_delivery_says_nothing_about_the_next_try(new_customer):
    number = tell(new_customer())
    first = claim(adapters()[0])
    _long_ago(number)
    in_transaction(give_up_silent)
    again = NoticeDelivery.notice_id == number
    in_transaction(
        lambda: db.session.query(NoticeDelivery).filter(again).update({"state": DeliveryState.WAITING}) and None
    )
    second = claim(adapters()[0])
    in_transaction(lambda: settle(first, DeliveryState.FAILED, Problem.REJECTED, 550))
    assert delivery(number).state is DeliveryState.SENDING
    in_transaction(lambda: settle(second, DeliveryState.SENT))
    assert delivery(number).state is DeliveryState.SENT


def _long_ago(notice_id: int) -> None:
    """Let its claim be as old as one of somebody who died."""
    number = delivery(notice_id).id
    claimed = delivery(notice_id).claimed_at - SILENT - timedelta(seconds=1)
    row = db.session.query(NoticeDelivery).filter(NoticeDelivery.id == number)
    in_transaction(lambda: row.update({"claimed_at": claimed}) and None)
