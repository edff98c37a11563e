"""What stands in one cell, read as text, as money, as a phone number or as a day."""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from app.core import clock, money
from app.core.sealed import mask
from app.customers.phones import NotAPhone, normalise


class Unread(StrEnum):
    """A cell of a workbook whose value is not in the file."""

    FORMULA = "formula"
    ERROR = "error-value"


Cell = Any  # str, int, float, bool, date, datetime, time, timedelta, Unread or None


class Unfit(Exception):
    """The cell does not hold what its column should. code: one of wording.REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d+(?:\.(\d+))?)[eE]\+?(\d{1,2})", re.ASCII)
_WHOLE = re.compile(r"(\d+)\.0*", re.ASCII)
_CURRENCY = re.compile(r"^(-?)(?:￥|¥|\$|RMB|CNY|HK\$|NT\$)|(?:元|圆|圓|RMB|CNY)(?:整|正)?$", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?", re.ASCII)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
NOTHING = {"", "-", "--", "—", "——", "/", "无", "無", "none", "n/a", "null"}
_CARD = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15})(?!\d)", re.ASCII)  # a number of an ID card
HAIR = Decimal("0.000001")  # what arithmetic in floats leaves behind


def text(cell: Cell) -> str:
    """The cell as one line of text; whole numbers without a point. Raises Unfit for a formula without value."""
    if isinstance(cell, Unread):
        raise Unfit(cell.value)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return _one_line(_unwrapped(str(cell)))


def shown(cell: Cell) -> str:
    """The cell for a report: whatever it holds, shortened; what looks like the number of an ID card is masked."""
    if isinstance(cell, Unread):
        return f"({cell.value})"
    return _CARD.sub(lambda card: mask(card[0]) or "", text(cell))[:80]


def _unwrapped(written: str) -> str:
    """Without the signs by which a spreadsheet is told to keep digits as text: ="138..." and '138..."""
    stripped = written.strip()
    if stripped.startswith('="') and stripped.endswith('"') and len(stripped) > 3:
        return stripped[2:-1]
    if stripped.startswith("'") and stripped[1:2].isdecimal():
        return stripped[1:]
    return written


def _value(cell: Cell) -> str:
    """The cell as text that must be worked out already: CSV may hold formulas as they were typed."""
    value = text(cell)
    if value.startswith("="):
        raise Unfit(Unread.FORMULA.value)
    return value


def _one_line(written: str) -> str:
    seen = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in written)
    seen = "".join(sign for sign in seen if unicodedata.category(sign) not in {"Cf", "Cs", "Co"})
    return " ".join(seen.split())


def amount(cell: Cell) -> Decimal:
    """The cell as money, zero when nothing stands there.

    Raises Unfit: bad-amount, too-many-decimals, negative-amount, amount-too-large, or what `text` raises.
    """
    if isinstance(cell, bool | date | datetime):
        raise Unfit("bad-amount")
    value = _rounded(Decimal(repr(cell))) if isinstance(cell, int | float) else _written_amount(_value(cell))
    if value < 0:
        raise Unfit("negative-amount")
    if value > money.LARGEST:
        raise Unfit("amount-too-large")
    return value


def _written_amount(written: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", written).replace(" ", "").replace("¥", "￥")
    plain = plain.replace("\N{MINUS SIGN}", "-")
    if plain.casefold() in NOTHING:
        return Decimal(0)
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    plain = _CURRENCY.sub(r"\1", _CURRENCY.sub(r"\1", plain))
    if not _NUMBER.fullmatch(plain):
        raise Unfit("bad-amount")
    value = Decimal(plain.replace(",", ""))
    if abs(value) > money.LARGEST:
        raise Unfit("negative-amount" if value < 0 else "amount-too-large")
    if value != value.quantize(money.CENT):
        raise Unfit("too-many-decimals")
    return value.quantize(money.CENT)


def _rounded(value: Decimal) -> Decimal:
    """A spreadsheet counts in floats: 12.400000000000001 is 12.40, and 12.345 is refused."""
    if not value.is_finite():
        raise Unfit("bad-amount")
    if abs(value) > money.LARGEST:
        raise Unfit("negative-amount" if value < 0 else "amount-too-large")
    cents = value.quantize(money.CENT, ROUND_HALF_UP)
    if abs(value - cents) > HAIR:
        raise Unfit("too-many-decimals")
    return cents


def phone(cell: Cell, region: str) -> str:
    """The cell as a phone number in E.164. Raises Unfit: phone-missing, bad-phone, lost-digits."""
    written = digits_kept(_value(cell))
    if not written:
        raise Unfit("phone-missing")
    try:
        return normalise(written, region)
    except NotAPhone:
        raise Unfit("bad-phone") from None


def digits_kept(written: str) -> str:
    """Long numbers as spreadsheets mangle them: 13800138000.0 is mended, 1.38E+10 raises Unfit(lost-digits)."""
    plain = unicodedata.normalize("NFKC", written)
    if match := _WHOLE.fullmatch(plain):
        return match[1]
    if match := _SCIENTIFIC.fullmatch(plain):
        if len(match[2] or "") < int(match[3]):
            raise Unfit("lost-digits")
        return str(int(Decimal(plain)))
    return written


def day(cell: Cell, latest: date | None = None) -> date | None:
    """The cell as a day; None when nothing stands there. latest: that it may be, else today. Raises Unfit: bad-date."""
    if isinstance(cell, date):
        found = cell.date() if isinstance(cell, datetime) else cell
    else:
        plain = unicodedata.normalize("NFKC", _value(cell))
        if plain.casefold() in NOTHING:
            return None
        match = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
        if not match:
            raise Unfit("bad-date")
        found = _calendar_day(*(int(part) for part in match.groups()))
    if not found.year >= 1900 or found > (latest or clock.today()):
        raise Unfit("bad-date")
    return found


def _calendar_day(year: int, month: int, day_: int) -> date:
    try:
        return date(year, month, day_)
    except ValueError:
        raise Unfit("bad-date") from None
