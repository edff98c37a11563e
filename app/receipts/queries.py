"""How often a receipt was printed, and what anybody who holds it may know of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.models import Kind, Posting, Reversal
from app.shop.models import Store

PRINT = "receipts.print"


class Printed(NamedTuple):
    """One print that was recorded. id: of its record."""

    id: int
    at: datetime
    by: str


class Checked(NamedTuple):
    """What the holder of a receipt is told: nothing of the customer."""

    receipt_no: str
    kind: Kind
    amount: Decimal
    day: date
    store: str | None
    is_reversed: bool


def prints_of(posting_id: int) -> Sequence[Printed]:
    """Every recorded print of a posting's receipt, the first one first."""
    record = OperationRecord
    ask = select(record.id, record.recorded_at, record.actor_name).where(
        record.object_type == "posting", record.object_id == posting_id, record.operation == PRINT
    )
    return [Printed(*row) for row in db.session.execute(ask.order_by(record.id))]


def checked(posting_id: int) -> Checked:
    """A posting as its code shows it to anybody. Raises NotFound when it is not kept here (any more)."""
    ask = (
        select(
            Posting.receipt_no,
            Posting.kind,
            Posting.amount,
            Posting.business_date,
            Store.name,
            Reversal.reversal_id.is_not(None),
        )
        .outerjoin(Reversal, Reversal.posting_id == Posting.id)
        .outerjoin(Store, Store.id == Posting.store_id)
        .where(Posting.id == posting_id)
    )
    row = db.session.execute(ask).one_or_none()
    if row is None:
        raise NotFound
    return Checked(*row)
