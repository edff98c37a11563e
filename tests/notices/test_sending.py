"""Sending: over a real socket, each at most once, refused for now or for good, in quiet hours not at all."""

import logging
import socket
from datetime import timedelta
from email.message import EmailMessage
from itertools import pairwise

import pytest

from app.core import rooms
from app.core.db import in_transaction
from app.customers.models import Language
from app.customers.operations import change_customer, delete_customer
from app.extensions import db
from app.notices.channels import adapters
from app.notices.models import DeliveryState, NoticeDelivery, Problem
from app.notices.operations import erase_notices
from app.notices.outbox import PAUSES
from tests.notices.conftest import NOON, NOTHING, STOPS, address_of, delivery, send, tell
from tests.notices.mail_server import PASSWORD, USER, MailServer


def plain(message: EmailMessage) -> str:
    return message.get_content().replace("\r\n", "\n")


def test_it_is_sent_once_in_the_customers_language(mail, new_customer):
    customer = new_customer(language=Language.TRADITIONAL)
    number = tell(customer, STOPS)
    assert send() == NOTHING | {"sent": 1}
    assert send() == NOTHING
    (message,) = mail.taken
    assert message["Subject"] == "2026年5月9日 的對帳單"
    assert message["From"] == "The desk <desk@shop.test>"
    assert message["To"] == address_of(customer)
    assert plain(message) == "2026年5月9日：¥1,234.50\n"
    sent = delivery(number)
    assert message["Message-ID"] == f"<notice-{sent.id}@shop.test>"
    assert (sent.state, sent.tries, sent.address) == (DeliveryState.SENT, 1, message["To"])
    assert sent.sent_at is not None


def test_who_chose_no_language_is_written_to_in_the_deployments(mail, app, new_customer, monkeypatch):
    monkeypatch.setitem(app.config, "BABEL_DEFAULT_LOCALE", "zh")
    tell(new_customer(), STOPS)
    send()
    assert mail.taken[0]["Subject"] == "2026年5月9日 的对账单"


def test_a_change_of_address_and_language_before_it_leaves_is_minded(mail, new_customer, owner):
    customer = new_customer()
    tell(customer, STOPS)
    changes = {"email": "new@people.test", "language": "zh"}
    in_transaction(lambda: change_customer(customer, changes, actor=owner) and None)
    send()
    assert [(each["To"], each["Subject"]) for each in mail.taken] == [("new@people.test", "2026年5月9日 的对账单")]


def test_dots_and_long_lines_arrive_as_they_were(mail, new_customer):
    text = ".\n..\n" + "long " * 400 + "字\nFrom here"
    tell(new_customer(), line=text)
    send()
    assert plain(mail.taken[0]) == f"{text}\n"


def test_many_go_over_one_connection(mail, new_customer):
    for _ in range(5):
        tell(new_customer())
    assert send()["sent"] == 5
    assert mail.connections == 1


def test_a_refusal_for_now_is_tried_again_after_growing_pauses_and_then_fails(mail, new_customer, shop_clock):
    number = tell(new_customer("later"))
    at, pauses = NOON, []
    for _ in PAUSES:
        assert send() == NOTHING | {"waiting": 1}
        assert send() == NOTHING
        pauses.append(delivery(number).due_at.replace(microsecond=0))
        at = max(at, NOON) + PAUSES[len(pauses) - 1] + timedelta(seconds=30)
        shop_clock(at)
    assert send() == NOTHING | {"failed": 1}
    ended = delivery(number)
    assert (ended.state, ended.problem, ended.reply) == (DeliveryState.FAILED, Problem.NOT_NOW, 451)
    assert ended.tries == len(PAUSES) + 1
    gaps = [after - before for before, after in pairwise(pauses)]
    assert gaps == sorted(gaps)
    assert mail.taken == []


@pytest.mark.parametrize(("does", "reply"), [("never", 550), ("spam", 554)])
def test_a_refusal_for_good_is_not_tried_again(mail, new_customer, does, reply):
    number, after = tell(new_customer(does)), tell(new_customer())
    assert send() == NOTHING | {"sent": 1, "failed": 1}
    assert send() == NOTHING
    ended = delivery(number)
    assert (ended.state, ended.problem, ended.reply, ended.tries) == (
        DeliveryState.FAILED, Problem.REJECTED, reply, 1,
    )  # fmt: skip
    assert delivery(after).state is DeliveryState.SENT


def test_a_text_that_is_refused_for_now_is_put_off_and_the_others_go(new_customer):
    number, after = tell(new_customer("full")), tell(new_customer())
    assert send() == NOTHING | {"sent": 1, "waiting": 1}
    assert (delivery(number).problem, delivery(number).reply) == (Problem.NOT_NOW, 452)
    assert delivery(after).state is DeliveryState.SENT


def test_a_server_that_dies_before_the_text_has_not_got_it(mail, new_customer):
    number = tell(new_customer("early"))
    assert send() == NOTHING | {"waiting": 1}
    assert (delivery(number).state, delivery(number).problem) == (DeliveryState.WAITING, Problem.NO_CONNECTION)
    assert mail.taken == []


def test_while_the_server_is_away_only_the_first_one_is_tried(mail, new_customer, shop_clock):
    numbers = [tell(new_customer()) for _ in range(3)]
    mail.close()
    assert send() == NOTHING | {"waiting": 1}
    assert [delivery(number).tries for number in numbers] == [1, 0, 0]
    assert delivery(numbers[0]).problem is Problem.NO_CONNECTION


def test_a_server_that_does_not_take_our_own_address_ends_the_run(mail, new_customer):
    mail.is_closed_to_senders = True
    numbers = [tell(new_customer()) for _ in range(2)]
    assert send() == NOTHING | {"waiting": 1}
    assert (delivery(numbers[0]).problem, delivery(numbers[0]).reply) == (Problem.NOT_LET_IN, 530)
    mail.is_closed_to_senders = False
    assert send() == NOTHING | {"sent": 1}


def test_a_connection_that_was_lost_between_two_messages_is_made_anew(mail, new_customer, app):
    gateway = adapters()[0].open()
    gateway.send("takes-1@people.test", "one", "one", "k1")
    gateway._session.sock.shutdown(socket.SHUT_RDWR)
    gateway.send("takes-2@people.test", "two", "two", "k2")
    gateway.close()
    assert [message["Subject"] for message in mail.taken] == ["one", "two"]
    assert mail.connections == 2


def test_the_name_and_password_of_the_address_open_the_server(app, new_customer, monkeypatch, caplog):
    server = MailServer(wants_sign_in=True)
    caplog.set_level(logging.DEBUG)
    try:
        quoted = "open%20sesame%3A%40%2F"
        for told, became in (("wrong", "waiting"), (quoted, "sent")):
            monkeypatch.setitem(app.config, "MAIL_URL", server.url.replace("//", f"//{USER}:{told}@"))
            number = tell(new_customer())
            assert send()[became] >= 1
            assert (delivery(number).problem is Problem.NOT_LET_IN) == (became == "waiting")
    finally:
        server.close()
    assert PASSWORD not in caplog.text
    assert quoted not in caplog.text


def test_a_deleted_or_erased_customer_gets_no_more_mail(mail, new_customer, owner):
    customer = new_customer()
    number = tell(customer)
    in_transaction(lambda: delete_customer(customer, reason="moved", actor=owner))
    assert send() == NOTHING
    assert (delivery(number).state, delivery(number).problem) == (DeliveryState.FAILED, Problem.CUSTOMER_DELETED)
    other = new_customer()
    erased = tell(other)
    in_transaction(lambda: erase_notices(other, actor=owner))
    send()
    assert delivery(erased).state is DeliveryState.FAILED
    assert mail.taken == []


def test_erasing_takes_the_address_away(mail, new_customer, owner):
    customer = new_customer()
    number = tell(customer)
    send()
    assert delivery(number).address == address_of(customer)
    in_transaction(lambda: erase_notices(customer, actor=owner))
    assert delivery(number).address is None


def test_who_has_no_address_any_more_is_not_written_to(mail, new_customer, owner):
    customer = new_customer()
    number = tell(customer)
    in_transaction(lambda: change_customer(customer, {"email": None}, actor=owner) and None)
    send()
    assert (delivery(number).problem, mail.taken) == (Problem.NO_ADDRESS, [])


def test_what_a_closed_room_wanted_to_say_waits(app, new_customer, monkeypatch):
    number = tell(new_customer())
    monkeypatch.setitem(app.extensions, rooms.KEY, app.extensions[rooms.KEY][:-1])
    assert send() == NOTHING
    assert delivery(number).state is DeliveryState.WAITING


def test_nothing_is_held_in_the_database_while_a_message_goes_out(app, mail, new_customer):
    number = tell(new_customer())
    became = []

    def look() -> None:
        with app.app_context():
            row = db.session.query(NoticeDelivery).filter(NoticeDelivery.notice_id == number)
            in_transaction(lambda: row.update({"reply": 1}) and None)
            became.append(delivery(number).state)
            db.session.remove()

    mail.then = look
    assert send()["sent"] == 1
    assert became == [DeliveryState.SENDING]
