"""Approvals for programs of the owner, and the answer of a call that has to wait."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from app.approvals import operations, queries
from app.approvals.models import ApprovalState
from app.core import clock
from app.core.db import in_transaction
from app.core.permissions import Action, Grant
from app.ledger.models import Kind
from app.ui.api import Answer, Api, Body, Created, Key, ListQuery, Reply, once, page_schema
from app.ui.api.cursors import next_cursor
from app.ui.api.fields import Choice, Claim, IdNumber, InstantText, Part, SignedMoneyText, StoreCode, Text
from app.ui.guard import current_actor

VIEW, APPROVE = Grant(Action.VIEW, "approvals"), Grant(Action.APPROVE, "approvals")
NOTE = 500

approvals_api = Api("approvals")


class ApprovalQuery(ListQuery):
    state = Choice(ApprovalState)


class Agreement(Body):
    note = Text(longest=NOTE)


class Refusal(Body):
    reason = Text(longest=NOTE, required=True)


class ApprovalMark(Answer):
    id = IdNumber(required=True)
    state = Choice(ApprovalState, required=True)


class WaitingAnswer(Answer):
    approval = Part(ApprovalMark, required=True)


class ApprovalAnswer(ApprovalMark):
    """reverses: the posting to be undone; posting: the one that was made; note: of the one who decided."""

    kind = Choice(Kind, required=True)
    amount = SignedMoneyText(required=True)
    customer_id = IdNumber(required=True, allow_none=True)
    store = StoreCode(required=True)
    reverses = IdNumber(required=True, allow_none=True)
    reason = Text(longest=NOTE, required=True)
    is_forced = Claim(required=True)
    asked_by = Text(required=True, allow_none=True)
    asked_at = InstantText(required=True)
    expires_at = InstantText(required=True)
    decided_by = Text(required=True, allow_none=True)
    decided_at = InstantText(required=True, allow_none=True)
    note = Text(longest=NOTE, required=True, allow_none=True)
    is_own = Claim(required=True)
    posting = IdNumber(required=True, allow_none=True)


def waiting_reply(kept: Mapping[str, Any]) -> Reply | None:
    """The answer of a request that needed a second person, with its present state; None when it was posted at once.

    202 as long as it waits, 200 once it is decided. kept: the answer of the command that asked.
    """
    if "approval" not in kept or "posting" in kept:
        return None
    number = kept["approval"]["id"]
    state = queries.state_of(number)
    return Reply({"approval": {"id": number, "state": state}}, 202 if state is ApprovalState.WAITING else 200)


@approvals_api.get(
    "/approvals",
    grant=VIEW,
    query=ApprovalQuery,
    answer=page_schema("ApprovalPage", ApprovalAnswer),
    summary="What waits for a second person, and what was decided",
)
def list_approvals(query: dict[str, Any]) -> dict[str, Any]:
    states = None if query["state"] is None else {query["state"]}
    rows = queries.page(states, below=query["cursor"], limit=query["limit"])
    shown = rows[: query["limit"]]
    more = next_cursor(shown[-1].Approval.id) if len(rows) > len(shown) else None
    return {"items": [_present(row) for row in shown], "next": more}


@approvals_api.get("/approvals/<id:approval_id>", grant=VIEW, answer=ApprovalAnswer, summary="One request")
def get_approval(approval_id: int) -> dict[str, Any]:
    return _present(queries.get(approval_id))


@approvals_api.post(
    "/approvals/<id:approval_id>/approve",
    grant=APPROVE,
    body=Agreement,
    answer=ApprovalAnswer,
    key=Key.REQUIRED,
    summary="Agree: what was asked for is posted, once",
)
def approve_request(approval_id: int, body: dict[str, Any]) -> Any:
    actor, note = current_actor(), body["note"]

    def work() -> dict[str, Any]:
        return {"approval": {"id": approval_id}, **operations.approve(approval_id, note=note, actor=actor).answer()}

    return once(work, lambda kept: _present(queries.get(kept["approval"]["id"])))


@approvals_api.post(
    "/approvals/<id:approval_id>/decline",
    grant=APPROVE,
    body=Refusal,
    answer=ApprovalAnswer,
    summary="Let it fall, with a reason",
)
def decline_request(approval_id: int, body: dict[str, Any]) -> Any:
    actor = current_actor()
    in_transaction(lambda: operations.decline(approval_id, reason=body["reason"], actor=actor))
    return Created(_present(queries.get(approval_id)))


def _present(row: Row[Any]) -> dict[str, Any]:
    approval = row.Approval
    return {
        "id": approval.id,
        "state": approval.state_at(clock.now()),
        "kind": approval.kind,
        "amount": approval.amount,
        "customer_id": approval.customer_id,
        "store": row.store,
        "reverses": approval.posting_id,
        "reason": approval.arguments["reason"],
        "is_forced": approval.arguments.get("is_forced", False),
        "asked_by": row.asked_by,
        "asked_at": approval.asked_at,
        "expires_at": approval.expires_at,
        "decided_by": row.decided_by,
        "decided_at": approval.decided_at,
        "note": approval.decision,
        "is_own": approval.is_own,
        "posting": approval.made_id,
    }
