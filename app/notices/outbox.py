"""Taking a delivery out of the outbox and saying what became of it: each change names what it expects to find there.

A read that finds nothing comes before the write, so that a run with nothing to do never takes SQLite's one lock.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, select, update

from app.core import clock
from app.core.db import in_transaction
from app.customers.models import Customer
from app.extensions import db
from app.notices.channels import Adapter
from app.notices.kinds import notice_kinds
from app.notices.models import DeliveryState, Notice, NoticeDelivery, Problem
from app.notices.writing import language_of

# After each refusal for now; who has been refused once more than these has failed. Two days in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440))
SILENT = timedelta(minutes=10)  # whoever claimed it that long ago and says nothing will not say anything more
OPTIONS = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to send: nobody else's statement will match its tries."""

    id: int
    tries: int
    put_off: int
    address: str
    language: str
    kind: str
    values: dict[str, list[str]]


def claim(adapter: Adapter) -> Claim | None:
    """Take the delivery that has been due longest; None when none is. It is committed when this returns."""
    while (found := _next(adapter)) is not None:
        if taken := in_transaction(lambda number=found: _take(number, adapter)):  # type: ignore[misc]
            return taken
    return None


def _next(adapter: Adapter) -> int | None:
    """What a room that is switched off wanted to say waits until it is opened again."""
    due = _due(select(NoticeDelivery.id).join(Notice)).where(
        NoticeDelivery.channel == adapter.channel, Notice.kind.in_(notice_kinds())
    )
    found = db.session.scalar(due.order_by(NoticeDelivery.due_at, NoticeDelivery.id).limit(1))
    db.session.rollback()
    return found


def _due(statement: Select[Any]) -> Select[Any]:
    return statement.where(NoticeDelivery.state == DeliveryState.WAITING, NoticeDelivery.due_at <= clock.now())


def _take(number: int, adapter: Adapter) -> Claim | None:
    """Part of a transaction: claim it if it still waits. One that cannot be sent to anybody fails here."""
    claimed = (
        update(NoticeDelivery)
        .where(NoticeDelivery.id == number, NoticeDelivery.state == DeliveryState.WAITING)
        .values(
            state=DeliveryState.SENDING,
            tries=NoticeDelivery.tries + 1,
            claimed_at=clock.real_now(),
            problem=None,
            reply=None,
        )
        .returning(NoticeDelivery.notice_id, NoticeDelivery.tries, NoticeDelivery.put_off)
    )
    row = db.session.execute(claimed, execution_options=OPTIONS).one_or_none()
    if row is None:
        return None
    told = select(Notice, Customer).join(Customer).where(Notice.id == row.notice_id)
    notice, customer = db.session.execute(told.execution_options(populate_existing=True)).one()
    address = adapter.address_of(customer)
    if (problem := _why_not(notice, customer, address)) or not address:
        _change(NoticeDelivery.id == number, state=DeliveryState.FAILED, problem=problem)
        return None
    _change(NoticeDelivery.id == number, address=address)
    return Claim(number, row.tries, row.put_off, address, language_of(customer), notice.kind, notice.values)


def _why_not(notice: Notice, customer: Customer, address: str | None) -> Problem | None:
    """What keeps it from ever being sent."""
    if customer.deleted_at is not None:
        return Problem.CUSTOMER_DELETED
    if notice.values is None:
        return Problem.NO_TEXT
    return None if address else Problem.NO_ADDRESS


def settle(
    claimed: Claim, state: DeliveryState, problem: Problem | None = None, reply: int | None = None
) -> DeliveryState:
    """Part of a transaction: say what became of a claim; what it is now. WAITING puts it off, or it has failed.

    Who says it late, when it was taken to be unknown already, is still believed; but not when it was claimed again.
    """
    told: dict[str, Any] = {"problem": problem, "reply": reply}
    if state is DeliveryState.WAITING and claimed.put_off < len(PAUSES):
        told |= {"due_at": clock.now() + PAUSES[claimed.put_off], "put_off": claimed.put_off + 1}
    elif state is DeliveryState.WAITING:
        state = DeliveryState.FAILED
    elif state is DeliveryState.SENT:
        told |= {"sent_at": clock.now()}
    ours = NoticeDelivery.id == claimed.id, NoticeDelivery.tries == claimed.tries
    at_it = NoticeDelivery.state.in_((DeliveryState.SENDING, DeliveryState.UNKNOWN))
    _change(*ours, at_it, state=state, **told)
    return state


def give_up_silent() -> int:
    """Part of a transaction: nobody knows what became of those that were claimed long ago. Returns how many."""
    at_it = NoticeDelivery.state == DeliveryState.SENDING
    silent = at_it, NoticeDelivery.claimed_at < clock.real_now() - SILENT
    if db.session.scalar(select(NoticeDelivery.id).where(*silent).limit(1)) is None:
        return 0
    return _change(*silent, state=DeliveryState.UNKNOWN, problem=Problem.BROKEN_OFF)


def doubt_what_waits(connection: Connection) -> None:
    """In a database as it was at another time: what waited then may have left since, and is not sent twice."""
    at_it = NoticeDelivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
    table = update(NoticeDelivery.__table__)
    connection.execute(table.where(at_it).values(state=DeliveryState.UNKNOWN, problem=Problem.BROKEN_OFF))


def _change(*where: Any, **values: Any) -> int:
    return db.session.execute(update(NoticeDelivery).where(*where).values(**values), execution_options=OPTIONS).rowcount
