"""Account details and one customer's statement."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.core import clock, days
from app.core.permissions import Action, Grant
from app.customers import queries
from app.customers.api import present
from app.customers.api.schemas import PostingAnswer, PostingQuery, StatementAnswer, StatementQuery
from app.customers.statements.reading import customer_of
from app.ledger import queries as ledger
from app.ledger import statements
from app.shop.queries import store_to_look_at
from app.ui.api import Api, next_cursor, page_of, page_schema
from app.ui.guard import current_actor

VIEW = Grant(Action.VIEW, "postings")
BEGINNING = date(1900, 1, 1)

postings_api = Api("postings")


@postings_api.get(
    "/postings",
    grant=VIEW,
    query=PostingQuery,
    answer=page_schema("PostingPage", PostingAnswer),
    summary="Account details, newest first",
)
def list_postings(query: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    filters = dict(query) | {"customer_id": query["customer"]}
    if query["store"] is not None:
        # One customer's history is that of all stores, whoever asks for it.
        asking = actor if query["customer"] is None else replace(actor, stores=None)
        filters["store_id"] = store_to_look_at(query["store"], actor=asking).id
    rows = ledger.page(
        filters,
        actor=actor,
        below=query["cursor"],
        limit=query["limit"],
        of_customers=_of_customers(query),
    )
    phones = _phones(rows)
    return page_of(rows, query["limit"], lambda row: present.posting(row, phones.get(row.customer_id)))


def _of_customers(query: dict[str, Any]) -> Any:
    """Whose postings: of a number, or of one customer if he is within reach."""
    if query["phone"]:
        return queries.ids_of_phone(query["phone"]).where(queries.within(current_actor()))
    return queries.ids_within(current_actor()) if query["customer"] else None


@postings_api.get("/postings/<id:posting_id>", grant=VIEW, answer=PostingAnswer, summary="One posting")
def get_posting(posting_id: int) -> dict[str, Any]:
    row = ledger.get(posting_id, actor=current_actor())
    return present.posting(row, _phones([row]).get(row.customer_id))


@postings_api.get(
    "/customers/<id:customer_id>/statement",
    grant=VIEW,
    query=StatementQuery,
    answer=StatementAnswer,
    summary="Opening balance, movements, closing balance",
)
def get_statement(customer_id: int, query: dict[str, Any]) -> dict[str, Any]:
    statements.see_one_moment()
    customer = customer_of(customer_id, current_actor())
    first, last = _days(query, clock.shop_clock().business_date(customer.created_at))
    limit = query["limit"]
    opening, moved, closing = statements.statement(customer_id, first, last, below=query["cursor"], limit=limit)
    shown = moved[:limit]
    return {
        "from": first,
        "to": last,
        "opening": opening.principal,
        "opening_bonus": opening.bonus,
        "movements": [_movement(movement, customer.phone) for movement in shown],
        "closing": closing.principal,
        "closing_bonus": closing.bonus,
        "next": next_cursor(shown[-1].posting.id) if len(moved) > len(shown) else None,
    }


def _days(query: dict[str, Any], since: date) -> tuple[date, date]:
    """The days asked about; from the customer's first day to today where one is left out, never backwards."""
    first, last = query["first_day"], query["last_day"]
    if last is None:
        last = max(first or since, days.today())
    return first or min(max(BEGINNING, since), last), last


def _movement(movement: statements.Movement, phone: str | None) -> dict[str, Any]:
    changes = {"change": movement.change, "bonus_change": movement.bonus_change}
    return present.posting(movement.posting, phone) | changes


def _phones(rows: Sequence[Any]) -> dict[int, str | None]:
    return queries.phones_of({row.customer_id for row in rows if row.customer_id is not None})
