"""Opening a till, cash in and out, the blind count, and taking over what another has counted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app.audit.operations import record
from app.core import clock, days
from app.core.actor import Actor, ActorKind
from app.core.errors import N_, Forbidden, Invalid, NotFound
from app.extensions import db
from app.ledger import chart, drawers
from app.ledger import operations as ledger
from app.ledger.plan import Posted
from app.shifts import queries
from app.shifts.models import Shift, ShiftReport
from app.shifts.refusals import AlreadyTakenOver, CountsDiffer, NeedsSecondPerson
from app.shop.models import Store

Counts = Mapping[str, Any]


def open_shift(store_id: int, opening_cash: Decimal, *, actor: Actor, counts: Counts | None = None) -> int:
    """Begin a shift of the actor's with a float out of the store's cash; returns its id.

    opening_cash: zero or more; counts: of it, by denomination. Raises AlreadyOpen, NotFound for a store out of reach.
    """
    return _open(store_id, opening_cash, counts or {}, actor)


def take_over(shift_id: int, counted: Decimal, *, actor: Actor, counts: Counts | None = None) -> int:
    """Begin a shift of the actor's with the cash that was counted at the end of another one; returns its id.

    The actor has counted it too, and found the same. Raises CountsDiffer, AlreadyTakenOver, AlreadyOpen, NotFound;
    NeedsSecondPerson when it is his own cash and somebody else could take it over.
    """
    report = queries.to_take_over(shift_id, actor=actor)
    is_alone = report.clerk_id == actor.id
    if is_alone and queries.has_others(report.store_id, actor=actor):
        raise NeedsSecondPerson
    if counted != report.counted:
        raise CountsDiffer
    return _open(report.store_id, counted, counts or {}, actor, taken_from=report, is_alone=is_alone)


def _open(
    store_id: int,
    cash: Decimal,
    counts: Counts,
    actor: Actor,
    taken_from: ShiftReport | None = None,
    is_alone: bool = False,
) -> int:
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise Forbidden
    if not actor.reaches(store_id):
        raise NotFound
    if cash < 0:
        raise Invalid(rest=N_("The amount must be above zero."))
    made = Shift(
        store_id=store_id,
        clerk_id=actor.id,
        clerk_name=actor.name,
        opened_at=clock.now(),
        business_date=days.today(),
        opening_cash=cash,
        counts=dict(counts),
        taken_from_id=taken_from.shift_id if taken_from else None,
        is_alone=is_alone,
    )
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        raise AlreadyTakenOver from None
    ledger.open_drawer(made.id, store_id=store_id, clerk_id=actor.id, actor=actor)
    if cash:
        ledger.put_in(made.id, cash, store_id=store_id, actor=actor, is_of_document=True)
    changes: dict[str, Any] = {"opening_cash": (None, cash)}
    if taken_from:
        changes |= {"handed_over_by": (None, taken_from.clerk_name), "is_alone": (None, is_alone)}
    verb = "shifts.receive-cash" if taken_from else "shifts.open-shift"
    record(verb, "shift", made.id, actor=actor, changes=changes, store_id=store_id)
    return made.id


def move_cash(shift_id: int, amount: Decimal, *, is_in: bool, is_petty: bool, reason: str, actor: Actor) -> Posted:
    """Put cash into the drawer of one's own open shift, or take some out.

    is_petty: it comes from elsewhere than the store's cash, or goes there: change from the bank, a small expense.
    Returns the posting. Raises ShiftClosed, NotFound when the shift is another one's.
    """
    shift = db.session.get(Shift, shift_id)
    if shift is None or shift.clerk_id != actor.id:
        raise NotFound
    other = chart.PETTY_CASH if is_petty else None
    if is_in:
        return ledger.put_in(shift_id, amount, store_id=shift.store_id, actor=actor, source=other, note=reason)
    return ledger.take_out(shift_id, amount, store_id=shift.store_id, actor=actor, target=other, note=reason)


def close_shift(shift_id: int, counted: Decimal, *, actor: Actor, counts: Counts | None = None) -> int:
    """End a shift with what was counted in its drawer; returns the number of its report.

    What should have been there is worked out only now, and the difference is posted to who closes. The owner may
    close another one's shift, and that is said in the report. Raises ShiftClosed, NotFound, Invalid.
    """
    shift = queries.to_close(shift_id, actor=actor)
    if counted < 0:
        raise Invalid(rest=N_("The amount must be above zero."))
    found = ledger.close_drawer(shift_id, counted, store_id=shift.store_id, actor=actor)
    number = _next_number(shift.store_id)
    values = {
        "shift_id": shift_id,
        "store_id": shift.store_id,
        "number": number,
        "clerk_id": shift.clerk_id,
        "clerk_name": shift.clerk_name,
        "closed_by_id": actor.id,
        "closed_by_name": actor.name,
        "closed_at": clock.now(),
        "business_date": days.today(),
        "expected": found.expected,
        "counted": found.counted,
        "difference": found.difference,
        "content": _content(shift, counts or {}),
    }
    db.session.execute(insert(ShiftReport).values(values))
    changes = {name: (None, values[name]) for name in ("number", "expected", "counted", "difference")}
    changes["clerk"] = (None, shift.clerk_name)
    record("shifts.close-shift", "shift", shift_id, actor=actor, changes=changes, store_id=shift.store_id)
    return number


def _next_number(store_id: int) -> int:
    """One more than the last report of the store. The store is locked against another report, not against postings."""
    store = select(Store.id).where(Store.id == store_id).with_for_update(key_share=True)
    db.session.execute(store)
    last = db.session.scalar(select(func.max(ShiftReport.number)).where(ShiftReport.store_id == store_id))
    return (last or 0) + 1


def _content(shift: Shift, counts: Counts) -> dict[str, Any]:
    """What the report says besides its columns. It is never worked out again."""
    store = db.session.execute(select(Store.code, Store.name).where(Store.id == shift.store_id)).one()
    return {
        "store": {"code": store.code, "name": store.name},
        "opened_at": shift.opened_at,
        "opening_cash": shift.opening_cash,
        "taken_from": shift.taken_from_id,
        "is_alone": shift.is_alone,
        "counts": dict(counts),
        "lines": [line._asdict() for line in drawers.lines_of_shift(shift.id)],
    }
