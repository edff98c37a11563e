"""The regular payment: months of the package and of maintenance, other charges, a discount, a fee for being late."""

from app.broadband.bills import Bill, payment_columns, reckon
from app.broadband.models import Document, DocumentKind, Payment
from app.broadband.operations.filing import Draft, Fee, file, locked
from app.broadband.states import PAYABLE, require
from app.core.actor import Actor
from app.extensions import db
from app.shop.models import Method


def pay(
    service_id: int, bill: Bill, *, method: Method | None, store_id: int, actor: Actor, version: int | None = None
) -> Document:
    """Take a payment and move the stop date on. method: None takes it from the balance.

    The days follow those that are paid, or begin today where nothing is. Raises NotFound, Stale, ServiceClosed,
    WrongState, Invalid, and what the ledger's `consume` or `sell` raises.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *PAYABLE)
    reckoned = reckon(bill, service)
    changes = {"stop_date": reckoned.period.end, "anchor_day": reckoned.period.anchor}
    draft = Draft(DocumentKind.PAYMENT, changes, Fee(reckoned.total, method), remark=bill.remark)
    document = file(draft, service, store_id=store_id, actor=actor)
    db.session.add(Payment(**payment_columns(document.id, service, bill, reckoned)))
    db.session.flush()
    return document
