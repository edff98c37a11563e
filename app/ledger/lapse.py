"""Ending a hold: what was set aside is free again."""

from decimal import Decimal

from sqlalchemy import select

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.extensions import db
from app.ledger.models import Account, Hold, HoldStatus, Purse


def wallets_locked(customer_id: int) -> dict[Purse, Account]:
    """The customer's wallets, locked and read afresh, in the order that everybody locks them in."""
    ask = select(Account).where(Account.customer_id == customer_id).order_by(Account.id)
    rows = db.session.scalars(ask.with_for_update().execution_options(populate_existing=True))
    return {row.purse: row for row in rows if row.purse}


def end(hold: Hold, status: HoldStatus, *, actor: Actor) -> None:
    """Free a locked hold that is open, and write down why."""
    wallets = wallets_locked(hold.customer_id)
    for purse, amount in held_by_purse(hold).items():
        wallets[purse].held -= amount
    hold.status = status
    hold.ended_at = clock.now()
    record(
        f"ledger.hold-{status.value}",
        "hold",
        hold.id,
        actor=actor,
        changes={"status": (HoldStatus.OPEN, status), "amount": (hold.principal + hold.bonus, Decimal(0))},
        store_id=hold.store_id,
    )
    db.session.flush()


def held_by_purse(hold: Hold) -> dict[Purse, Decimal]:
    """What the hold holds, per wallet; nothing where it holds nothing."""
    amounts = {Purse.PRINCIPAL: hold.principal, Purse.BONUS: hold.bonus}
    return {purse: amount for purse, amount in amounts.items() if amount}


def free_lapsed(customer_id: int | None) -> bool:
    """Free every hold of the customer whose time is over. Whether there was one.

    Holds that somebody else is ending at this moment are left to him: he locks the hold before the wallets.
    """
    if customer_id is None:
        return False
    ask = select(Hold).where(
        Hold.customer_id == customer_id, Hold.status == HoldStatus.OPEN, Hold.expires_at <= clock.now()
    )
    lapsed = db.session.scalars(ask.with_for_update(skip_locked=True)).all()
    for hold in lapsed:
        end(hold, HoldStatus.EXPIRED, actor=Actor.system("holds"))
    return bool(lapsed)
