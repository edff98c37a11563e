"""Account details: every posting with its customer, as a report. It stands in this room because it shows phones."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ARRAY, BigInteger, Select, and_, any_, case, func, select

from app.core.actor import Actor, ActorKind
from app.core.db import is_postgresql
from app.core.permissions import Action, Grant
from app.customers.models import Customer
from app.customers.queries import ids_of_phone
from app.ledger import queries as ledger
from app.ledger.models import Kind as PostingKind
from app.ledger.models import Posting
from app.shop.models import Method, Store
from app.shop.queries import store_by_code, stores_within
from app.staff.queries import number_of
from app.tables import Amounts, Asked, Choice, Column, Group, Kind, Measure, Order, Period, Phone, Report, Text, Whole

# A reversal counts with the kind that it undoes, against it.
_DOES = func.coalesce(Posting.reverses_kind, Posting.kind)


def _signed(name: str, *kinds: PostingKind) -> Any:
    """What postings of these kinds came to, less what was undone of them; nothing for the others."""
    is_of = _DOES.in_([kind.value for kind in kinds])
    undone = Posting.reverses_id.is_not(None)
    return case((is_of & undone, -Posting.amount), (is_of, Posting.amount)).label(name)


def postings(asked: Asked) -> Select[Any]:
    """The postings that the actor may see, with their customers of today."""
    return (
        ledger.seen_by(asked.actor, customer_id=asked["customer"])
        .outerjoin(Customer, Customer.id == Posting.customer_id)
        .add_columns(
            Customer.phone,
            Customer.name.label("customer"),
            Store.name.label("store_name"),
            _signed("money_in", PostingKind.RECHARGE, PostingKind.SALE),
            _signed("consumed", PostingKind.CONSUMPTION, PostingKind.SALE),
            _signed("refunded", PostingKind.REFUND),
        )
    )


def _stores(actor: Actor) -> Iterable[tuple[str, str]]:
    return [(store.code, store.name) for store in stores_within(actor)]


# Stores and operators are looked for by their numbers, which are asked for before: PostgreSQL plans a question for
# somebody who did nearly everything otherwise than for one who did nearly nothing, if it is told who.


def _in_store(code: str) -> Any:
    return Posting.store_id == store_by_code(code).id


def _of_phone(text: str) -> Any:
    return _of_customers(ids_of_phone(text))


def _of_number(text: str) -> Any:
    return _of_customers(select(Customer.id).where(Customer.customer_no == text))


def _of_customers(ids: Select[Any]) -> Any:
    """PostgreSQL is told that these are few, looked up once: then it goes by their numbers."""
    if not is_postgresql():
        return Posting.customer_id.in_(ids)
    return Posting.customer_id == any_(func.array(ids.scalar_subquery(), type_=ARRAY(BigInteger)))


def _by_operator(username: str) -> Any:
    return and_(Posting.operator_id == number_of(username), Posting.operator_kind == ActorKind.STAFF)


def _reach(asked: Asked) -> str | None:
    """A clerk is told why he sees no more."""
    if asked.actor.may(Action.VIEW, "old-postings") or asked["customer"]:
        return None
    return gettext("You see the postings of today in your stores.")


def _to_counter(row: Any) -> str | None:
    return url_for("CounterView.show", customer=row.customer_id) if row.customer_id else None


account_details = Report(
    name="account-details",
    title=_("Account details"),
    route="/postings",
    grant=Grant(Action.VIEW, "postings"),
    export=Grant(Action.EXPORT, "postings"),
    source=postings,
    notice=_reach,
    orders=(Order("newest", _("Newest first"), (Posting.business_date, Posting.id)),),
    filters=(
        Period("period", _("Day"), Posting.business_date, months=6),
        Whole("customer", _("Customer's number in the system"), is_narrow=True),
        Phone("phone", _("Phone"), _of_phone, is_narrow=True),
        Text("customer_no", _("Customer no."), _of_number, is_narrow=True, longest=32),
        Choice("kind", _("Kind"), Posting.kind, choices=PostingKind, is_indexed=True),
        Choice("store", _("Store"), _in_store, choices=_stores, is_indexed=True),
        Text("operator", _("Operator"), _by_operator, is_indexed=True),
        Choice("method", _("Method"), Posting.method, choices=Method, is_indexed=True),
        Amounts("amount", _("Amount"), Posting.amount),
        Text("receipt", _("Receipt no."), Posting.receipt_no, is_narrow=True, longest=32),
    ),
    columns=(
        Column(
            "receipt_no",
            _("Receipt no."),
            link=lambda row: url_for("ReceiptView.show", posting_id=row.id),
        ),
        Column("posted_at", _("Time"), Kind.MOMENT),
        Column("kind", _("Kind"), Kind.CHOICE),
        Column("amount", _("Amount"), Kind.MONEY),
        Column("balance_after", _("Balance after"), Kind.MONEY),
        Column("phone", _("Phone"), Kind.PHONE, link=_to_counter),
        Column("customer", _("Customer"), link=_to_counter),
        Column("method", _("Method"), Kind.CHOICE),
        Column("category", _("Category"), Kind.CHOICE),
        Column("store_name", _("Store")),
        Column("operator", _("Operator")),
        Column("business_date", _("Day"), Kind.DAY),
        Column("note", _("Note")),
    ),
    measures=(
        Measure("money_in", _("Money in"), under="amount"),
        Measure("consumed", _("Value consumed"), under="amount"),
        Measure("refunded", _("Refunded"), under="amount"),
    ),
    groups=(
        Group("day", _("Day"), "business_date", Kind.DAY),
        Group("kind", _("Kind"), "kind", Kind.CHOICE),
        Group("store", _("Store"), "store_name"),
        Group("operator", _("Operator"), "operator"),
        Group("method", _("Method"), "method", Kind.CHOICE),
    ),
)
