"""A service goes to another address, or to another customer."""

from typing import Any

from app.broadband.choosing import found_of, require_there
from app.broadband.models import Community, Document, DocumentKind
from app.broadband.operations.filing import DOCUMENT, FREE, Draft, Fee, file, locked
from app.broadband.refusals import NothingChanges, SameCustomer
from app.broadband.states import OPEN, require
from app.core.actor import Actor
from app.core.errors import N_, Forbidden, Invalid
from app.core.permissions import Action, Grant
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db
from app.ledger import operations as ledger
from app.ledger.plan import Source

LONGEST_ADDRESS = 250
END = Grant(Action.EDIT, "services")  # who may end a service answers for money, and may send a balance along with it


def relocate(
    service_id: int,
    community_id: int,
    address: str,
    *,
    store_id: int,
    actor: Actor,
    fee: Fee = FREE,
    remark: str | None = None,
    version: int | None = None,
) -> Document:
    """Move a service to another address. Both addresses stay on the document.

    Raises NotFound, Stale, ServiceClosed, Invalid, NothingChanges, and what the ledger raises for the fee.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    new = _checked(community_id, address)
    if community_id == service.community_id and new == service.address:
        raise NothingChanges
    draft = Draft(DocumentKind.RELOCATION, {"community_id": community_id}, fee, new_address=new, remark=remark)
    return file(draft, service, store_id=store_id, actor=actor)


def transfer(
    service_id: int,
    new_customer_id: int,
    *,
    store_id: int,
    actor: Actor,
    fee: Fee = FREE,
    with_balance: bool = False,
    community_id: int | None = None,
    address: str | None = None,
    remark: str | None = None,
    version: int | None = None,
) -> Document:
    """Make a service that of another customer, with what is paid of it.

    The fee is the old customer's. with_balance: all that he has then goes with it; else it stays his. community_id,
    address: where the new one wants it, if elsewhere. Raises NotFound, Stale, ServiceClosed, SameCustomer,
    CustomerDeleted, Forbidden, Invalid, and what the ledger raises for fee and balance.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
    if with_balance and not actor.may(*END):
        raise Forbidden
    old_customer_id = service.customer_id
    if new_customer_id == service.customer_id:
        raise SameCustomer
    if customers.standing(new_customer_id, actor=actor).is_deleted:
        raise CustomerDeleted
    changes = {"customer_id": new_customer_id}
    new = None
    if community_id is not None or address is not None:
        changes["community_id"] = service.community_id if community_id is None else community_id
        new = _checked(changes["community_id"], service.address or "" if address is None else address)
    draft = Draft(DocumentKind.TRANSFER, changes, fee, new_address=new, remark=remark)
    document = file(draft, service, store_id=store_id, actor=actor)
    if with_balance:
        said: dict[str, Any] = {"source": Source(DOCUMENT, document.id), "reason": document.document_no}
        moved = ledger.move_all(old_customer_id, new_customer_id, store_id=store_id, actor=actor, **said)
        document.moved_postings = list(moved.postings)
        db.session.flush()
    return document


def _checked(community_id: int, address: str) -> str:
    new = address.strip()
    if not new or len(new) > LONGEST_ADDRESS:
        raise Invalid(new_address=N_("An address of at most 250 signs is needed."))
    require_there(new_community=found_of(Community, community_id))
    return new
