"""Amounts as people type them, and fields that keep what was typed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.ui import amounts
from app.ui.fields import DayField, MomentField, MoneyField, PhoneField


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("100", "100.00"),
        ("1,000.50", "1000.50"),
        ("￥88", "88.00"),
        ("¥ 1,234,567.8", "1234567.80"),
        ("１００．５", "100.50"),
        ("一".replace("一", " 12 元 "), "12.00"),
        (".5", "0.50"),
        ("3。20", "3.20"),
        ("1.100", "1.10"),
        ("0", "0.00"),
        ("9,999,999,999.99", "9999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, meant):
    assert amounts.read(typed) == Decimal(meant)
    assert amounts.read(typed).as_tuple().exponent == -2


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "abc", "1e3", "NaN", "Infinity", "1.234", "-1", "1,00", "10,00.5", "1.2.3", "10000000000"),
        *("--1", "¥", "0x10", "١٠٠", "1_000", "5.", "1 元 元 x", "true", "1" * 400),
    ],
)
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(amounts.NotAnAmount):
        amounts.read(typed)


@pytest.mark.parametrize("typed", ["-12.50", "−12.50", "－１２．５"])
def test_a_minus_is_read_only_where_it_is_allowed(typed):
    assert amounts.read(typed, signed=True) == Decimal("-12.50")
    with pytest.raises(amounts.NotAnAmount):
        amounts.read(typed)


class _Form(FlaskForm):
    amount = MoneyField()
    day = DayField()
    at = MomentField()
    phone = PhoneField()


def _filled(app, **typed):
    with app.test_request_context(method="POST"):
        form = _Form(formdata=MultiDict(typed), meta={"csrf": False})
        return form.validate(), form, {field.name: field() for field in form}


def test_a_wrong_amount_stays_in_its_field_as_it_was_typed(app):
    is_valid, form, html = _filled(app, amount="1.234")
    assert not is_valid
    assert form.errors["amount"] == ["An amount has at most two decimals."]
    assert 'value="1.234"' in html["amount"]
    assert form.amount.data is None


def test_moments_are_typed_by_the_shops_clock_and_kept_in_utc(app):
    is_valid, form, _html = _filled(app, at="2026-11-21T08:30")
    assert is_valid
    assert form.at.data == datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    with app.test_request_context():
        shown = _Form(formdata=None, data={"at": datetime(2026, 11, 21, 0, 30, tzinfo=UTC)}, meta={"csrf": False})
        assert 'value="2026-11-21T08:30"' in shown.at()


@pytest.mark.parametrize(
    "typed",
    [
        *({"at": "yesterday"}, {"at": "0001-01-01T00:00"}, {"at": "2026-11-21T08:30+01:00"}),
        *({"day": "0001-01-01"}, {"day": "9999-12-31"}, {"day": "2026-02-30"}),
    ],
)
def test_days_and_moments_that_are_none_are_refused(app, typed):
    assert not _filled(app, **typed)[0]


def test_phones_lose_their_width_and_blanks(app):
    _is_valid, form, _html = _filled(app, phone=" １３８ 0013 8000 ")
    assert form.phone.data == "138 0013 8000"
