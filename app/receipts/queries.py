"""How often a receipt was printed, and what anybody who holds it may know of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.models import Kind, Posting, Receipt, Reversal
from app.shop.models import Store

PRINT = "receipts.print"


class Printed(NamedTuple):
    """One print that was recorded. id: of its record."""

    id: int
    at: datetime
    by: str


class Checked(NamedTuple):
    """What the holder of a receipt is told: nothing of the customer. kind, amount: None when it has left."""

    receipt_no: str
    kind: Kind | None
    amount: Decimal | None
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
    """A posting as its code shows it to anybody; receipts and reversals stay when it has left. Raises NotFound."""
    ask = (
        select(
            Receipt.receipt_no,
            Posting.kind,
            Posting.amount,
            Receipt.business_date,
            Store.name,
            Reversal.reversal_id.is_not(None),
        )
        .select_from(Receipt)
        .outerjoin(Posting, Posting.id == Receipt.posting_id)
        .outerjoin(Reversal, Reversal.posting_id == Receipt.posting_id)
        .outerjoin(Store, Store.id == Posting.store_id)
        .where(Receipt.posting_id == posting_id)
    )
    row = db.session.execute(ask).one_or_none()
    if row is None:
        raise NotFound
    return Checked(*row)
