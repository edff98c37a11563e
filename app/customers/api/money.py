"""Money that moves: every call needs a key, and is done once for it."""

from collections.abc import Callable, Mapping
from typing import Any

from app.approvals import operations as approvals
from app.approvals.api import WaitingAnswer, waiting_reply
from app.approvals.operations import Waiting
from app.core.errors import N_, Invalid
from app.core.permissions import Action, Grant
from app.customers import queries
from app.customers.api import present
from app.customers.api.schemas import (
    NewAdjustment,
    NewConsumption,
    NewRecharge,
    NewRefund,
    NewReversal,
    PostedAnswer,
)
from app.customers.categories import is_category
from app.customers.refusals import CustomerDeleted
from app.ledger import operations
from app.ledger.plan import Posted
from app.shop.queries import StoreLine, store_to_work_in
from app.ui.api import Api, Key, Reply, once
from app.ui.guard import current_actor

money_api = Api("money")


def _post(rule: str, resource: str, body: Any, summary: str, action: Action = Action.POST, **more: Any) -> Any:
    declared = {"body": body, "answer": PostedAnswer, "key": Key.REQUIRED, "summary": summary, **more}
    return money_api.post(rule, grant=Grant(action, resource), **declared)


def _once(customer_id: int, body: dict[str, Any], post: Callable[[int], Posted | Waiting]) -> Any:
    """Post once for the key, in the store that was named. A deleted customer is refused like by any other rule.

    All that is looked at before the work, so that a posting finds no transaction begun; but what is wrong is said
    in the work, so that a request that was applied is answered again though its store has closed since.
    """
    actor = current_actor()
    customer = queries.standing(customer_id, actor=actor)
    store = _store(body)

    def work() -> dict[str, Any]:
        if isinstance(store, Invalid):
            raise store
        if customer.is_deleted:
            raise CustomerDeleted
        return post(store.id).answer()

    def shown(kept: Mapping[str, Any]) -> Mapping[str, Any] | Reply:
        if isinstance(store, Invalid):
            return _shown(kept)
        ids = (customer_id, store.id, actor.id)
        return _shown(kept, present.Names(ids, customer.phone, store.code, actor.name))

    return once(work, shown)


def _shown(kept: Mapping[str, Any], known: present.Names | None = None) -> Mapping[str, Any] | Reply:
    """What was posted, or what has become of the request that waits for a second person."""
    return waiting_reply(kept) or present.posted(kept, known)


def _store(body: dict[str, Any]) -> StoreLine | Invalid:
    try:
        return store_to_work_in(body["store"], actor=current_actor())
    except Invalid as wrong:
        return wrong


@_post("/customers/<id:customer_id>/recharges", "recharges", NewRecharge, "The customer pays in")
def create_recharge(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    said = {"method": body["method"], "note": body["note"]}
    return _once(
        customer_id,
        body,
        lambda store_id: operations.recharge(customer_id, body["amount"], store_id=store_id, actor=actor, **said),
    )


@_post("/customers/<id:customer_id>/consumptions", "consumptions", NewConsumption, "Take what is due")
def create_consumption(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    category = body["category"] or operations.GENERAL
    if not is_category(category):
        raise Invalid(category=N_("At most 32 letters, digits and dashes."))
    said = {"category": category, "location": body["location"], "note": body["note"]}
    return _once(
        customer_id,
        body,
        lambda store_id: operations.consume(customer_id, body["amount"], store_id=store_id, actor=actor, **said),
    )


@_post("/customers/<id:customer_id>/refunds", "refunds", NewRefund, "Give money back")
def create_refund(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    said = {"method": body["method"], "reason": body["reason"]}
    return _once(
        customer_id,
        body,
        lambda store_id: operations.refund(customer_id, body["amount"], store_id=store_id, actor=actor, **said),
    )


@_post(
    "/customers/<id:customer_id>/adjustments",
    "adjustments",
    NewAdjustment,
    "Correct the principal",
    waiting=WaitingAnswer,
)
def create_adjustment(customer_id: int, body: dict[str, Any]) -> Any:
    actor, reason = current_actor(), body["reason"]
    return _once(
        customer_id,
        body,
        lambda store_id: approvals.adjust(customer_id, body["amount"], store_id=store_id, actor=actor, reason=reason),
    )


@_post(
    "/postings/<id:posting_id>/reversal",
    "reversals",
    NewReversal,
    "Undo a posting, once",
    Action.REVERSE,
    waiting=WaitingAnswer,
)
def create_reversal(posting_id: int, body: dict[str, Any]) -> Any:
    actor, is_forced = current_actor(), bool(body["force"])
    return once(
        lambda: approvals.reverse(posting_id, reason=body["reason"], is_forced=is_forced, actor=actor).answer(),
        _shown,
    )
