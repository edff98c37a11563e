"""Customers and postings as plain values for JSON."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from app.core.actor import ActorKind
from app.core.connections import PLANNED_ONCE
from app.core.money import to_text
from app.customers import queries
from app.customers.models import Customer
from app.customers.profile import shown
from app.extensions import db
from app.shop.models import Store
from app.staff.models import Staff

ZERO = Decimal(0)
NAMED = ("customer_id", "store_id", "operator_id")


class Names(NamedTuple):
    """What stands for the numbers of a posting in its answer. ids: those of NAMED, in this order."""

    ids: tuple[int | None, ...]
    phone: str | None
    store: str | None
    operator: str | None


def customer(row: Customer) -> dict[str, Any]:
    """A customer with his money as it is now."""
    wallets = row.wallets
    return shown(row) | {
        "id": row.id,
        "customer_no": row.customer_no,
        "status": queries.STATUS_NAMES[row.status],
        "store": row.store.code,
        "balance": to_text(row.principal.balance),
        "bonus": to_text(row.bonus_wallet.balance if row.bonus_wallet else ZERO),
        "held": to_text(sum((wallet.held for wallet in wallets), ZERO)),
        "available": to_text(sum((wallet.balance - wallet.held - wallet.floor for wallet in wallets), ZERO)),
        "created_at": row.created_at,
    }


COLUMNS = (
    "id",
    "kind",
    "amount",
    "business_date",
    "posted_at",
    "customer_id",
    "method",
    "category",
    "location",
    "receipt_no",
    "balance_after",
    "bonus_after",
    "note",
)


def posting(row: Any, phone: str | None) -> dict[str, Any]:
    """A posting as app/ledger/queries.py reads it. phone: the customer's of today."""
    return {name: getattr(row, name) for name in COLUMNS} | {
        "phone": phone,
        "store": row.store,
        "operator": row.operator,
        "reverses": row.reverses_id,
        "reversed_by": row.reversal_id,
    }


def posted(kept: Mapping[str, Any], known: Names | None = None) -> dict[str, Any]:
    """The answer of a posting, from what was kept under its key: ids become codes and names, as they are today.

    known: names that the request has read already. They are asked for when they are not those of this posting.
    """
    row = kept["posting"]
    ids = tuple(row[name] for name in NAMED)
    names = known if known and known.ids == ids else _names(ids)
    shown = {name: row[name] for name in COLUMNS} | {
        "phone": names.phone,
        "store": names.store,
        "operator": names.operator if row["operator_kind"] == ActorKind.STAFF else None,
        "reverses": row["reverses_id"],
        "reversed_by": None,
    }
    figures = {name: kept[name] for name in ("balance", "bonus", "held", "available")}
    return {"posting": shown, **figures}


def _names(ids: tuple[int | None, ...]) -> Names:
    return Names(ids, *db.session.execute(_names_asked(), dict(zip(NAMED, ids, strict=True))).one())


@lru_cache
def _names_asked() -> Select[Any]:
    """Three names in one question, built once."""
    return select(
        select(Customer.phone).where(Customer.id == bindparam("customer_id")).scalar_subquery(),
        select(Store.code).where(Store.id == bindparam("store_id")).scalar_subquery(),
        select(Staff.username).where(Staff.id == bindparam("operator_id")).scalar_subquery(),
    ).execution_options(**PLANNED_ONCE)
