"""Taking a document back: its money through the ledger, and the service to what it was before."""

from typing import Any

from sqlalchemy import select

from app.audit.operations import record
from app.broadband.kept import plain, typed
from app.broadband.models import Document, DocumentKind, Service
from app.broadband.operations.filing import DOCUMENT, locked
from app.broadband.operations.orders import reopen
from app.broadband.refusals import DocumentReversed, LaterDocument, NotTakenBack
from app.broadband.subjects import SERVICE
from app.core import clock, days
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.customers import queries as customers
from app.customers.refusals import CustomerDeleted
from app.extensions import db
from app.ledger import operations as ledger
from app.ledger.refusals import NotToday


def reverse(document_id: int, *, reason: str, actor: Actor) -> Document:
    """Undo a document, once: its posting is reversed, and the service is what it was before it.

    Only the last document of a service that stands is undone: later ones rest on it. Who may not reverse old
    postings undoes documents of today. Raises NotFound, CustomerDeleted, DocumentReversed, LaterDocument, NotToday,
    NotTakenBack, and what the ledger's `reverse` raises.
    """
    service_id = db.session.scalar(select(Document.service_id).where(Document.id == document_id))
    if service_id is None:
        raise NotFound
    service = locked(service_id, actor=actor)
    document = _the_last(document_id, service, actor)
    restored = _before(document, service, actor)
    for posting_id in reversed(document.moved_postings or ()):
        ledger.reverse(posting_id, reason=reason, actor=actor, source_type=DOCUMENT)
    if document.posting_id is not None:
        posted = ledger.reverse(document.posting_id, reason=reason, actor=actor, source_type=DOCUMENT)
        document.reversal_posting_id = posted.id
    changes: dict[str, Any] = {name: (plain(getattr(service, name)), plain(value)) for name, value in restored.items()}
    for name, value in restored.items():
        setattr(service, name, value)
    if document.new_address is not None:
        service.address = document.address
    service.version += 1
    if document.kind is DocumentKind.WORK_ORDER:
        reopen(document, actor=actor)
    document.reversed_at, document.reversed_on = clock.now(), days.today()
    document.reversed_by, document.reversal_reason = actor.name, reason
    db.session.flush()
    changes |= {"document": (document.document_no, None), "reason": (None, reason)}
    store = document.store_id
    record("broadband.reverse", SERVICE, service.id, actor=actor, changes=changes, store_id=store)
    return document


def _before(document: Document, service: Service, actor: Actor) -> dict[str, Any]:
    """What the document changed, as it was before it, and no customer who is there no more. Raises CustomerDeleted."""
    before = {name: typed(name, value) for name, value in document.before.items()}
    if "customer_id" in before and customers.standing(before["customer_id"], actor=actor).is_deleted:
        raise CustomerDeleted
    if before.get("stop_date"):
        # Days that switching on has added since are not this document's: it is no document itself.
        before["stop_date"] += service.stop_date - typed("stop_date", document.after["stop_date"])
    return before


def _the_last(document_id: int, service: Service, actor: Actor) -> Document:
    """The document, locked with its service, if it is the last one that stands."""
    ask = select(Document).where(Document.service_id == service.id, Document.id >= document_id)
    after = db.session.scalars(ask.order_by(Document.id.desc()).execution_options(populate_existing=True)).all()
    document = after[-1]
    if not actor.reaches(document.store_id):
        raise NotFound
    if document.reversed_at is not None:
        raise DocumentReversed
    if document.kind is DocumentKind.TAKEN_OVER:
        raise NotTakenBack
    if later := next((each for each in after[:-1] if each.reversed_at is None), None):
        raise LaterDocument(document=later.document_no)
    if document.dated_on != days.today() and not actor.may(Action.REVERSE, "old-postings"):
        raise NotToday
    return document
