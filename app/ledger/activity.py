"""When something of a customer's was last posted. No wallet says it: it is read from the postings that are online.

Who has none online any more counts as active on no day of theirs: his last one lies before all of them.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.ledger.models import Posting


def last_day_of(customer_id: Any) -> Any:
    """The business day of the last posting online of a customer, as a part of a question. An index finds it."""
    last = aliased(Posting)
    ask = select(last.business_date).where(last.customer_id == customer_id).order_by(last.id.desc()).limit(1)
    return ask.scalar_subquery()


def last_days(customer_ids: Collection[int]) -> Mapping[int, date]:
    """The same, of some customers; those who have none online are left out."""
    last = (
        select(func.max(Posting.id).label("id"))
        .where(Posting.customer_id.in_(customer_ids))
        .group_by(Posting.customer_id)
    ).subquery()
    ask = select(Posting.customer_id, Posting.business_date).join(last, last.c.id == Posting.id)
    return {row.customer_id: row.business_date for row in db.session.execute(ask)} if customer_ids else {}
