"""Requests under a key: done once, answered the same again."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, g

from app.core import commands
from app.core.db import in_transaction
from app.ui.api import problems
from app.ui.api.edge import Created, Reply
from app.ui.guard import current_actor

Work = Callable[[], Mapping[str, Any]]
Present = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def once(work: Work, present: Present = dict) -> Reply | Response:
    """Do the work of this call once for its key; without a key (where one is not needed) simply do it.

    work: runs in its own transaction and answers ids and amounts, which are kept, so no personal data.
    present: makes the full answer of what was kept, now or when the request comes again.
    Answers 201, or 200 and 409 with Idempotent-Replayed. Raises what `commands.execute` raises.
    """
    call = g.api_call
    if call.key is None:
        return Created(present(in_transaction(work)))
    answered = commands.execute(commands.Request(_scope(), call.key, call.content()), work)
    if answered.refusal is not None:
        headers = {"Idempotent_Replayed": "true"} if answered.is_replay else {}
        return problems.refusal(answered.refusal, **headers)
    if answered.is_replay:
        return Reply(present(answered.answer), headers={problems.REPLAYED: "true"})
    return Created(present(answered.answer))


def _scope() -> str:
    """Whose key it is. Two people may use the same key without meeting each other's answers."""
    actor = current_actor()
    return f"{actor.kind}:{actor.id}"
