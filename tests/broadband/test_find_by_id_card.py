"""A user is found by his ID number, by those to whom ID numbers are revealed; no address and no record tells it."""

import csv
import io

import pytest

from app.broadband.reminders.report import reminders_report
from app.broadband.reports.subscribers import services_report
from app.core.db import in_transaction
from app.core.sealed import HIDDEN, mask, seal
from app.customers.operations import change_customer
from tests.broadband.ground import opened, service_of
from tests.customers.sealing import everything, last_record, new_number, post

ROUTE = services_report.route


@pytest.fixture
def card(app):
    """An ID number that no other user has."""
    return new_number()


@pytest.fixture
def user(owner, new_phone, card):
    """The number of the service of who has that card."""
    customer, service = opened(owner, new_phone())
    in_transaction(lambda: change_customer(customer, {"id_number": card}, actor=owner))
    return service_of(service).service_no


def test_what_was_typed_is_found_and_stands_in_no_address_page_or_row(boss, user, card):
    answer = post(boss, f"{ROUTE}/find?status=pending-install&after=x", id_card_no=f" {card.lower()} ")
    assert (answer.status_code, card in answer.location) == (302, False)
    assert answer.location.startswith(f"{ROUTE}/?status=pending-install&id_card_no=")  # and no place in the list
    page = boss.get(answer.location).text
    assert user in page
    assert mask(card) in page
    assert card not in page
    assert card not in everything()


def test_another_number_finds_nobody(boss, user, card):
    other = post(boss, f"{ROUTE}/find", id_card_no=f"{card[:-1]}7")
    assert user not in boss.get(other.location).text


def test_the_list_of_reminders_has_the_same_way(boss, card):
    route = reminders_report.route
    assert f'action="{route}/find' in boss.get(f"{route}/").text
    answer = post(boss, f"{route}/find", id_card_no=card)
    assert answer.location.startswith(f"{route}/?id_card_no=")
    assert mask(card) in boss.get(answer.location).text


def test_nothing_typed_looks_for_nothing(boss, user, card):
    for sent in ({"id_card_no": ""}, {"id_card_no": "  "}, {}):
        answer = post(boss, f"{ROUTE}/find?id_card_no={seal(card)}&number={user}", **sent)
        assert answer.location == f"{ROUTE}/?number={user}"


def test_what_the_form_would_not_send_is_refused(boss):
    assert post(boss, f"{ROUTE}/find", id_card_no="1" * 33).status_code == 400


def test_a_number_that_is_not_sealed_is_no_filter(boss, card):
    assert boss.get(f"{ROUTE}/?id_card_no={card}").status_code == 400


def test_a_file_is_of_him_alone_and_its_record_tells_not_whom(boss, user, card):
    answer = post(boss, f"{ROUTE}/export?id_card_no={seal(card)}", format="csv")
    (line,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert (line["Service no."], line["ID card no."]) == (user, mask(card))
    assert last_record("tables.export").personal.changes == {"id_card_no": [None, HIDDEN]}


def test_who_may_not_see_id_numbers_may_not_look_for_them(boss, clerk, user, card):
    assert f'action="{ROUTE}/find' in boss.get(f"{ROUTE}/").text
    assert f'action="{ROUTE}/find' not in clerk.get(f"{ROUTE}/").text
    assert post(clerk, f"{ROUTE}/find", id_card_no=card).status_code == 403
    page = clerk.get(f"{ROUTE}/?id_card_no={seal(card[::-1])}").text
    assert user in page  # his list is all that he may see: a token tells him nothing
