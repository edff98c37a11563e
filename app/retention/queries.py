"""The archives as the owner sees them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from app.core.db import consistent_view
from app.core.errors import NotFound
from app.customers.models import Customer
from app.extensions import db
from app.ledger.archives.models import ArchiveKind
from app.ledger.archives.queries import Archived, archives


@dataclass(frozen=True)
class Person:
    """Whose history is looked at. name: empty when he was erased."""

    id: int
    customer_no: str
    name: str


def all_archives() -> list[Archived]:
    """Every month that is leaving or has left, newest first."""
    with consistent_view() as connection:
        return archives(connection)[::-1]


def archive_of_postings(first_day: date) -> Archived:
    """The archive of a month's postings that has a file. Raises NotFound."""
    same = (one for one in all_archives() if (one.kind, one.first_day) == (ArchiveKind.POSTINGS, first_day))
    found = next((one for one in same if one.file), None)
    if found is None:
        raise NotFound
    return found


def person(typed: str) -> Person:
    """A customer by the whole of his number or phone, deleted ones too; the last one who had it. Raises NotFound."""
    text = typed.strip()
    known = or_(Customer.customer_no == text, Customer.phone == text, Customer.phone == f"+{text}")
    ask = select(Customer.id, Customer.customer_no, Customer.name).where(known).order_by(Customer.id.desc()).limit(1)
    row = db.session.execute(ask).one_or_none()
    if row is None:
        raise NotFound
    return Person(*row)
