"""Nothing leaves in the quiet hours of the shop's clock."""

import pytest

from app.core.errors import Invalid
from tests.notices.conftest import NOON, NOTHING, delivery, send, tell


def test_quiet_hours_cross_midnight_and_mail_waits_for_their_end(new_customer, quiet, shop_clock):
    quiet("21", "8")
    number = tell(new_customer())
    for hour, minute in ((21, 0), (23, 59), (0, 0), (7, 59)):
        shop_clock(NOON.replace(hour=hour, minute=minute))
        assert send() == NOTHING
    assert delivery(number).tries == 0
    shop_clock(NOON.replace(day=5, hour=8))
    assert send() == NOTHING | {"sent": 1}


@pytest.mark.parametrize(
    ("first", "last", "wrong"), [("21", "", "quiet_to"), ("", "8", "quiet_from"), ("9", "9", "quiet_to")]
)
def test_quiet_hours_have_two_ends_that_differ(quiet, first, last, wrong):
    with pytest.raises(Invalid) as told:
        quiet(first, last)
    assert list(told.value.errors) == [wrong]


def test_quiet_hours_of_one_day(new_customer, quiet, shop_clock):
    quiet("12", "14")
    number = tell(new_customer())
    shop_clock(NOON.replace(hour=13, minute=59))
    assert send() == NOTHING
    shop_clock(NOON.replace(hour=14))
    assert send() == NOTHING | {"sent": 1}
    assert delivery(number).tries == 1


def test_a_run_ends_when_the_quiet_hours_begin(mail, new_customer, quiet, shop_clock):
    numbers = [tell(new_customer()) for _ in range(2)]
    quiet("21", "8")
    shop_clock(NOON.replace(hour=20, minute=59, second=59))
    mail.then = lambda: shop_clock(NOON.replace(hour=21))
    assert send()["sent"] == 1
    assert [delivery(number).state.value for number in numbers] == ["sent", "waiting"]
