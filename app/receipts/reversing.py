"""Who is offered to put a posting right; the ledger has the last word."""

from typing import Any

from sqlalchemy import Row

from app.core.actor import Actor
from app.core.permissions import Action
from app.ledger import queries as ledger
from app.ledger.models import REVERSIBLE


def may_reverse(row: Row[Any], actor: Actor, reach: ledger.Reach) -> bool:
    """Whether a movement gets a button for putting it right. reach: the actor's, asked once for all rows."""
    if row.reversal_id is not None or row.source_type is not None or row.kind not in REVERSIBLE:
        return False
    if not actor.may(Action.REVERSE, "reversals"):
        return False
    return reach.has_today(row) or actor.may(Action.REVERSE, "old-postings")
