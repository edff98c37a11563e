"""Amounts in financial capitals: every value of the table, and what must hold for all of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import NotMoney
from app.receipts.words import DIGITS, total_in_words

TABLE = """
    0               零元整
    0.00            零元整
    -0.00           零元整
    0.01            壹分
    0.10            壹角
    0.21            贰角壹分
    1               壹元整
    10              壹拾元整
    16              壹拾陆元整
    100             壹佰元整
    101             壹佰零壹元整
    1005            壹仟零伍元整
    1409.50         壹仟肆佰零玖元伍角
    1680.32         壹仟陆佰捌拾元零叁角贰分
    6007.14         陆仟零柒元壹角肆分
    10000           壹万元整
    12000.01        壹万贰仟元零壹分
    16409.02        壹万陆仟肆佰零玖元零贰分
    100000          壹拾万元整
    107000.53       壹拾万柒仟元零伍角叁分
    325.04          叁佰贰拾伍元零肆分
    1000000         壹佰万元整
    100000000       壹亿元整
    200000000       贰亿元整
    100000001       壹亿零壹元整
    9999999999.99   玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分
    -0.09           负玖分
    -1234.45        负壹仟贰佰叁拾肆元肆角伍分
    10.50           壹拾元零伍角
    100010000       壹亿零壹万元整
    100001000       壹亿零壹仟元整
    1234500000000   壹万贰仟叁佰肆拾伍亿元整
"""
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()]
SWAPS = {"贰": "貳", "陆": "陸", "万": "萬", "亿": "億", "元": "圓", "负": "負", "币": "幣"}
WORTH = {"拾": 10, "佰": 100, "仟": 1000, "万": 10**4, "亿": 10**8}
PARTS = {"元": 100, "角": 10, "分": 1}

amounts = st.integers(1, 999_999_999_999).map(lambda cents: Decimal(cents).scaleb(-2))


def traditional(text: str) -> str:
    return "".join(SWAPS.get(sign, sign) for sign in text)


def simplified(text: str) -> str:
    back = {after: before for before, after in SWAPS.items()}
    return "".join(back.get(sign, sign) for sign in text)


def whole(text: str) -> int:
    """The number that a text without 元 says, by its own way of reading: the last of the largest units parts it."""
    for name, worth in reversed(WORTH.items()):
        above, found, below = text.rpartition(name)
        if found:
            return whole(above) * worth + whole(below)
    return DIGITS.index(text) if text else 0


def read(text: str) -> Decimal:
    """The amount that the words say."""
    left, cents = simplified(text).removeprefix("人民币").removesuffix("整"), 0
    left, sign = left.removeprefix("负"), -1 if left.startswith("负") else 1
    for name, worth in PARTS.items():
        said, found, after = left.partition(name)
        if found:
            cents, left = cents + whole(said.replace("零", "") or "零") * worth, after
    assert not left.replace("零", "")
    return Decimal(sign * cents).scaleb(-2)


@pytest.mark.parametrize(("amount", "words"), ROWS)
def test_an_amount_is_said_as_the_norm_says_it(amount, words):
    assert total_in_words(Decimal(amount), "simplified") == words
    assert total_in_words(Decimal(amount), "traditional") == traditional(words)


def test_the_currency_is_named_and_the_end_closed_when_it_is_asked_for():
    said = total_in_words(Decimal("-1409.50"), "simplified", prefix=True, zheng_after_jiao=True)
    assert said == "人民币负壹仟肆佰零玖元伍角整"
    assert total_in_words(Decimal(1), "traditional", prefix=True) == "人民幣壹圓整"
    assert total_in_words(Decimal("0.01"), "simplified", zheng_after_jiao=True) == "壹分"


@given(amounts, st.sampled_from(["simplified", "traditional"]), st.booleans(), st.booleans(), st.booleans())
def test_what_is_said_can_be_read_back(amount, script, is_negative, prefix, zheng):
    amount = -amount if is_negative else amount
    assert read(total_in_words(amount, script, prefix=prefix, zheng_after_jiao=zheng)) == amount


@given(amounts, st.sampled_from(["simplified", "traditional"]))
def test_zero_is_never_said_twice_in_a_row_nor_first(amount, script):
    said = total_in_words(amount, script)
    assert "零零" not in said
    assert not said.startswith("零")
    assert not any(f"零{unit}" in said for unit in "拾佰仟万萬亿億元圓角分整")


@given(amounts)
def test_the_end_is_closed_after_yuan_and_never_after_fen(amount):
    said = total_in_words(amount, "simplified")
    assert said.endswith("整") == (amount == amount.to_integral_value())
    assert said.endswith("分") == (int(amount.scaleb(2)) % 10 != 0)


def test_what_cannot_be_said_is_refused():
    with pytest.raises(NotMoney):
        total_in_words(Decimal("1.001"), "simplified")
    with pytest.raises(ValueError, match="too large"):
        total_in_words(Decimal(10) ** 16, "simplified")
