"""The drawers of shifts: opened with a clerk's shift, filled and emptied, counted, and closed at exactly zero."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor
from app.extensions import db
from app.ledger import chart
from app.ledger.drawers import cash_on
from app.ledger.facts import Asked, Desk, Facts
from app.ledger.models import Account, Drawer, Kind, WalletStatus
from app.ledger.plan import Event, Leg, Plan, Posted, draw_up
from app.ledger.posting import post
from app.ledger.refusals import AlreadyOpen, ShiftClosed
from app.shop.models import Method

SHIFT = "shift"  # the document that a float, a difference and the last cash of a drawer belong to
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Counted:
    """What should have been in a drawer, and what was there. difference: above zero when there was more."""

    expected: Decimal
    counted: Decimal

    @property
    def difference(self) -> Decimal:
        return self.counted - self.expected


def open_drawer(shift_id: int, *, store_id: int, clerk_id: int, actor: Actor) -> None:
    """Give a clerk a drawer for his shift, empty. Told of in the record of the shift. Raises AlreadyOpen."""
    made = insert(Account).values(code=chart.drawer(store_id, shift_id)).returning(Account.id)
    account_id = db.session.execute(made).scalar_one()
    mine = {"store_id": store_id, "clerk_id": clerk_id, "shift_id": shift_id, "account_id": account_id}
    try:
        db.session.execute(insert(Drawer).values(mine))
    except IntegrityError:
        raise AlreadyOpen from None


def put_in(
    shift_id: int,
    amount: Decimal,
    *,
    store_id: int,
    actor: Actor,
    source: str | None = None,
    note: str | None = None,
    is_of_document: bool = False,
) -> Posted:
    """Put cash into the drawer of an open shift.

    source: the code of the account that it comes from; None: the store's cash. is_of_document: the float, which the
    shift itself is the reason of. Raises ShiftClosed.
    """
    other = source or chart.till(Method.CASH, store_id)
    return _post(_Move(Kind.CASH_IN, amount, other, True, note, is_of_document), shift_id, store_id, actor)


def take_out(
    shift_id: int,
    amount: Decimal,
    *,
    store_id: int,
    actor: Actor,
    target: str | None = None,
    note: str | None = None,
    is_of_document: bool = False,
) -> Posted:
    """Take cash out of the drawer of an open shift. target: where it goes; None: to the store's cash.

    Raises ShiftClosed.
    """
    other = target or chart.till(Method.CASH, store_id)
    return _post(_Move(Kind.CASH_OUT, amount, other, False, note, is_of_document), shift_id, store_id, actor)


def close_drawer(shift_id: int, counted: Decimal, *, store_id: int, actor: Actor) -> Counted:
    """Compare what was counted with what the ledger expects, post the difference, and hand the cash to the store.

    Waits for the postings that are under way; later ones find the drawer closed. Raises ShiftClosed.
    """
    account_id = _locked(shift_id, store_id)
    found = Counted(cash_on(account_id), counted)
    if found.difference:
        is_over = found.difference > 0
        posted = _Move(Kind.DIFFERENCE, abs(found.difference), chart.OVER_SHORT, is_over, is_of_document=True)
        _post(posted, shift_id, store_id, actor)
    if counted:
        take_out(shift_id, counted, store_id=store_id, actor=actor, is_of_document=True)
    db.session.execute(delete(Drawer).where(Drawer.shift_id == shift_id))
    closed = update(Account).where(Account.id == account_id).values(status=WalletStatus.CLOSED)
    db.session.execute(closed, execution_options={"synchronize_session": False})
    return found


def _locked(shift_id: int, store_id: int) -> int:
    ask = select(Account.id, Account.status).where(Account.code == chart.drawer(store_id, shift_id))
    account = db.session.execute(ask.with_for_update()).one_or_none()
    if account is None or account.status is not WalletStatus.OPEN:
        raise ShiftClosed
    return account.id


@dataclass(frozen=True, slots=True)
class _Move:
    """Cash between the drawer and another account. is_in: into the drawer."""

    kind: Kind
    amount: Decimal
    other: str
    is_in: bool
    note: str | None = None
    is_of_document: bool = False


def _post(move: _Move, shift_id: int, store_id: int, actor: Actor) -> Posted:
    columns: dict[str, Any] = {"method": Method.CASH, "note": move.note}
    if move.is_of_document:
        columns |= {"source_type": SHIFT, "source_id": shift_id}

    def draw(facts: Facts) -> Plan:
        if facts.shift is None:
            raise ShiftClosed
        inside, outside = facts.till(), facts.account(move.other)
        leg = Leg(inside, outside, move.amount) if move.is_in else Leg(outside, inside, move.amount)
        event = Event(move.kind, move.amount, store_id, actor, columns, shift=facts.shift)
        return draw_up(event, [leg], facts)

    return post(Asked(None, (move.other,), desk=Desk(Method.CASH, store_id, shift_id=shift_id)), draw)
