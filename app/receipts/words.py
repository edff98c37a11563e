"""An amount in Chinese financial capitals, by the PRC norm for filling in bills; and the words of this room."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from app.core import money
from app.core.errors import N_

Script = Literal["simplified", "traditional"]

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
LARGEST = 10**16  # in whole units: above it 亿 would have to be said thrice
TRADITIONAL = str.maketrans("贰陆万亿元负币", "貳陸萬億圓負幣")
# Where the words are said of: their unit is 元 (圓), parted into 角 and 分. How the pages' languages write it.
CURRENCIES = frozenset({"CNY", "TWD", "HKD", "MOP"})
SCRIPTS: Mapping[str, Script] = {"zh": "simplified", "zh_Hant_TW": "traditional"}

# What people call the codes of this room, in operation records; the codes are made messages of.
OPERATIONS = (N_("Print"),)
FIELDS = (N_("Times printed"),)


def total_in_words(amount: Decimal, script: Script, *, prefix: bool = False, zheng_after_jiao: bool = False) -> str:
    """An amount of 元 as bills carry it: 1409.50 is 壹仟肆佰零玖元伍角.

    prefix: 人民币 before it. zheng_after_jiao: 整 after 角 too, where the norm leaves it open. Where the norm allows
    a 零 and its absence (1680.32, 107000.53), it stands before 角 and not between 万 and 仟. Raises NotMoney for more
    than two decimals, ValueError for 10^16 and above.
    """
    minor = money.to_minor(amount)
    yuan, cents = divmod(abs(minor), 100)
    if yuan >= LARGEST:
        raise ValueError("too large to be said")
    whole = f"{_whole(yuan)}元" if yuan or not cents else ""
    text = f"{'人民币' if prefix else ''}{'负' if minor < 0 else ''}{whole}{_part(yuan, cents, zheng_after_jiao)}"
    return text.translate(TRADITIONAL) if script == "traditional" else text


def _whole(number: int) -> str:
    """The part before 元. A 零 stands where the part after a unit does not reach its highest place."""
    for unit, name in UNITS:
        if number >= unit:
            above, below = divmod(number, unit)
            return f"{_whole(above)}{name}{'零' if 0 < below < unit // 10 else ''}{_whole(below) if below else ''}"
    return DIGITS[number]


def _part(yuan: int, cents: int, zheng_after_jiao: bool) -> str:
    """What follows 元: 角 and 分, or 整."""
    if not cents:
        return "整"
    jiao, fen = divmod(cents, 10)
    zero = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    end = f"{DIGITS[fen]}分" if fen else ("整" if zheng_after_jiao else "")
    return f"{zero}{f'{DIGITS[jiao]}角' if jiao else ''}{end}"
