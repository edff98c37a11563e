"""Reversals and adjustments as people ask for them: posted at once, or kept until a second person has agreed.

Everything that people ask for comes through here; the ledger's own verbs know nothing of a second person.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from app.approvals import queries
from app.approvals.models import Approval, ApprovalState
from app.approvals.refusals import AlreadyDecided, AlreadyWaiting, ApprovalAltered, ApprovalExpired, OwnApproval
from app.audit.operations import record
from app.core import clock, commands
from app.core.actor import Actor, ActorKind
from app.core.db import dump_json
from app.core.errors import Forbidden, NotFound
from app.extensions import db
from app.ledger import operations as ledger
from app.ledger.models import Kind
from app.ledger.operations.reversals import require_reversible
from app.ledger.plan import Posted
from app.shop.queries import setting
from app.staff.models import Staff

NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing was posted: the request waits for a second person."""

    approval_id: int

    def answer(self) -> dict[str, Any]:
        """What is kept under the command's key. What has become of it is looked up whenever it is shown."""
        return {"approval": {"id": self.approval_id}}


def reverse(posting_id: int, *, reason: str, actor: Actor, is_forced: bool = False) -> Posted | Waiting:
    """Undo a posting, or ask a second person to when it is above the amount that the owner has set.

    Raises AlreadyWaiting, and what `app.ledger.operations.reverse` raises.
    """
    limit = queries.limit_of(Kind.REVERSAL)
    if limit is not None:
        original = require_reversible(posting_id, actor=actor, is_forced=is_forced)
        if abs(original.amount) > limit:
            return _ask_to_reverse(
                original, {"posting_id": posting_id, "reason": reason, "is_forced": is_forced}, actor
            )
    return ledger.reverse(posting_id, reason=reason, is_forced=is_forced, actor=actor)


def adjust(customer_id: int, amount: Decimal, *, store_id: int, reason: str, actor: Actor) -> Posted | Waiting:
    """Correct the principal, or ask a second person to when it is above the amount that the owner has set.

    Raises what `app.ledger.operations.adjust` raises.
    """
    limit = queries.limit_of(Kind.ADJUSTMENT)
    if limit is None or abs(amount) <= limit:
        return ledger.adjust(customer_id, amount, store_id=store_id, reason=reason, actor=actor)
    arguments = {"customer_id": customer_id, "amount": amount, "store_id": store_id, "reason": reason}
    return _ask(Kind.ADJUSTMENT, amount, arguments, actor, store_id=store_id, customer_id=customer_id)


def approve(approval_id: int, *, actor: Actor, note: str | None = None) -> Posted:
    """Post what was asked for, exactly that, in the name of the one who asked. Posts once, however many approve.

    When a rule refuses the posting now (the money may be spent) the refusal is raised and the request stays open.
    Raises NotFound, Forbidden, OwnApproval, AlreadyDecided, ApprovalExpired, ApprovalAltered, and what the
    ledger's verb raises.
    """
    approval = _locked(approval_id, actor)
    is_own = approval.asked_by_id == actor.id
    if is_own and not queries.is_only_owner(actor):
        raise OwnApproval
    if approval.seal != _seal(approval):
        raise ApprovalAltered
    posted = _VERBS[approval.kind](approval, _in_the_name_of(approval.asked_by_id, actor))
    made = {"made_id": posted.id, "is_own": is_own}
    _decide(approval, ApprovalState.APPROVED, actor, note, made)
    return posted


def decline(approval_id: int, *, reason: str, actor: Actor) -> None:
    """Let a request fall, for a reason. Whoever asked may let his own fall too.

    Raises NotFound, Forbidden, AlreadyDecided, ApprovalExpired.
    """
    _decide(_locked(approval_id, actor), ApprovalState.DECLINED, actor, reason, {})


def _ask_to_reverse(original: Any, arguments: Mapping[str, Any], actor: Actor) -> Waiting:
    if (waiting := queries.waiting_for(original.id)) is not None:
        raise AlreadyWaiting(approval=waiting)
    where = {"store_id": original.store_id, "customer_id": original.customer_id, "posting_id": original.id}
    return _ask(Kind.REVERSAL, abs(original.amount), arguments, actor, **where)


def _ask(kind: Kind, amount: Decimal, arguments: Mapping[str, Any], actor: Actor, **where: Any) -> Waiting:
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise Forbidden
    command = commands.running() or commands.unasked(actor.name)
    now = clock.now()
    approval = Approval(
        kind=kind,
        state=ApprovalState.WAITING,
        amount=amount,
        arguments=dict(arguments),
        scope=command.request.scope,
        key_hash=hashlib.sha256(command.request.key.encode()).hexdigest(),
        request_hash=command.request.hash,
        command_id=command.id,
        asked_by_id=actor.id,
        asked_at=now,
        expires_at=now + timedelta(days=int(setting("approval_lasts"))),
        **where,
    )
    approval.seal = _seal(approval)
    db.session.add(approval)
    db.session.flush()
    changes = {"kind": (None, kind), "amount": (None, amount), "posting": (None, approval.posting_id)}
    _record("approvals.ask", approval, actor, changes, command.id)
    return Waiting(approval.id)


def _seal(approval: Approval) -> str:
    """One hash over everything that makes it this request of this person and no other."""
    names = ("kind", "amount", "store_id", "customer_id", "posting_id", "arguments", "scope", "key_hash")
    asked = {name: getattr(approval, name) for name in (*names, "request_hash", "command_id", "asked_by_id")}
    return hashlib.sha256(dump_json(asked).encode()).hexdigest()


def _locked(approval_id: int, actor: Actor) -> Approval:
    """The request, locked: of two who decide at once the second one finds it decided."""
    ask = select(Approval).where(Approval.id == approval_id).with_for_update()
    approval = db.session.scalars(ask, execution_options={"populate_existing": True}).one_or_none()
    if approval is None:
        raise NotFound
    if actor.kind is not ActorKind.STAFF:
        raise Forbidden
    if (state := approval.state_at(clock.now())) is not ApprovalState.WAITING:
        raise ApprovalExpired if state is ApprovalState.EXPIRED else AlreadyDecided
    return approval


def _in_the_name_of(staff_id: int, approver: Actor) -> Actor:
    """Who asked is the operator of the posting. What is allowed is the approver's to say: his rights count,
    for the day on which the asker could do it himself may be over."""
    name = db.session.scalar(select(Staff.username).where(Staff.id == staff_id))
    return Actor(ActorKind.STAFF, staff_id, name or str(staff_id), approver.grants, None)


def _decide(
    approval: Approval, state: ApprovalState, actor: Actor, decision: str | None, made: Mapping[str, Any]
) -> None:
    values = {"state": state, "decided_by_id": actor.id, "decided_at": clock.now(), "decision": decision, **made}
    is_waiting = (Approval.id == approval.id, Approval.state == ApprovalState.WAITING)
    changed = update(Approval).where(*is_waiting).values(values).returning(Approval.id)
    if db.session.scalar(changed, execution_options=NO_SYNC) is None:
        raise AlreadyDecided
    changes: dict[str, tuple[Any, Any]] = {"state": (ApprovalState.WAITING, state), "reason": (None, decision)}
    changes["posting"] = (None, made.get("made_id"))
    if made.get("is_own"):
        changes["approved_by_himself"] = (None, True)
    running = commands.running()
    operation = "approvals.approve" if state is ApprovalState.APPROVED else "approvals.decline"
    _record(operation, approval, actor, changes, running.id if running else None)


def _record(operation: str, approval: Approval, actor: Actor, changes: Any, command_id: int | None) -> None:
    said = {name: pair for name, pair in changes.items() if pair != (None, None)}
    store_id, number = approval.store_id, approval.id
    record(operation, "approval", number, actor=actor, changes=said, store_id=store_id, command_id=command_id)


def _reverse(approval: Approval, asker: Actor) -> Posted:
    return ledger.reverse(**approval.arguments, approval_id=approval.id, actor=asker)


def _adjust(approval: Approval, asker: Actor) -> Posted:
    arguments = approval.arguments | {"amount": Decimal(approval.arguments["amount"])}
    return ledger.adjust(**arguments, approval_id=approval.id, actor=asker)


_VERBS: Mapping[Kind, Callable[[Approval, Actor], Posted]] = {Kind.REVERSAL: _reverse, Kind.ADJUSTMENT: _adjust}
