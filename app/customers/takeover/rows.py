"""One row of a list: the values of a customer, or why it cannot be one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.money import to_text
from app.core.sealed import mask
from app.customers import profile
from app.customers.models import CustomerType, Gender, Language
from app.customers.numbers import is_ours
from app.customers.takeover import cells
from app.customers.takeover.cells import NOTHING, Cell, Unfit, shown
from app.customers.takeover.headings import is_grand_total, is_total, plain
from app.customers.takeover.words import Field

LENGTHS = profile.LENGTHS | {"customer_no": 32}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_GENDERS = {
    Gender.FEMALE: "female f 女 女性 女士 小姐 ms mrs miss",
    Gender.MALE: "male m 男 男性 先生 mr",
    Gender.OTHER: "other 其他 其它",
}
_TYPES = {
    CustomerType.PERSONAL: "personal person individual 个人 個人 普通 普通会员 普通會員 散客 一般",
    CustomerType.COMPANY: "company business 公司 企业 企業 单位 單位 团体 團體",
    CustomerType.VIP: "vip vip会员 vip會員 vip客户 贵宾 貴賓",
    CustomerType.DISTRIBUTORS: "distributors-customer 经销商客户 經銷商客戶 分销客户 分銷客戶",
    CustomerType.STAFF: "staff employee 员工 員工 职员 職員",
}
_LANGUAGES = {
    Language.ENGLISH: "en english 英文 英语 英語",
    Language.SIMPLIFIED: "zh zh-cn zh-hans chinese 中文 简体 简体中文 簡體 簡體中文 汉语 普通话",
    Language.TRADITIONAL: "zh_hant_tw zh-tw zh-hant 繁体 繁体中文 繁體 繁體中文",
}
_UNKNOWN = NOTHING | {"未知", "保密", "unknown"}


@dataclass
class ReadRow:
    """values: what the customer will be, amounts as text. errors: {"field": {"code", "found"}}."""

    line: int
    phone: str | None = None
    customer_no: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_named_by_phone: bool = False

    def refuse(self, name: str, code: str, found: str, **figures: Any) -> None:
        self.errors[name] = {"code": code, "found": found, **figures}


def is_empty(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def total_of(row: Sequence[Cell], fields: Mapping[int, Field], region: str) -> str | None:
    """The word that makes the row a line of totals; None for a customer's row."""
    word = next((cell for cell in row if isinstance(cell, str) and is_total(cell)), None)
    if word is None:
        return None
    try:
        cells.phone(_cell(row, _column(fields, Field.PHONE)), region)
    except Unfit:
        return word
    return None


def stated_total(word: str, row: Sequence[Cell], fields: Mapping[int, Field]) -> Decimal | None:
    """The sum of balances that a row of grand totals states, if it states one that can be read."""
    column = _column(fields, Field.BALANCE)
    if column is None or not is_grand_total(word):
        return None
    try:
        return cells.amount(_cell(row, column)) or None
    except Unfit:
        return None


def _column(fields: Mapping[int, Field], wanted: Field) -> int | None:
    return next((column for column, name in fields.items() if name is wanted), None)


def _cell(row: Sequence[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else None


def read(line: int, row: Sequence[Cell], fields: Mapping[int, Field], region: str) -> ReadRow:
    """Read one row. Whatever does not fit is told of each field; nothing is guessed."""
    result = ReadRow(line)
    for column, name in fields.items():
        cell = _cell(row, column)
        try:
            value = _phone(cell, region) if name is Field.PHONE else READERS[name](name, cell)
        except Unfit as unfit:
            said = shown(cell)
            result.refuse(name.value, unfit.code, (mask(said) or "") if name is Field.ID_NUMBER else said)
        else:
            if value is not None:
                result.values[name.value] = value
    result.phone = result.values.pop(Field.PHONE.value, None)
    result.customer_no = result.values.pop(Field.CUSTOMER_NO.value, None)
    if Field.NAME.value not in result.values and Field.NAME not in result.errors and result.phone:
        result.values[Field.NAME.value] = result.phone.removeprefix("+86")
        result.is_named_by_phone = True
    return result


def _phone(cell: Cell, region: str) -> str:
    return cells.phone(cell, region)


def _text(name: Field, cell: Cell) -> str | None:
    value = cells.text(cell)
    if len(value) > LENGTHS[name]:
        raise Unfit("too-long")
    return value or None


def _number(name: Field, cell: Cell) -> str | None:
    """Digits that a spreadsheet may have taken for a number, such as those of a card."""
    value = _text(name, cell)
    if value is None or value in NOTHING:
        return None
    if isinstance(cell, float) and abs(cell) >= 1e15:  # a float holds no more digits than that
        raise Unfit("lost-digits")
    return cells.digits_kept(value)


def _customer_no(name: Field, cell: Cell) -> str | None:
    value = _number(name, cell)
    if value is not None and is_ours(value):
        raise Unfit("reserved-number")
    return value


def _amount(_name: Field, cell: Cell) -> str:
    return to_text(cells.amount(cell))


def _day(_name: Field, cell: Cell) -> str | None:
    found = cells.day(cell)
    return found.isoformat() if found else None


def _email(name: Field, cell: Cell) -> str | None:
    value = _text(name, cell)
    if value is None or value.casefold() in NOTHING:
        return None
    if not _EMAIL.fullmatch(value):
        raise Unfit("bad-email")
    return value


def _one_of(words: Mapping[Any, str], code: str) -> Callable[[Field, Cell], str | None]:
    known = {word: member.value for member, line in words.items() for word in line.split()}

    def read_word(_name: Field, cell: Cell) -> str | None:
        value = cells.text(cell).casefold()
        if value in _UNKNOWN:
            return None
        found = known.get(value) or known.get(plain(value))
        if found is None:
            raise Unfit(code)
        return found

    return read_word


READERS: dict[Field, Callable[[Field, Cell], Any]] = {
    Field.NAME: _text,
    Field.BALANCE: _amount,
    Field.BONUS: _amount,
    Field.CUSTOMER_NO: _customer_no,
    Field.TYPE: _one_of(_TYPES, "unknown-type"),
    Field.GENDER: _one_of(_GENDERS, "unknown-gender"),
    Field.BIRTHDAY: _day,
    Field.ADDRESS: _text,
    Field.LANDLINE: _number,
    Field.CONTACT_PHONE: _number,
    Field.EMAIL: _email,
    Field.LANGUAGE: _one_of(_LANGUAGES, "unknown-language"),
    Field.ID_NUMBER: _number,
    Field.NOTE: _text,
}
