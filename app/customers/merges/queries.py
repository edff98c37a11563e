"""Reading merges: the document, and who was kept."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.core.errors import NotFound
from app.customers.models import Customer, CustomerMerge
from app.extensions import db

MERGE = "merge"  # what postings name as the kind of their source
LONGEST_CHAIN = 50  # merges of merges


def get_merge(merge_id: int) -> CustomerMerge:
    """The document of a merge. Raises NotFound."""
    found = db.session.get(CustomerMerge, merge_id)
    if found is None:
        raise NotFound
    return found


def numbers_of(merge_ids: Collection[int]) -> Mapping[int, str]:
    """The document numbers of some merges."""
    ask = select(CustomerMerge.id, CustomerMerge.document_no).where(CustomerMerge.id.in_(merge_ids))
    return {row.id: row.document_no for row in db.session.execute(ask)} if merge_ids else {}


def kept_of(customer_id: int) -> int | None:
    """Who was kept when this customer was merged, in the end; None when he was not."""
    kept: int | None = None
    for _ in range(LONGEST_CHAIN):
        further = db.session.scalar(select(Customer.merged_into_id).where(Customer.id == (kept or customer_id)))
        if further is None:
            break
        kept = further
    return kept


def kept_for(phone: str, customer_no: str) -> int | None:
    """Who was kept in place of the customer who last went by this number; None when there was none."""
    called = Customer.has_phone(phone) if phone else Customer.customer_no == customer_no
    ask = select(Customer.id).where(called, Customer.merged_into_id.is_not(None))
    found = db.session.scalar(ask.order_by(Customer.deleted_at.desc()).limit(1))
    return kept_of(found) if found is not None else None
