"""Filing a document: the service locked, its fee taken, the change written down with what was before, the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.audit.operations import record
from app.broadband.bills import require_fee
from app.broadband.kept import plain
from app.broadband.models import Document, DocumentKind, Service
from app.broadband.subjects import SERVICE
from app.core import clock, days
from app.core.actor import Actor
from app.core.commands import running
from app.core.errors import NotFound, Stale
from app.core.numbering import take_ids
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db
from app.ledger import operations as ledger
from app.ledger.plan import Posted, Source
from app.shop.models import Method

DOCUMENT = "broadband-document"  # what postings name as the kind of their source
CATEGORY = "broadband"
ZERO = Decimal(0)
LETTERS = {
    DocumentKind.PAYMENT: "P",
    DocumentKind.RELOCATION: "M",
    DocumentKind.TRANSFER: "T",
    DocumentKind.SUSPENSION: "S",
    DocumentKind.FORCED_SUSPENSION: "F",
    DocumentKind.REACTIVATION: "R",
    DocumentKind.CLOSING: "C",
    DocumentKind.WORK_ORDER: "W",
    DocumentKind.TAKEN_OVER: "O",
}


@dataclass(frozen=True, slots=True)
class Fee:
    """What a document costs, and how it is paid. method: None takes it from the customer's balance."""

    amount: Decimal = ZERO
    method: Method | None = None


FREE = Fee()


@dataclass(frozen=True, slots=True)
class Draft:
    """A document before it is filed. changes: of the service, by column; not of addresses, which tell of a person.

    credit: what the customer gets back, and how: by None into his balance. new_address: when it changes.
    """

    kind: DocumentKind
    changes: Mapping[str, Any] = field(default_factory=dict)
    fee: Fee = FREE
    credit: Fee = FREE
    new_address: str | None = None
    remark: str | None = None


def locked(service_id: int, *, actor: Actor, version: int | None = None) -> Service:
    """The service, locked until the transaction ends. version: the one that the caller saw; None takes any.

    Raises NotFound, Stale; CustomerDeleted when its customer is.
    """
    ask = select(Service).where(Service.id == service_id).with_for_update(of=Service)
    service = db.session.scalar(ask.execution_options(populate_existing=True))
    if service is None:
        raise NotFound
    if customers.standing(service.customer_id, actor=actor).is_deleted:
        raise CustomerDeleted
    if version is not None and version != service.version:
        raise Stale
    return service


def file(draft: Draft, service: Service, *, store_id: int, actor: Actor) -> Document:
    """Take the fee, change the service, and write down what was before and what is after.

    The service is locked. Raises what the ledger's `consume` or `sell` raises; Invalid for an amount that is none.
    """
    require_fee(draft.fee.amount)
    (number,) = take_ids(Document.__table__, 1)
    posted = _moved(draft, service, Source(DOCUMENT, number), store_id, actor)
    filed = Filed(number, store_id, days.today(), clock.now())
    if posted:
        filed = Filed(number, store_id, posted.row["business_date"], posted.row["posted_at"], posted.id)
    document = Document(**columns_of(draft, service, filed, actor=actor))
    db.session.add(document)
    db.session.flush()
    _record(document, draft, actor)
    return document


class Filed(NamedTuple):
    """Where and when a document is filed, and what moved its money. number: its id."""

    number: int
    store_id: int
    dated_on: date
    made_at: datetime
    posting_id: int | None = None


def columns_of(draft: Draft, service: Service, filed: Filed, *, actor: Actor) -> dict[str, Any]:
    """Change the service as the draft says; the columns of the document that tells of it."""
    moved = draft.credit if draft.credit.amount else draft.fee
    return {
        "id": filed.number,
        "document_no": f"B{LETTERS[draft.kind]}{filed.number:07d}",
        "kind": draft.kind,
        "service_id": service.id,
        "customer_id": service.customer_id,
        "store_id": filed.store_id,
        "dated_on": filed.dated_on,
        "made_at": filed.made_at,
        "operator_kind": actor.kind,
        "operator_id": actor.id,
        "operator_name": actor.name,
        "fee": draft.fee.amount,
        "credit": draft.credit.amount,
        "method": moved.method if moved.amount else None,
        "posting_id": filed.posting_id,
        "remark": draft.remark,
        **_change(draft, service),
    }


def _moved(draft: Draft, service: Service, source: Source, store_id: int, actor: Actor) -> Posted | None:
    """The posting that the document needs, if it costs or gives something."""
    said: dict[str, Any] = {"category": CATEGORY, "store_id": store_id, "actor": actor, "source": source}
    said |= {"note": service.service_no}
    back, fee, whose = draft.credit, draft.fee, service.customer_id
    if back.amount and back.method:
        return ledger.repay(back.amount, method=back.method, customer_id=whose, **said)
    if back.amount:
        return ledger.give_back(whose, back.amount, **said)
    if fee.amount and fee.method:
        return ledger.sell(fee.amount, method=fee.method, customer_id=whose, **said)
    return ledger.consume(whose, fee.amount, **said) if fee.amount else None


def _change(draft: Draft, service: Service) -> dict[str, Any]:
    """Change the service; the columns of the document that say so."""
    said: dict[str, Any] = {"before": {name: plain(getattr(service, name)) for name in draft.changes}}
    said |= {"community_id": service.community_id, "address": service.address, "new_address": draft.new_address}
    said |= {f"new_{name}": draft.changes.get(name) for name in ("customer_id", "community_id")}
    for name, value in draft.changes.items():
        setattr(service, name, value)
    if draft.new_address is not None:
        service.address = draft.new_address
    service.version += 1
    return said | {"after": {name: plain(value) for name, value in draft.changes.items()}}


def _record(document: Document, draft: Draft, actor: Actor) -> None:
    changes: dict[str, Any] = {name: (document.before[name], document.after[name]) for name in draft.changes}
    changes |= {"document": (None, document.document_no)}
    changes |= {"fee": (None, document.fee)} if document.fee else {}
    changes |= {"credit": (None, document.credit)} if document.credit else {}
    personal = {"address": (document.address, document.new_address)} if document.new_address else None
    command = running()
    record(
        f"broadband.{draft.kind.value}",
        SERVICE,
        document.service_id,
        actor=actor,
        changes=changes,
        personal=personal,
        store_id=document.store_id,
        command_id=command.id if command else None,
    )
