"""What a field may be, and what may stand in it. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.errors import N_, Invalid
from app.fields.models import LARGEST, LONGEST_TEXT, PLACES, FieldKind
from app.fields.queries import PREFIX, Field, Value
from app.shop.help import LOCALES

LONGEST_LABEL, LONGEST_CHOICE, MOST_CHOICES = 60, 60, 100
MOST_POSITION = 999
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_RANGES = ("_from", "_to")  # what addresses write behind a name to look for a range


def name_of(typed: str | None, labels: Mapping[str, str], taken: set[str]) -> str:
    """The name as typed; else one made of the English label. Raises Invalid."""
    if typed:
        if not _NAME.fullmatch(typed) or typed.endswith(_RANGES):
            raise Invalid(name=N_("Use small letters, digits and underscores, at most 32, with a letter first."))
        return typed
    plain = re.sub(r"[^a-z0-9]+", "_", labels.get("en", "").lower(), flags=re.ASCII).strip("_")[:24].strip("_")
    stem = plain if _NAME.fullmatch(plain) and not plain.endswith(_RANGES) else "field"
    names = (stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def clean_labels(labels: Mapping[str, str | None]) -> dict[str, str]:
    """The labels that are given, each on one line. Raises Invalid."""
    cleaned = {locale: " ".join((labels.get(locale) or "").split()) for locale in LOCALES}
    for locale, label in cleaned.items():
        if len(label) > LONGEST_LABEL or not label.isprintable():
            raise Invalid(**{f"label_{locale}": N_("This is too long.")})
    given = {locale: label for locale, label in cleaned.items() if label}
    if not given:
        raise Invalid(label_en=N_("Give it a label in one language at least."))
    return given


def clean_choices(kind: FieldKind, choices: list[str]) -> list[str]:
    """The choices of a field, each once; none for another kind. Raises Invalid."""
    if kind is not FieldKind.CHOICE:
        return []
    given = list(dict.fromkeys(" ".join(choice.split()) for choice in choices if choice.strip()))
    if not given:
        raise Invalid(choices=N_("Write at least one choice."))
    if len(given) > MOST_CHOICES or any(len(each) > LONGEST_CHOICE or not each.isprintable() for each in given):
        raise Invalid(choices=N_("At most 100 choices, each of at most 60 characters."))
    return given


def clean_position(position: int | None) -> int:
    """Where it stands among the others. Raises Invalid."""
    if position is None or not 0 <= position <= MOST_POSITION:
        raise Invalid(position=N_("This must be a whole number within the bounds."))
    return position


def number_of(value: Any) -> Decimal:
    """The number that a text or a number means. Raises ValueError with a message for one that cannot be kept."""
    try:
        number = Decimal(str(value))
        is_kept = abs(number) < LARGEST and number == number.quantize(Decimal(1).scaleb(-PLACES))
    except InvalidOperation:
        is_kept = False
    if not is_kept:
        raise ValueError(N_("This must be a number with at most 12 digits and 4 decimals."))
    return number


def clean_values(
    fields: Mapping[str, Field], values: Mapping[str, Any], before: Mapping[str, Value]
) -> dict[str, Value | None]:
    """The values as they are kept, by name of the field; nothing is None. before: what stands there now.

    A choice that is offered no longer may stay where it stands. Raises Invalid with a sentence for every input.
    """
    cleaned: dict[str, Value | None] = {}
    errors: dict[str, str] = {}
    for name, value in values.items():
        if name not in fields:
            errors[PREFIX + name] = N_("There is no such field.")
            continue
        try:
            cleaned[name] = _clean(fields[name], value, before.get(name))
        except ValueError as wrong:
            errors[PREFIX + name] = str(wrong)
    if errors:
        raise Invalid(**errors)
    return cleaned


def _clean(field: Field, value: Any, before: Value | None) -> Value | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        if field.is_required:
            raise ValueError(N_("This is needed."))
        return None
    if field.kind is FieldKind.CHOICE:
        if value != before and value not in field.choices:
            raise ValueError(N_("This is not one of the choices."))
        return str(value)
    if field.kind is FieldKind.NUMBER:
        return number_of(value)
    return _day(value) if field.kind is FieldKind.DATE else _text(value)


def _text(value: Any) -> str:
    text = str(value).strip()
    if not text.isprintable():
        raise ValueError(N_("This holds signs that cannot be kept."))
    if len(text) > LONGEST_TEXT:
        raise ValueError(N_("This is too long."))
    return text


def _day(value: Any) -> date:
    if not isinstance(value, date):
        try:
            value = date.fromisoformat(str(value))
        except ValueError:
            raise ValueError(N_("This is not a day.")) from None
    if not EARLIEST <= value <= LATEST:
        raise ValueError(N_("This day is too far away."))
    return value
