"""Reading the drawers of shifts: what lies in one, which are open, what went through one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select

from app.extensions import db
from app.ledger.models import Drawer, Kind, Posting, Transfer

ZERO = Decimal(0)
CASH_KINDS = (Kind.CASH_IN, Kind.CASH_OUT, Kind.DIFFERENCE)


def cash_on(account_id: int) -> Decimal:
    """What lies on a house account of cash: what came, less what went. For the drawer of a shift, not of a store."""
    amounts = select(func.coalesce(func.sum(Transfer.amount), ZERO))
    came = db.session.scalar(amounts.where(Transfer.debit_id == account_id)) or ZERO
    went = db.session.scalar(amounts.where(Transfer.credit_id == account_id)) or ZERO
    return came - went


def open_drawers(*, store_id: int | None = None, clerk_id: int | None = None) -> Sequence[Row[Any]]:
    """The shifts that are open now: `shift_id`, `store_id`, `clerk_id`, oldest first."""
    ask = select(Drawer.shift_id, Drawer.store_id, Drawer.clerk_id).order_by(Drawer.shift_id)
    if store_id is not None:
        ask = ask.where(Drawer.store_id == store_id)
    if clerk_id is not None:
        ask = ask.where(Drawer.clerk_id == clerk_id)
    return db.session.execute(ask).all()


class ShiftLine(NamedTuple):
    """Postings of one kind and method in a shift. is_of_shift: the float, the difference and what was handed over."""

    kind: str
    reverses_kind: str | None
    method: str | None
    is_of_shift: bool
    times: int
    amount: Decimal


def lines_of_shift(shift_id: int) -> list[ShiftLine]:
    """What was posted in a shift, added up."""
    is_of_shift = Posting.source_type.is_not(None) & Posting.kind.in_(CASH_KINDS)
    keys = (Posting.kind, Posting.reverses_kind, Posting.method, is_of_shift.label("is_of_shift"))
    ask = select(*keys, func.count(), func.sum(Posting.amount)).where(Posting.shift_id == shift_id).group_by(*keys)
    lines = [
        ShiftLine(row[0].value, row[1] and row[1].value, row[2] and row[2].value, bool(row[3]), row[4], row[5])
        for row in db.session.execute(ask)
    ]
    return sorted(lines, key=lambda line: tuple(map(str, line)))
