"""The one way to make a posting: look, draw up, write; and look again under lock when that did not hold."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from app.core.errors import Refused
from app.ledger import lapse
from app.ledger.facts import Asked, Facts, Unfurnished, lock, may_peek, peek
from app.ledger.plan import Plan, Posted
from app.ledger.refusals import InsufficientBalance
from app.ledger.writing import write

Draw = Callable[[Facts], Plan]
TRIES = 3


def post(asked: Asked, draw: Draw) -> Posted:
    """Make the posting that `draw` draws up from the facts.

    draw may be called several times and must only think. Whatever refusal it raises on locked wallets stands;
    one that it raises on a first look, without a lock, is thought over again.
    """
    if may_peek() and (plan := _draw_unlocked(asked, draw)) and write(plan):
        return plan.posted
    for _ in range(TRIES):
        plan = _draw_locked(asked, draw)
        if write(plan):
            return plan.posted
        # The wallets are locked: it was the drawer that was closed just now. The next look knows it.
    raise RuntimeError("a locked wallet moved")


def _draw_unlocked(asked: Asked, draw: Draw) -> Plan | None:
    with suppress(Refused, Unfurnished):
        return draw(peek(asked))
    return None


def _draw_locked(asked: Asked, draw: Draw) -> Plan:
    try:
        return draw(lock(asked))
    except Unfurnished:
        return draw(lock(replace(asked, needs_bonus=True)))
    except InsufficientBalance:
        # What is held too long is free, whether or not the job has come by.
        if not lapse.free_lapsed(asked.customer_id):
            raise
        return draw(lock(asked))
