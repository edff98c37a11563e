"""Putting notices into words: typed values are kept, and written as the reader's language writes them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import force_locale, gettext

from app.core import money
from app.core.notices import NoticeKind
from app.customers.models import Customer
from app.notices.kinds import notice_kinds
from app.ui import formats

Packed = dict[str, list[str]]


class Text(NamedTuple):
    """A notice as its customer reads it."""

    subject: str
    body: str


class _Form(NamedTuple):
    """How a type of value is kept as text, and read and shown again."""

    name: str
    keep: Callable[[Any], str]
    read: Callable[[str], Any]
    show: Callable[[Any], str]


def _keep_moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise TypeError("A notice cannot hold a moment without a time zone.")
    return moment.isoformat()


# A moment is a day too, so it comes first.
_FORMS: dict[type, _Form] = {
    datetime: _Form("moment", _keep_moment, datetime.fromisoformat, formats.moment),
    date: _Form("day", date.isoformat, date.fromisoformat, formats.day),
    Decimal: _Form("money", money.to_text, Decimal, formats.money),
    int: _Form("number", str, int, formats.number),
    str: _Form("text", str, str, str),
}
_BY_NAME = {form.name: form for form in _FORMS.values()}


def pack(kind: NoticeKind, values: Mapping[str, Any]) -> Packed:
    """The values as they are kept. A Decimal is an amount, aware moments are shown by the shop's clock.

    Raises KeyError when a place of the text has none, TypeError for a value of another type.
    """
    packed = {name: _pack(value) for name, value in values.items()}
    _fill(kind, dict.fromkeys(packed, ""))
    return packed


def _pack(value: Any) -> list[str]:
    for type_, form in _FORMS.items():
        if isinstance(value, type_) and not isinstance(value, bool):
            return [form.name, form.keep(value)]
    raise TypeError(f"A notice cannot hold a {type(value).__name__}.")


def _fill(kind: NoticeKind, words: Mapping[str, str]) -> Text:
    return Text(" ".join((gettext(kind.subject) % words).split()), gettext(kind.body) % words)


def write(kind_name: str, packed: Packed | None, language: str) -> Text | None:
    """The notice in that language. None when it was erased, or no open room says such things (any more)."""
    kind = notice_kinds().get(kind_name)
    if kind is None or packed is None:
        return None
    with force_locale(language):
        return _fill(kind, {name: _shown(*kept) for name, kept in packed.items()})


def _shown(form: str, kept: str) -> str:
    return _BY_NAME[form].show(_BY_NAME[form].read(kept))


def language_of(customer: Customer) -> str:
    """The language that he reads: his own, or the deployment's."""
    return str(customer.language or current_app.config["BABEL_DEFAULT_LOCALE"])
