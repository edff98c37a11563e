"""The values that calls take, each read strictly: what is not exactly such a value is refused, never guessed.

In a query every value is a text; in a body a number is a number and a claim is true or false.
"""

import enum
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import ValidationError, fields

from app.core import money

LARGEST_ID = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2999
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_STORE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)


class Field(fields.Field):
    """A value that is translated into itself or refused with a sentence. openapi: how the document shows it."""

    default_error_messages = {
        "required": _("This is needed."),
        "null": _("This may not be empty."),
    }
    openapi: Mapping[str, Any] = {}

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        # Marshmallow formats plain strings only; ours are translated when they are raised.
        return ValidationError(str(self.error_messages[key]) % kwargs)

    @property
    def is_in_query(self) -> bool:
        return getattr(self.root, "is_query", False)


class Text(Field):
    """A text without surrounding space. longest: in characters. An empty one is None where None is allowed."""

    default_error_messages = {
        "type": _("This must be a text."),
        "blank": _("This is needed."),
        "long": _("At most %(longest)s characters."),
    }
    openapi = {"type": "string"}

    def __init__(self, *, longest: int = 250, **options: Any) -> None:
        super().__init__(**options)
        self.longest = longest

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise self.make_error("type")
        text = value.strip()
        if len(text) > self.longest:
            raise self.make_error("long", longest=self.longest)
        if text:
            return self.read(text)
        if not self.allow_none:
            raise self.make_error("blank")
        return None

    def read(self, text: str) -> Any:
        """The value that a text of allowed length means."""
        return text


class Sealed(str):
    """A text that is kept sealed: not even a hash of it may be kept."""

    __slots__ = ()


class SealedText(Text):
    """A text that nobody may read in the database. What the house answers of it is masked."""

    openapi = {"type": "string", "description": "Kept sealed. Answers hold its mask, which may be sent back: it stays."}

    def read(self, text: str) -> Sealed:
        return Sealed(text)


class PhoneText(Text):
    """A phone number in any notation; the room that keeps it reads it."""

    openapi = {"type": "string", "example": "+8613800138000"}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"longest": 40, **options})


class StoreCode(Text):
    """The code of a store, such as `main`."""

    default_error_messages = {"store": _("There is no such store.")}
    openapi = {"type": "string", "example": "main"}

    def read(self, text: str) -> str:
        if not _STORE.fullmatch(text):
            raise self.make_error("store")
        return text


class Choice(Text):
    """One of a closed list. Loads to the member of the enum."""

    default_error_messages = {"choice": _("This must be one of: %(choices)s.")}

    def __init__(self, choices: type[enum.Enum], **options: Any) -> None:
        super().__init__(**options)
        self.choices = choices

    @property
    def values(self) -> list[str]:
        return [member.value for member in self.choices]

    def read(self, text: str) -> enum.Enum:
        if text not in self.values:
            raise self.make_error("choice", choices=", ".join(self.values))
        return self.choices(text)


class SignedMoneyText(Field):
    """An amount as a string: ASCII digits, at most two decimals, perhaps a minus; never a JSON number."""

    default_error_messages = {"money": _('This must be an amount in quotes, such as "100.00".')}
    openapi = {"type": "string", "pattern": r"^-?[0-9]{1,10}(\.[0-9]{1,2})?$", "example": "100.00"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Decimal:
        try:
            return money.parse(value)
        except money.NotMoney:
            raise self.make_error("money") from None


class MoneyText(SignedMoneyText):
    """An amount above zero."""

    default_error_messages = {"positive": _("The amount must be above zero.")}
    openapi = {"type": "string", "pattern": r"^[0-9]{1,10}(\.[0-9]{1,2})?$", "example": "100.00"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Decimal:
        amount = super()._deserialize(value, attr, data, **kwargs)
        if amount <= 0:
            raise self.make_error("positive")
        return amount


class NonZeroMoneyText(SignedMoneyText):
    """A signed amount that is not zero."""

    default_error_messages = {"zero": _("The amount may not be zero.")}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Decimal:
        amount = super()._deserialize(value, attr, data, **kwargs)
        if amount == 0:
            raise self.make_error("zero")
        return amount


class DayText(Field):
    """A day, YYYY-MM-DD."""

    default_error_messages = {"day": _("This must be a day, such as 2026-01-31.")}
    openapi = {"type": "string", "format": "date"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        try:
            found = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.make_error("day")
        return found


class InstantText(Field):
    """A moment with its zone, ISO 8601."""

    default_error_messages = {"instant": _("This must be a moment with its zone, such as 2026-01-31T08:00:00Z.")}
    openapi = {"type": "string", "format": "date-time"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) and value.isascii() else None
        except ValueError:
            found = None
        if found is None or found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise self.make_error("instant")
        return found


class Whole(Field):
    """A whole number from `least` to `most`."""

    default_error_messages = {
        "whole": _("This must be a whole number."),
        "range": _("This must lie between %(least)s and %(most)s."),
    }

    def __init__(self, *, least: int = 0, most: int = LARGEST_ID, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    @property
    def openapi(self) -> Mapping[str, Any]:  # type: ignore[override]
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if self.is_in_query and isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("whole")
        if not self.least <= value <= self.most:
            raise self.make_error("range", least=self.least, most=self.most)
        return value


class IdNumber(Whole):
    """The id of a thing. One that cannot exist names nothing, as any other that does not."""

    def __init__(self, **options: Any) -> None:
        super().__init__(least=1, **options)


class Claim(Field):
    """True or false; in a query the words `true` and `false`."""

    default_error_messages = {"claim": _("This must be true or false.")}
    openapi = {"type": "boolean"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if self.is_in_query and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            raise self.make_error("claim")
        return value


class ListOf(Field):
    """A list of one kind of value."""

    default_error_messages = {"list": _("This must be a list.")}

    def __init__(self, inner: fields.Field, **options: Any) -> None:
        super().__init__(**options)
        self.inner = inner

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("list")
        return [self.inner.deserialize(item, attr, data, **kwargs) for item in value]


class Part(fields.Nested):
    """A thing inside an answer, with a schema of its own."""
