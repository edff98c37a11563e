"""Setting an amount aside for something whose outcome is not known yet, and what becomes of it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from app.audit.operations import record
from app.core import clock, commands
from app.core.actor import Actor
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.chart import GENERAL
from app.ledger.facts import Asked, Facts, lock
from app.ledger.lapse import end, free_lapsed, held_by_purse, wallets_locked
from app.ledger.models import Hold, HoldStatus, Kind, Purse
from app.ledger.plan import Event, Leg, Plan, Posted, draw_up, legs_to
from app.ledger.posting import post
from app.ledger.refusals import HoldEnded, InsufficientBalance, LimitExceeded
from app.ledger.split import take

ZERO = Decimal(0)


def hold(
    customer_id: int,
    amount: Decimal,
    *,
    expires_at: datetime,
    store_id: int,
    actor: Actor,
    source_type: str | None = None,
    source_id: int | None = None,
) -> Hold:
    """Set an amount aside until it is captured, voided, or its time is over.

    Raises InsufficientBalance, WalletClosed, WalletFrozen.
    """
    parts = _parts_to_hold(customer_id, amount)
    wallets = wallets_locked(customer_id)
    for purse, part in parts.items():
        wallets[purse].held += part
    command = commands.running()
    made = Hold(
        customer_id=customer_id,
        store_id=store_id,
        principal=parts.get(Purse.PRINCIPAL, ZERO),
        bonus=parts.get(Purse.BONUS, ZERO),
        source_type=source_type,
        source_id=source_id,
        status=HoldStatus.OPEN,
        held_at=clock.now(),
        expires_at=expires_at,
        command_id=command.id if command else commands.new_id(),
    )
    db.session.add(made)
    db.session.flush()
    changes = {"status": (None, HoldStatus.OPEN), "amount": (ZERO, amount)}
    record("ledger.hold", "hold", made.id, actor=actor, changes=changes, store_id=store_id)
    return made


def _parts_to_hold(customer_id: int, amount: Decimal) -> dict[Purse, Decimal]:
    asked = Asked(customer_id, ())
    facts = lock(asked)
    facts.require_open()
    try:
        return take(amount, facts)
    except InsufficientBalance:
        if not free_lapsed(customer_id):
            raise
        return take(amount, lock(asked))


def capture(
    hold_id: int, *, actor: Actor, amount: Decimal | None = None, category: str = GENERAL, note: str | None = None
) -> Posted:
    """Take what is held, or a part of it; the rest is free again.

    amount: None for all. A hold whose time is over is still captured if the money is there; if it is not, the
    amount goes to suspense, for a person to settle. Raises HoldEnded when it was captured or voided before,
    LimitExceeded when more is asked than is held, WalletClosed, WalletFrozen, NotFound.
    """
    held = _locked(hold_id)
    if held.status in (HoldStatus.CAPTURED, HoldStatus.VOIDED):
        raise HoldEnded
    total = held.principal + held.bonus
    if amount is not None and amount > total:
        raise LimitExceeded(limit=total)
    taken = total if amount is None else amount
    columns = {"category": category, "note": note, "source_type": held.source_type, "source_id": held.source_id}
    freed = held_by_purse(held) if held.status is HoldStatus.OPEN else {}
    event = Event(Kind.CONSUMPTION, taken, held.store_id, actor, columns, freed)
    posted = _post_captured(held, event, f"revenue:{category}")
    held.status, held.ended_at = HoldStatus.CAPTURED, clock.now()
    held.captured, held.captured_by_id = taken, posted.id
    db.session.flush()
    return posted


def _post_captured(held: Hold, event: Event, revenue: str) -> Posted:
    def draw(facts: Facts) -> Plan:
        facts.require_open()
        parts = _captured_parts(event.amount, event.freed) if event.freed else take(event.amount, facts)
        return draw_up(event, legs_to(facts.account(revenue), parts, facts), facts)

    try:
        return post(Asked(held.customer_id, (revenue,)), draw)
    except InsufficientBalance:
        return _post_to_suspense(held, event, revenue)


def _post_to_suspense(held: Hold, event: Event, revenue: str) -> Posted:
    columns = {**event.columns, "customer_id": held.customer_id}
    late = Event(event.kind, event.amount, event.store_id, event.actor, columns)

    def draw(facts: Facts) -> Plan:
        return draw_up(late, [Leg(facts.account("suspense"), facts.account(revenue), late.amount)], facts)

    return post(Asked(None, ("suspense", revenue)), draw)


def _captured_parts(amount: Decimal, held: Mapping[Purse, Decimal]) -> dict[Purse, Decimal]:
    """Out of what is held, principal first."""
    principal = min(amount, held.get(Purse.PRINCIPAL, ZERO))
    parts = {Purse.PRINCIPAL: principal, Purse.BONUS: amount - principal}
    return {purse: part for purse, part in parts.items() if part}


def void(hold_id: int, *, actor: Actor) -> None:
    """Free what is held: it came to nothing. Raises HoldEnded, NotFound."""
    held = _locked(hold_id)
    if held.status is not HoldStatus.OPEN:
        raise HoldEnded
    end(held, HoldStatus.VOIDED, actor=actor)


def expire_holds(*, actor: Actor, most: int = 500) -> int:
    """Free holds whose time is over, at most so many at once. How many there were."""
    ask = select(Hold).where(Hold.status == HoldStatus.OPEN, Hold.expires_at <= clock.now())
    lapsed = db.session.scalars(ask.order_by(Hold.id).limit(most).with_for_update(skip_locked=True)).all()
    for held in lapsed:
        end(held, HoldStatus.EXPIRED, actor=actor)
    return len(lapsed)


def _locked(hold_id: int) -> Hold:
    ask = select(Hold).where(Hold.id == hold_id).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(ask)
    if found is None:
        raise NotFound
    return found
