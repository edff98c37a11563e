"""What waits for a second person, what was decided, and what the decision rests on."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, column, func, select, table
from sqlalchemy.orm import aliased

from app.approvals.models import Approval, ApprovalState
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.extensions import db
from app.ledger import statements
from app.ledger.facts import reader
from app.ledger.models import Account, Kind, Purse
from app.shop.models import Setting, Store
from app.shop.settings import BY_NAME
from app.staff.models import Staff
from app.staff.queries import super_admins

LIMITS = {Kind.REVERSAL: "approval_reversals_above", Kind.ADJUSTMENT: "approval_adjustments_above"}
ZERO = Decimal(0)
_asker, _decider = aliased(Staff), aliased(Staff)
# Customers live on a floor above; of them only what a person is called by is read here.
_customer = table("customer", column("id"), column("name"), column("phone"))


class Figures(NamedTuple):
    """A customer's principal and bonus now, and as they would be once the request is approved."""

    balance: Decimal
    bonus: Decimal
    balance_then: Decimal
    bonus_then: Decimal


def limit_of(kind: Kind) -> Decimal | None:
    """The amount above which a second person is needed; None: never. Begins no transaction on PostgreSQL."""
    declared = BY_NAME[LIMITS[kind]]
    with reader() as connection:
        stored = connection.scalar(select(Setting.value).where(Setting.name == declared.name))
    return declared.read(stored)


def is_only_owner(actor: Actor) -> bool:
    """Whether nobody else could approve: he is the only super administrator who can sign in."""
    return super_admins() == [actor.id]


def waiting_for(posting_id: int) -> int | None:
    """The number of the request to reverse that posting which waits now."""
    ask = select(Approval.id).where(Approval.posting_id == posting_id, *_waits(clock.now()))
    return db.session.scalar(ask.limit(1))


def count_waiting() -> int:
    """How many requests wait now."""
    return db.session.scalar(select(func.count()).select_from(Approval).where(*_waits(clock.now()))) or 0


def state_of(approval_id: int) -> ApprovalState:
    """What has become of a request, now. Raises NotFound."""
    row = db.session.get(Approval, approval_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row.state_at(clock.now())


def get(approval_id: int) -> Row[Any]:
    """One request, as `page` reads it. Raises NotFound."""
    row = db.session.execute(_approvals().where(Approval.id == approval_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def page(
    states: Collection[ApprovalState] | None = None, *, below: int | None = None, limit: int = 50
) -> list[Row[Any]]:
    """Requests, newest first: one more than `limit`. Each row: Approval, store, asked_by, decided_by, customer, phone.

    states: as they count now; None: any.
    """
    ask = _approvals()
    if states is not None:
        ask = ask.where(_counts_as(frozenset(states)))
    if below is not None:
        ask = ask.where(Approval.id < below)
    return list(db.session.execute(ask.order_by(Approval.id.desc()).limit(limit + 1)))


def figures_of(approval: Approval, *, actor: Actor) -> Figures | None:
    """What the customer has, and what he would have; None when no customer's money moves. Raises NotFound."""
    if approval.customer_id is None:
        return None
    wallets = select(Account.purse, Account.balance).where(Account.customer_id == approval.customer_id)
    now = {row.purse: row.balance for row in db.session.execute(wallets)}
    balance, bonus = now.get(Purse.PRINCIPAL, ZERO), now.get(Purse.BONUS, ZERO)
    if approval.posting_id is None:
        return Figures(balance, bonus, balance + approval.amount, bonus)
    moved = statements.movement(approval.posting_id, actor=actor)
    return Figures(balance, bonus, balance - moved.change, bonus - moved.bonus_change)


def _waits(now: datetime) -> tuple[Any, ...]:
    return Approval.state == ApprovalState.WAITING, Approval.expires_at > now


def _counts_as(states: frozenset[ApprovalState]) -> Any:
    now = clock.now()
    is_late = (Approval.state == ApprovalState.WAITING) & (Approval.expires_at <= now)
    stored = Approval.state.in_(sorted(states - {ApprovalState.EXPIRED})) & ~is_late
    return stored | is_late if ApprovalState.EXPIRED in states else stored


def _approvals() -> Select[Any]:
    return (
        select(
            Approval,
            Store.code.label("store"),
            Store.name.label("store_name"),
            _asker.username.label("asked_by"),
            _decider.username.label("decided_by"),
            _customer.c.name.label("customer"),
            _customer.c.phone,
        )
        .join(Store, Store.id == Approval.store_id)
        .outerjoin(_asker, _asker.id == Approval.asked_by_id)
        .outerjoin(_decider, _decider.id == Approval.decided_by_id)
        .outerjoin(_customer, _customer.c.id == Approval.customer_id)
        .execution_options(populate_existing=True)
    )
