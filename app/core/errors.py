"""What the house says no with. Each kind is answered in one place for pages and in one for the API."""

from collections.abc import Mapping
from typing import Any, ClassVar


def N_(message: str) -> str:  # noqa: N802 - the customary name of the mark
    """Mark a message for translation; whoever shows it translates it."""
    return message


class Refused(Exception):
    """A rule of the business said no.

    A subclass sets `code`, which programs compare, and `sentence`, a message with named figures that a clerk
    can read. Figures hold amounts, counts, ids and dates only: a refusal is stored under its key. A refusal
    that is not `is_frozen` may be answered otherwise when the same request comes again.
    """

    code: ClassVar[str] = "refused"
    sentence: ClassVar[str] = N_("This was refused.")
    is_frozen: ClassVar[bool] = True
    known: ClassVar[dict[str, type["Refused"]]] = {}

    def __init__(self, **figures: Any) -> None:
        super().__init__(self.code)
        self.figures: Mapping[str, Any] = figures

    def __init_subclass__(cls) -> None:
        Refused.known[cls.code] = cls

    def __str__(self) -> str:
        return self.sentence % self.figures


class NotFound(Exception):
    """No such thing, or not within the reach of the one who asks."""


class Forbidden(Exception):
    """No right to this kind of thing."""


class Invalid(Exception):
    """The input is malformed. errors: messages by field."""

    def __init__(self, **errors: Any) -> None:
        super().__init__("invalid")
        self.errors: Mapping[str, Any] = errors


class Stale(Exception):
    """What the sender saw has been changed by somebody else meanwhile."""


class Unavailable(Exception):
    """Nothing was applied; the same request may be tried again. in_flight: its first copy is still under way."""

    def __init__(self, *, in_flight: bool = False) -> None:
        super().__init__("unavailable")
        self.in_flight = in_flight


class OutcomeUnknown(Exception):
    """The connection was lost while committing, and no key can tell whether it was applied."""


class TooManyTries(Exception):
    """Too many failures lately. seconds: how long to wait before the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many tries")
        self.seconds = seconds
