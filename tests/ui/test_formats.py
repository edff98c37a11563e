"""Amounts, moments, phones and refusals, as each language writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask_babel import force_locale

from app.core.errors import Refused
from app.customers.models import CustomerType
from app.ui import formats


class _Broke(Refused):
    code = "test-broke"
    sentence = "The balance %(balance)s is below %(amount)s, since %(day)s, %(tries)s times."


@pytest.fixture(params=["en", "zh", "zh_Hant_TW"])
def locale(app, request):
    with app.test_request_context(), force_locale(request.param):
        yield request.param


def test_money_carries_the_short_sign_and_two_decimals(locale):
    assert formats.money(Decimal("-1234.5")) == "-¥1,234.50"
    assert formats.money(None) == ""


def test_moments_stand_in_the_shops_zone(locale):
    shown = formats.moment(datetime(2026, 11, 20, 23, 5, tzinfo=UTC))
    assert shown.endswith("07:05")
    assert shown.startswith({"en": "Nov 21, 2026", "zh": "2026年11月21日", "zh_Hant_TW": "2026年11月21日"}[locale])


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("+8613800138000", "138 0013 8000"), ("+14155552671", "+1 415-555-2671"), ("", ""), ("ask", "ask"), (None, "")],
)
def test_phones_are_grouped(kept, shown):
    assert formats.phone(kept) == shown


def test_a_refusal_shows_its_amounts_as_money(app):
    fresh = _Broke(balance=Decimal("1.50"), amount=Decimal(2000), day=date(2026, 11, 21), tries=3)
    kept = _Broke(balance="1.50", amount="2000.00", day=date(2026, 11, 21), tries=3)
    with app.test_request_context():
        wanted = "The balance ¥1.50 is below ¥2,000.00, since Nov 21, 2026, 3 times."
        assert [formats.refusal_text(refused) for refused in (fresh, kept)] == [wanted, wanted]


def test_generated_views_show_each_type_in_words(app):
    with app.test_request_context():
        assert formats.anything(CustomerType.DISTRIBUTORS) == "Distributors customer"
        assert formats.anything(True) == "Yes"
        assert formats.anything(["a", "b"]) == "a, b"
        assert "—" in formats.anything(None)
        assert formats.anything("<b>") == "<b>"  # text: the template escapes it
