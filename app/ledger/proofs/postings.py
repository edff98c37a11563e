"""Every posting has the legs that its kind and its amount call for."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, String, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.core.days import last_closed_day
from app.ledger.models import Account, Kind, Posting, Transfer
from app.ledger.proofs.found import Finding

BATCH = 10_000
BY_SUM = {Kind.CONSUMPTION, Kind.SALE, Kind.OPENING}


def prove_postings(connection: Connection) -> Iterator[Finding | int]:
    """Walk the postings with their transfers, in order."""
    with connection.execute(_question().execution_options(yield_per=BATCH)) as rows:
        for _, legs in groupby(rows, key=lambda row: row.id):
            yield 1
            yield from _check(list(legs))


def _question() -> Any:
    debit, credit = aliased(Account), aliased(Account)
    amounts = (
        type_coerce(Posting.amount, BigInteger).label("total"),
        type_coerce(Posting.balance_after, BigInteger).label("balance_after"),
        type_coerce(Posting.bonus_after, BigInteger).label("bonus_after"),
        type_coerce(Posting.principal_change, BigInteger).label("principal_change"),
        type_coerce(Posting.bonus_change, BigInteger).label("bonus_change"),
        type_coerce(Transfer.amount, BigInteger).label("amount"),
        type_coerce(Transfer.balance_after, BigInteger).label("wallet_after"),
    )
    wallet = aliased(Account)
    return (
        select(
            Posting.id, type_coerce(Posting.kind, String).label("kind"), Posting.customer_id, Transfer.line, *amounts
        )
        .add_columns(wallet.purse, wallet.customer_id.label("wallet_customer"), Transfer.wallet_id)
        .add_columns(debit.purse.label("debit_purse"), credit.purse.label("credit_purse"))
        .add_columns((Posting.business_date > func.coalesce(last_closed_day(), date.min)).label("is_open"))
        .outerjoin(Transfer, Transfer.posting_id == Posting.id)
        .outerjoin(wallet, wallet.id == Transfer.wallet_id)
        .outerjoin(debit, debit.id == Transfer.debit_id)
        .outerjoin(credit, credit.id == Transfer.credit_id)
        .order_by(Posting.id, Transfer.line)
    )


def _check(legs: list[Row[Any]]) -> Iterator[Finding]:
    first = legs[0]
    where = f"posting {first.id}"
    if first.line is None:
        yield Finding(where, "has no transfer")
        return
    if [leg.line for leg in legs] != list(range(1, len(legs) + 1)):
        yield Finding(where, "has lost a transfer")
    moved = sum(leg.amount for leg in legs) if first.kind in BY_SUM else first.amount
    if first.kind != Kind.REVERSAL and moved != abs(first.total):
        yield Finding(where, f"is of {first.total}, its transfers make {moved}")
    yield from _check_wallets(where, legs)
    yield from _check_changes(where, legs)


def _check_wallets(where: str, legs: list[Row[Any]]) -> Iterator[Finding]:
    after: dict[str, int] = {}
    for leg in legs:
        if (leg.wallet_id is not None) != (leg.debit_purse is not None or leg.credit_purse is not None):
            yield Finding(where, f"moves a wallet in line {leg.line} without naming it")
        if leg.debit_purse is not None and leg.credit_purse is not None:
            yield Finding(where, f"moves two wallets in line {leg.line}")
        if leg.wallet_id is not None:
            after[leg.purse] = leg.wallet_after
            if leg.purse is None or leg.wallet_customer != leg.customer_id:
                yield Finding(where, "moves the wallet of another customer")
    said = {"principal": legs[0].balance_after, "bonus": legs[0].bonus_after}
    for purse, balance in after.items():
        if said.get(purse) != balance:
            yield Finding(where, f"says that {said.get(purse)} is left of the {purse}, its transfer says {balance}")


def _check_changes(where: str, legs: list[Row[Any]]) -> Iterator[Finding]:
    """Totals of open days rest on what a posting says that it changed. Closed days may be older than that."""
    made, first = {"principal": 0, "bonus": 0}, legs[0]
    for leg in legs:
        if leg.purse is not None:
            made[leg.purse] += leg.amount if leg.credit_purse is not None else -leg.amount
    said = (first.principal_change, first.bonus_change)
    if said == (made["principal"], made["bonus"]) or (said == (None, None) and not first.is_open):
        return
    for change, (purse, amount) in zip(said, made.items(), strict=True):
        if change != amount:
            yield Finding(where, f"says that it changed the {purse} by {change}, its transfers make {amount}")
