"""Putting a statement together: figures that add up, and the document behind each line."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.permissions import Action
from app.customers import queries
from app.customers.merges.queries import MERGE, numbers_of
from app.customers.models import Customer, CustomerImport
from app.customers.statements.periods import Period
from app.extensions import db
from app.ledger import queries as ledger
from app.ledger import statements
from app.ledger.models import Purse

IMPORT = "customer-import"


class Column(NamedTuple):
    """One wallet over the period. went: not negative. is_whole: every movement of these days is still online."""

    opening: Decimal
    came: Decimal
    went: Decimal
    closing: Decimal

    @property
    def is_whole(self) -> bool:
        return self.opening + self.came - self.went == self.closing


class Document(NamedTuple):
    """What stands behind a posting besides its receipt. kind: its source; number: what it is called."""

    kind: str
    id: int
    number: str


class Statement(NamedTuple):
    """A page of a statement, newest first. goes_on: the id to go on below. documents: by kind and id."""

    period: Period
    principal: Column
    bonus: Column
    lines: Sequence[statements.Movement]
    goes_on: int | None
    documents: dict[tuple[str, int], Document]

    @property
    def is_whole(self) -> bool:
        return self.principal.is_whole and self.bonus.is_whole

    def document_of(self, row: Any) -> Document | None:
        return self.documents.get((row.source_type, row.source_id))


def customer_of(customer_id: int, actor: Actor) -> Customer:
    """Whose statement it is; one who was deleted for those alone who may see old postings. Raises NotFound."""
    customer = queries.get(customer_id, is_deleted_too=True, actor=actor)
    if customer.deleted_at is not None and not actor.may(Action.VIEW, "old-postings"):
        raise NotFound
    return customer


def first_day_of(customer: Customer) -> date:
    """The day on which he was taken in."""
    return clock.shop_clock().business_date(customer.created_at)


def statement_of(customer_id: int, period: Period, *, below: int | None, limit: int) -> Statement:
    """The statement of those days, of what is still shown of them. `statements.see_one_moment` goes before it."""
    first = max(period.first, ledger.shown_from() or period.first)
    period = Period(first, max(first, period.last))
    opening, moved, closing = statements.statement(customer_id, period.first, period.last, below=below, limit=limit)
    turned = statements.turnover(customer_id, period.first, period.last)
    lines = moved[:limit]
    return Statement(
        period,
        Column(opening.principal, *turned[Purse.PRINCIPAL], closing.principal),
        Column(opening.bonus, *turned[Purse.BONUS], closing.bonus),
        lines,
        lines[-1].posting.id if len(moved) > limit else None,
        _documents([line.posting for line in lines]),
    )


def _documents(rows: Collection[Any]) -> dict[tuple[str, int], Document]:
    merges = {row.source_id for row in rows if row.source_type == MERGE}
    imports = {row.source_id for row in rows if row.source_type == IMPORT}
    numbers = {(MERGE, number): called for number, called in numbers_of(merges).items()}
    if imports:
        ask = select(CustomerImport.id, CustomerImport.document_no).where(CustomerImport.id.in_(imports))
        numbers |= {(IMPORT, row.id): row.document_no or f"{row.id}" for row in db.session.execute(ask)}
    return {key: Document(*key, called) for key, called in numbers.items()}
