"""Which fields there are, what stands in them, and who has what in them.

Fields and hidden stock fields are few and wanted by many pages, so they come along with the question of who is there
(app/core/alongside.py), each kind in one text with a line for each; away from pages they are asked for.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, Text, cast, func, select, type_coerce

from app.core.alongside import UNKNOWN, ask_along, told
from app.core.errors import NotFound
from app.core.recall import recalled
from app.extensions import db
from app.fields.models import CustomField, CustomValue, FieldKind, HiddenField

PREFIX = "custom_"  # of the names of inputs: no stock field begins so
LAST_SIGN = "\U0010ffff"  # behind every other
KNOWN_TEXTS = 64
NEXT_BEST = {"en": ("zh", "zh_Hant_TW"), "zh": ("zh_Hant_TW", "en"), "zh_Hant_TW": ("zh", "en")}
# The column in which a value of each kind stands.
COLUMNS: Mapping[FieldKind, Any] = {
    FieldKind.TEXT: CustomValue.text,
    FieldKind.NUMBER: CustomValue.number,
    FieldKind.DATE: CustomValue.day,
    FieldKind.CHOICE: CustomValue.text,
}
Value = str | Decimal | date


@dataclass(frozen=True)
class Field:
    """A field that is in use, as a value. labels: by locale, at least one."""

    id: int
    subject: str
    name: str
    kind: FieldKind
    position: int
    is_required: bool
    is_listed: bool
    labels: Mapping[str, str]
    choices: tuple[str, ...]

    @property
    def input(self) -> str:
        """What its input is called in forms, addresses and refusals."""
        return PREFIX + self.name

    def label(self, locale: str) -> str:
        """What it is called in that language, or in the one nearest to it that it has a name in."""
        return label_in(self.labels, locale)


@dataclass(frozen=True)
class Wanted:
    """A field and what is looked for in it: texts by their beginning, choices whole, the rest from `low` to `high`."""

    field: Field
    low: Value | None
    high: Value | None = None

    def __str__(self) -> str:
        return str(self.low) if self.high is None else f"{'' if self.low is None else self.low} - {self.high}"

    def ids(self) -> Select[Any]:
        """The ids of those things, as a subquery that goes through the index."""
        column = COLUMNS[self.field.kind]
        given = select(CustomValue.subject_id).where(CustomValue.field_id == self.field.id)
        if self.field.kind is FieldKind.CHOICE:
            return given.where(column == self.low)
        if self.field.kind is FieldKind.TEXT:
            return given.where(column >= self.low, column < f"{self.low}{LAST_SIGN}")
        if self.low is not None:
            given = given.where(column >= self.low)
        return given.where(column <= self.high) if self.high is not None else given


def label_in(labels: Mapping[str, str], locale: str) -> str:
    """The label in that language, or in the one nearest to it that there is one in."""
    wanted = (locale, *NEXT_BEST.get(locale, ()), *labels)
    return next(labels[each] for each in wanted if each in labels)


def fields_of(subject: str) -> tuple[Field, ...]:
    """The fields of a subject that are in use, in the owner's order."""
    came = told("custom_fields")
    return _read(_all_fields() if came is UNKNOWN else came).get(subject, ())


def hidden_of(subject: str) -> frozenset[str]:
    """The names of the stock fields of a subject that the owner has hidden."""
    came = told("hidden_fields")
    lines = (_all_hidden() if came is UNKNOWN else came) or ""
    pairs = (line.split("\t") for line in lines.splitlines())
    return frozenset(name for whose, name in pairs if whose == subject)


def defined(subject: str) -> list[CustomField]:
    """Every field of a subject that was ever defined, those in use first."""
    ask = select(CustomField).where(CustomField.subject == subject)
    order = (CustomField.is_retired, CustomField.position, CustomField.id)
    return list(db.session.scalars(ask.order_by(*order).execution_options(populate_existing=True)))


def get(field_id: int) -> CustomField:
    """Raises NotFound."""
    found = db.session.get(CustomField, field_id, populate_existing=True) if field_id < 2**31 else None
    if found is None:
        raise NotFound
    return found


def values_of(subject: str, subject_ids: Collection[int]) -> dict[int, dict[str, Value]]:
    """What stands in the fields of some things, by id and name of the field. Without a field nothing is asked."""
    fields = {field.id: field for field in fields_of(subject)}
    found: dict[int, dict[str, Value]] = defaultdict(dict)
    if not fields or not subject_ids:
        return found
    ask = select(CustomValue.subject_id, CustomValue.field_id, CustomValue.text, CustomValue.number, CustomValue.day)
    mine = ask.where(CustomValue.field_id.in_(fields), CustomValue.subject_id.in_(subject_ids))
    for subject_id, field_id, *columns in db.session.execute(mine):
        found[subject_id][fields[field_id].name] = next(value for value in columns if value is not None)
    return found


def _fields_text() -> ColumnElement[Any]:
    """All fields that are in use in one text: a line for each."""
    mine = CustomField
    cells: list[Any] = [mine.subject, mine.name, type_coerce(mine.kind, String), type_coerce(mine.labels, Text)]
    cells += [type_coerce(mine.choices, Text)]  # neither these nor the labels hold a tab: JSON writes it as \t
    numbers = (mine.id, mine.position, cast(mine.is_required, Integer), cast(mine.is_listed, Integer))
    line: Any = cells[0]
    for cell in (*cells[1:], *(cast(number, Text) for number in numbers)):
        line = line + "\t" + cell
    return select(func.aggregate_strings(line, "\n")).where(mine.is_retired.is_(False)).scalar_subquery()


def _hidden_text() -> ColumnElement[Any]:
    line = HiddenField.subject + "\t" + HiddenField.name
    return select(func.aggregate_strings(line, "\n")).scalar_subquery()


@recalled
def _all_fields() -> str | None:
    return db.session.scalar(select(_fields_text()))


@recalled
def _all_hidden() -> str | None:
    return db.session.scalar(select(_hidden_text()))


@lru_cache(KNOWN_TEXTS)
def _read(text: str | None) -> Mapping[str, tuple[Field, ...]]:
    """The fields of such a text by subject. The text is asked for every time; only reading it is spared."""
    read: dict[str, list[Field]] = defaultdict(list)
    for field in sorted(map(_field, text.split("\n") if text else ()), key=lambda each: (each.position, each.id)):
        read[field.subject].append(field)
    return {subject: tuple(fields) for subject, fields in read.items()}


def _field(line: str) -> Field:
    subject, name, kind, labels, choices, *numbers = line.split("\t")
    number, position, is_required, is_listed = map(int, numbers)
    written = json.loads(labels), tuple(json.loads(choices))
    return Field(number, subject, name, FieldKind(kind), position, bool(is_required), bool(is_listed), *written)


ask_along("custom_fields", _fields_text)
ask_along("hidden_fields", _hidden_text)
