"""Money that moves: every call needs a key, and is done once for it."""

from collections.abc import Callable
from typing import Any

from app.core.errors import N_, Forbidden, Invalid
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
from app.shop.queries import store_to_work_in
from app.ui.api import Api, Key, once
from app.ui.guard import current_actor

money_api = Api("money")


def _post(rule: str, resource: str, body: Any, summary: str, action: Action = Action.POST) -> Any:
    return money_api.post(
        rule, grant=Grant(action, resource), body=body, answer=PostedAnswer, key=Key.REQUIRED, summary=summary
    )


def _once(customer_id: int, post: Callable[[], Posted]) -> Any:
    """Post once for the key. A customer who was deleted since is refused like any other rule, under the key."""
    is_deleted = queries.get(customer_id, is_deleted_too=True).deleted_at is not None

    def work() -> dict[str, Any]:
        if is_deleted:
            raise CustomerDeleted
        return post().answer()

    return once(work, present.posted)


@_post("/customers/<id:customer_id>/recharges", "recharges", NewRecharge, "The customer pays in")
def create_recharge(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    said = {"method": body["method"], "note": body["note"], "store_id": _store_id(body)}
    return _once(customer_id, lambda: operations.recharge(customer_id, body["amount"], actor=actor, **said))


@_post("/customers/<id:customer_id>/consumptions", "consumptions", NewConsumption, "Take what is due")
def create_consumption(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    category = body["category"] or operations.GENERAL
    if not is_category(category):
        raise Invalid(category=N_("At most 32 letters, digits and dashes."))
    said = {"location": body["location"], "note": body["note"], "store_id": _store_id(body)}
    return _once(
        customer_id,
        lambda: operations.consume(customer_id, body["amount"], category=category, actor=actor, **said),
    )


@_post("/customers/<id:customer_id>/refunds", "refunds", NewRefund, "Give money back")
def create_refund(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    said = {"method": body["method"], "reason": body["reason"], "store_id": _store_id(body)}
    return _once(customer_id, lambda: operations.refund(customer_id, body["amount"], actor=actor, **said))


@_post("/customers/<id:customer_id>/adjustments", "adjustments", NewAdjustment, "Correct the principal")
def create_adjustment(customer_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    said = {"reason": body["reason"], "store_id": _store_id(body)}
    return _once(customer_id, lambda: operations.adjust(customer_id, body["amount"], actor=actor, **said))


@_post("/postings/<id:posting_id>/reversal", "reversals", NewReversal, "Undo a posting, once", Action.REVERSE)
def create_reversal(posting_id: int, body: dict[str, Any]) -> Any:
    actor, is_forced = current_actor(), bool(body["force"])
    if is_forced and not actor.may(Action.POST, "debts"):
        raise Forbidden
    return once(
        lambda: operations.reverse(posting_id, reason=body["reason"], is_forced=is_forced, actor=actor).answer(),
        present.posted,
    )


def _store_id(body: dict[str, Any]) -> int:
    return store_to_work_in(body["store"], actor=current_actor()).id
