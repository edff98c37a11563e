"""Printing is written down, because a receipt that is printed twice may be shown twice."""

from sqlalchemy import select

from app.audit.operations import record
from app.core.actor import Actor
from app.extensions import db
from app.ledger import queries as ledger
from app.ledger.models import Posting
from app.receipts import queries


def mark_printed(posting_id: int, *, actor: Actor) -> int:
    """Write down that a receipt within reach is printed now; returns the id of the record. Raises NotFound."""
    posting = ledger.get(posting_id, actor=actor)
    # Of two who print at once one is the second: his paper must say so. Reversals are not kept waiting by this lock.
    db.session.execute(select(Posting.id).where(Posting.id == posting_id).with_for_update(key_share=True))
    before = len(queries.prints_of(posting_id))
    changes = {"times_printed": (before, before + 1)}
    line = record(queries.PRINT, "posting", posting_id, actor=actor, changes=changes, store_id=posting.store_id)
    db.session.flush()
    return line.id
