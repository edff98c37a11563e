"""The verb that makes one of two customers who are the same person."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Stale
from app.core.numbering import take_ids
from app.customers import profile
from app.customers.merges.queries import MERGE
from app.customers.models import Customer, CustomerMerge
from app.customers.operations import delete_customer
from app.customers.profile import FIELDS, is_empty, reading, told_changes
from app.customers.refusals import CustomerDeleted, SameCustomer
from app.customers.subject import CUSTOMER
from app.extensions import db
from app.fields.operations import fill_values
from app.ledger.operations import move_all
from app.ledger.plan import Source

# What the one who is kept may take from the other although he has it himself.
CHOSEN = frozenset({"phone", "name"})
# What he keeps in any case: there is no empty one.
KEPT = CHOSEN | {"type"}


def merge_customers(
    from_id: int,
    into_id: int,
    *,
    reason: str,
    actor: Actor,
    take: Collection[str] = (),
    versions: Mapping[int, int] | None = None,
) -> CustomerMerge:
    """Make two customers one: all money of the first goes to the second, and the first is deleted.

    The one who is kept keeps his profile; what is empty there is filled from the other, and `take` names what is
    the other's although both have it (of CHOSEN). His own credit limit, store and customer number stay. versions:
    the ones that the caller saw, by id. Raises NotFound, SameCustomer, CustomerDeleted, Stale, and whatever
    `app.ledger.operations.move_all` raises.
    """
    if from_id == into_id:
        raise SameCustomer
    gone, kept = _both_locked(from_id, into_id, versions or {})
    before = reading(kept)
    (number,) = take_ids(CustomerMerge.__table__, 1)
    moved = move_all(from_id, into_id, source=Source(MERGE, number), store_id=kept.store_id, actor=actor, reason=reason)
    delete_customer(from_id, reason=reason, actor=actor)
    gone.merged_into_id = into_id
    db.session.flush()  # his phone number is free from here on
    _fill(kept, gone, frozenset(take) & CHOSEN)
    fill_values(CUSTOMER, from_id, into_id, actor=actor)
    merge = CustomerMerge(
        id=number,
        document_no=f"M{number:06d}",
        from_id=from_id,
        into_id=into_id,
        principal=moved.principal,
        bonus=moved.bonus,
        reason=reason,
        merged_at=clock.now(),
        merged_by=actor.id,
    )
    db.session.add(merge)
    db.session.flush()
    changes = {
        "document_no": (None, merge.document_no),
        "merged_customer": (None, from_id),
        "principal_moved": (None, moved.principal),
        "bonus_moved": (None, moved.bonus),
        "reason": (None, reason),
    }
    personal = told_changes(before, reading(kept))
    record(
        "customers.merge", "customer", into_id, actor=actor, changes=changes, personal=personal, store_id=kept.store_id
    )
    return merge


def _both_locked(from_id: int, into_id: int, versions: Mapping[int, int]) -> tuple[Customer, Customer]:
    """Both customers, locked by ascending id, as everybody does it."""
    ask = select(Customer).where(Customer.id.in_((from_id, into_id))).order_by(Customer.id)
    rows = db.session.scalars(ask.with_for_update(of=Customer).execution_options(populate_existing=True)).all()
    if len(rows) != 2:
        raise NotFound
    for row in rows:
        if row.deleted_at is not None:
            raise CustomerDeleted
        if versions.get(row.id, row.version) != row.version:
            raise Stale
    by_id = {row.id: row for row in rows}
    return by_id[from_id], by_id[into_id]


def _fill(kept: Customer, gone: Customer, taken: frozenset[str]) -> None:
    names = taken | {name for name in FIELDS if name not in KEPT and is_empty(kept, name)}
    for name in sorted(names):
        profile.take(name, gone, kept)
    if "phone" in taken:
        kept.phone_reversed = gone.phone_reversed
    kept.version += 1
