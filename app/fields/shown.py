"""Fields and what stands in them, as people read them: on a page, in a list, in a file."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from flask_babel import get_locale

from app.fields.models import FieldKind
from app.fields.queries import PREFIX, Field, Value, fields_of, values_of
from app.tables import Column, Kind
from app.ui import formats

KINDS = {
    FieldKind.TEXT: Kind.TEXT,
    FieldKind.NUMBER: Kind.NUMBER,
    FieldKind.DATE: Kind.DAY,
    FieldKind.CHOICE: Kind.TEXT,
}


class Said(NamedTuple):
    """What a field is called, and what stands in it, in words. name: as programs call it."""

    name: str
    label: str
    value: str


def called(field: Field) -> str:
    """What a field is called in the reader's language."""
    return field.label(str(get_locale()))


def said(subject: str, values: Mapping[str, Value]) -> list[Said]:
    """What stands in the fields of one thing, without those that are empty. values: by name of the field."""
    filled = (field for field in fields_of(subject) if field.name in values)
    return [Said(field.name, called(field), str(formats.anything(values[field.name]))) for field in filled]


def columns(subject: str, *, is_listed_only: bool = False) -> list[Column]:
    """A column of a list or file for each field of a subject; those that stand in lists alone, or all."""
    shown = (field for field in fields_of(subject) if field.is_listed or not is_listed_only)
    return [Column(field.input, called(field), KINDS[field.kind]) for field in shown]


def cells(subject: str, subject_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What stands in the columns of `columns`, by id; every column of every thing is there, empty as None."""
    names, found = [field.name for field in fields_of(subject)], values_of(subject, subject_ids)
    return {each: {PREFIX + name: found[each].get(name) for name in names} for each in subject_ids} if names else {}
