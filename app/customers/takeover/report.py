"""What became of a list, in words: notes on the file, refused rows, and the same as a CSV file."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, NamedTuple

from app.core.errors import N_
from app.customers.models import ImportRow
from app.customers.takeover.kinds import ListKind
from app.customers.takeover.wording import NOTES

Translate = Callable[[str], str]
HEADINGS = (N_("Row"), N_("Column"), N_("What stands there"), N_("Why it is refused"))
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")


class Complaint(NamedTuple):
    """One thing that is wrong with one row."""

    line: int
    field: str
    found: str
    why: str


def _as_it_is(message: str) -> str:
    return message


def complaints(rows: Iterable[ImportRow], kind: ListKind, translate: Translate = _as_it_is) -> Iterator[Complaint]:
    """Everything that is wrong with these rows."""
    for row in rows:
        for name, error in (row.errors or {}).items():
            why = translate(kind.reasons[error["code"]]) % error
            yield Complaint(row.line, translate(kind.labels[name]), error["found"], why)


def as_csv(rows: Iterable[ImportRow], kind: ListKind, translate: Translate = _as_it_is) -> Iterator[str]:
    """The complaints as a CSV file that a spreadsheet opens and does not execute."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # by this mark Excel knows UTF-8
    writer.writerow([translate(heading) for heading in HEADINGS])
    for complaint in complaints(rows, kind, translate):
        writer.writerow([complaint.line, *(_inert(text) for text in complaint[1:])])
        if buffer.tell() > 1 << 15:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _inert(text: str) -> str:
    """A text that a spreadsheet takes for text. Plain negative numbers and phone numbers stay as they are."""
    is_number = text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(_ACTIVE) and not is_number else text


def notes_in_words(notes: Mapping[str, Any], translate: Translate = _as_it_is) -> list[str]:
    """What was passed over in the file, a sentence each."""
    return [translate(NOTES[name]) % notes[name] for name in NOTES if name in notes]
