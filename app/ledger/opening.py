"""Opening many wallets at once, with the balances that customers bring along from another system."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import select

from app.core import clock, commands, days
from app.core.actor import Actor
from app.core.bulk import insert_rows
from app.core.numbering import take_ids
from app.extensions import db
from app.ledger.models import Account, Kind, Posting, Purse, Receipt, Transfer, WalletStatus
from app.ledger.plan import OPTIONAL, ZERO, receipt_no

SOURCE = "customer-import"
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new customer brings along. principal, bonus: not negative."""

    customer_id: int
    principal: Decimal = ZERO
    bonus: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Opened:
    """How many customers there were, how many of them brought something, and the sums."""

    customers: int = 0
    postings: int = 0
    principal: Decimal = ZERO
    bonus: Decimal = ZERO


Rows = dict[type, list[dict[str, Any]]]


def open_wallets(rows: Iterable[Opening], *, document_id: int, store_id: int, actor: Actor) -> Opened:
    """Open the wallets of new customers, each with one `opening` posting unless he brings nothing.

    rows: customers without wallets; read once, some thousands at a time. The document that they came with is
    the source of every posting and has the operation record: its verb writes that, with these sums. Raises
    ValueError for a negative amount.
    """
    common = _common(document_id, store_id, actor)
    house = db.session.scalars(select(Account.id).where(Account.code == "opening")).one()
    opened, source = Opened(), iter(rows)
    while chunk := list(islice(source, CHUNK)):
        written = _write(chunk, common, house)
        opened = Opened(
            opened.customers + len(chunk),
            opened.postings + len(written[Posting]),
            opened.principal + sum((row.principal for row in chunk), ZERO),
            opened.bonus + sum((row.bonus for row in chunk), ZERO),
        )
    return opened


def _common(document_id: int, store_id: int, actor: Actor) -> dict[str, Any]:
    """The columns that every posting of the document shares."""
    shop, at, command = clock.shop_clock(), clock.now(), commands.running()
    return dict.fromkeys(OPTIONAL) | {
        "business_date": days.business_date(at),
        "posted_at": at,
        "hour": shop.local(at).hour,
        "kind": Kind.OPENING,
        "store_id": store_id,
        "operator_kind": actor.kind,
        "operator_id": actor.id,
        "source_type": SOURCE,
        "source_id": document_id,
        "command_id": command.id if command else commands.new_id(),
        "is_forced": False,
    }


def _write(chunk: Sequence[Opening], common: dict[str, Any], house: int) -> Rows:
    rows: Rows = {Account: [], Posting: [], Transfer: [], Receipt: []}
    wallets = iter(take_ids(Account.__table__, sum(1 + (row.bonus > 0) for row in chunk)))
    numbers = iter(take_ids(Posting.__table__, sum(row.principal + row.bonus > 0 for row in chunk)))
    for row in chunk:
        own = _open(row, wallets, rows[Account])
        if row.principal + row.bonus > 0:
            _post(row, next(numbers), own, common, house, rows)
    for model, lines in rows.items():
        insert_rows(model.__table__, lines)  # type: ignore[attr-defined]
    return rows


def _open(row: Opening, numbers: Iterator[int], accounts: list[dict[str, Any]]) -> dict[int, Decimal]:
    """The rows of a customer's wallets. Returns what comes into each, by wallet."""
    if row.principal < 0 or row.bonus < 0:
        raise ValueError("nobody brings a debt along")
    own = {}
    for purse, brought in ((Purse.PRINCIPAL, row.principal), (Purse.BONUS, row.bonus)):
        if purse is Purse.BONUS and not brought:
            continue
        wallet_id = next(numbers)
        wallet = {"id": wallet_id, "customer_id": row.customer_id, "purse": purse, "status": WalletStatus.OPEN}
        accounts.append(wallet | {"balance": brought, "held": ZERO, "floor": ZERO, "seq": int(brought > 0)})
        own[wallet_id] = brought
    return own


def _post(
    row: Opening, posting_id: int, own: dict[int, Decimal], common: dict[str, Any], house: int, rows: Rows
) -> None:
    number = receipt_no(posting_id)
    own_columns = {"id": posting_id, "receipt_no": number, "customer_id": row.customer_id}
    after = {"amount": row.principal + row.bonus, "balance_after": row.principal, "bonus_after": row.bonus}
    change = {"principal_change": row.principal, "bonus_change": row.bonus}
    rows[Posting].append(common | own_columns | after | change)
    rows[Receipt].append({"receipt_no": number, "posting_id": posting_id, "business_date": common["business_date"]})
    brought = ((wallet_id, amount) for wallet_id, amount in own.items() if amount)
    for line, (wallet_id, amount) in enumerate(brought, start=1):
        sides = {"debit_id": house, "credit_id": wallet_id, "amount": amount}
        chain = {"wallet_id": wallet_id, "seq": 1, "balance_after": amount}
        rows[Transfer].append({"posting_id": posting_id, "line": line, **sides, **chain})
