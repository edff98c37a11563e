"""One row of a customer list: the values of a customer, or why it cannot be one."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import partial

from app.customers import profile
from app.customers.models import CustomerType, Gender, Language
from app.customers.newcomers.words import Field
from app.customers.numbers import is_ours
from app.customers.takeover import cells
from app.customers.takeover.cells import NOTHING, Cell, Unfit
from app.customers.takeover.kinds import Read, ReadRow
from app.customers.takeover.rows import Reader, amount, day, number_of, one_of, read_cells, text_of

LENGTHS = profile.LENGTHS | {"customer_no": 32}
SEALED = frozenset({Field.ID_NUMBER.value})
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


def reader(region: str) -> Read:
    """What reads a row of a customer list. region: of phone numbers that name none."""
    readers: dict[Field, Reader] = {**READERS, Field.PHONE: partial(cells.phone, region=region)}

    def read(line: int, row: Sequence[Cell], fields: Mapping[int, StrEnum]) -> ReadRow:
        found = read_cells(line, row, fields, readers, SEALED)
        found.phone = found.values.pop(Field.PHONE.value, None)
        found.customer_no = found.values.pop(Field.CUSTOMER_NO.value, None)
        if Field.NAME.value not in found.values and Field.NAME not in found.errors and found.phone:
            found.values[Field.NAME.value] = found.phone.removeprefix("+86")
            found.is_named_by_phone = True
        return found

    return read


def _customer_no(cell: Cell) -> str | None:
    value = number_of(LENGTHS[Field.CUSTOMER_NO])(cell)
    if value is not None and is_ours(value):
        raise Unfit("reserved-number")
    return value


def _email(cell: Cell) -> str | None:
    value = text_of(LENGTHS[Field.EMAIL])(cell)
    if value is None or value.casefold() in NOTHING:
        return None
    if not _EMAIL.fullmatch(value):
        raise Unfit("bad-email")
    return value


READERS: dict[Field, Reader] = {
    Field.NAME: text_of(LENGTHS[Field.NAME]),
    Field.BALANCE: amount,
    Field.BONUS: amount,
    Field.CUSTOMER_NO: _customer_no,
    Field.TYPE: one_of(_TYPES, "unknown-type"),
    Field.GENDER: one_of(_GENDERS, "unknown-gender"),
    Field.BIRTHDAY: day,
    Field.ADDRESS: text_of(LENGTHS[Field.ADDRESS]),
    Field.LANDLINE: number_of(LENGTHS[Field.LANDLINE]),
    Field.CONTACT_PHONE: number_of(LENGTHS[Field.CONTACT_PHONE]),
    Field.EMAIL: _email,
    Field.LANGUAGE: one_of(_LANGUAGES, "unknown-language"),
    Field.ID_NUMBER: number_of(LENGTHS[Field.ID_NUMBER]),
    Field.NOTE: text_of(LENGTHS[Field.NOTE]),
}
