"""Requests under a key: done once, answered the same again."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask import Response, g
from sqlalchemy.exc import OperationalError

from app.core import commands
from app.core.db import in_transaction
from app.core.errors import OutcomeUnknown
from app.extensions import db
from app.ui.api import problems
from app.ui.api.edge import Reply
from app.ui.guard import current_actor

Work = Callable[[], Mapping[str, Any]]
Present = Callable[[Mapping[str, Any]], Mapping[str, Any] | Reply]
AS_SENT: Mapping[str, Any] = MappingProxyType({})


def once(work: Work, present: Present = dict, *, meant: Mapping[str, Any] = AS_SENT) -> Reply | Response:
    """Do the work of this call once for its key; without a key (where one is not needed) simply do it.

    work: runs in its own transaction and answers ids and amounts, which are kept, so no personal data. What may
    be otherwise when the request comes again (is the store open? is there such a customer?) is asked in there.
    present: makes the full answer of what was kept, now or when the request comes again; a Reply when its status is
    neither 201 nor 200. meant: values of the body as they are kept, where they may be sent in several notations.
    Answers 201, or 200 and 409 with Idempotent-Replayed. Raises what `commands.execute` raises.
    """
    call = g.api_call
    if call.key is None:
        return _replied(_presented(present, in_transaction(work)), 201)
    answered = commands.execute(commands.Request(_scope(), call.key, call.content(meant)), work)
    if answered.refusal is not None:
        headers = {"Idempotent_Replayed": "true"} if answered.is_replay else {}
        return problems.refusal(answered.refusal, **headers)
    if answered.is_replay:
        return _replied(_presented(present, answered.answer), 200, **{problems.REPLAYED: "true"})
    return _replied(_presented(present, answered.answer), 201)


def _presented(present: Present, kept: Mapping[str, Any]) -> Mapping[str, Any] | Reply:
    """The answer of what is applied by now: that a connection broke since must not be told as if nothing was."""
    try:
        return present(kept)
    except OperationalError:
        db.session.rollback()
    try:
        return present(kept)
    except OperationalError as away:
        db.session.rollback()
        raise OutcomeUnknown from away


def _replied(shown: Mapping[str, Any] | Reply, status: int, **headers: str) -> Reply:
    if isinstance(shown, Reply):
        return Reply(shown.body, shown.status, {**shown.headers, **headers})
    return Reply(shown, status, headers)


def _scope() -> str:
    """Whose key it is. Two people may use the same key without meeting each other's answers."""
    actor = current_actor()
    return f"{actor.kind}:{actor.id}"
