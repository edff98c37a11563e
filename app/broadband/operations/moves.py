"""A service goes to another address, or to another customer."""

from app.broadband.models import Community, Document, DocumentKind
from app.broadband.operations.filing import FREE, Draft, Fee, file, locked
from app.broadband.refusals import NothingChanges, SameCustomer
from app.broadband.states import OPEN, require
from app.core.actor import Actor
from app.core.errors import N_, Invalid
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db

LONGEST_ADDRESS = 250


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
    community_id: int | None = None,
    address: str | None = None,
    remark: str | None = None,
    version: int | None = None,
) -> Document:
    """Make a service that of another customer, with what is paid of it. Balances stay where they are.

    The fee is the old customer's. community_id, address: where the new one wants it, if elsewhere. Raises NotFound,
    Stale, ServiceClosed, SameCustomer, CustomerDeleted, Invalid, and what the ledger raises for the fee.
    """
    service = locked(service_id, actor=actor, version=version)
    require(service, *OPEN)
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
    return file(draft, service, store_id=store_id, actor=actor)


def _checked(community_id: int, address: str) -> str:
    new = address.strip()
    if not new or len(new) > LONGEST_ADDRESS:
        raise Invalid(new_address=N_("An address of at most 250 signs is needed."))
    if db.session.get(Community, community_id) is None:
        raise Invalid(new_community=N_("Choose one of the list."))
    return new
