"""What of the postings and transfers is frozen when a day closes, and is asked again of days that are still open."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, case, cast, func, literal, select, type_coerce
from sqlalchemy.orm import aliased

from app.core.db import Money
from app.ledger.models import Account, DayPostings, DayTransfers, Posting, Purse, Transfer
from app.ledger.seals.canon import text_of

Line = Mapping[str, Any]
POSTING_KEYS = ("hour", "store_id", "operator_kind", "operator_id", "kind", "reverses_kind", "method", "category")
TRANSFER_KEYS = ("store_id", "debit", "credit", "kind", "reverses_kind", "method", "category")
POSTING_LINE = ("line", *POSTING_KEYS, "postings", "amount", "principal", "bonus")
TRANSFER_LINE = ("line", *TRANSFER_KEYS, "transfers", "amount")
_DEBIT, _CREDIT = aliased(Account), aliased(Account)  # once: to make them takes a fifth of the closing of a quiet day


def total(amount: Any) -> ColumnElement[Any]:
    """The sum of amounts, exact, nothing counting as zero."""
    return type_coerce(cast(func.coalesce(func.sum(type_coerce(amount, BigInteger)), 0), BigInteger), Money)


def posting_lines(
    *which: ColumnElement[bool], keys: Sequence[Any] | None = None, first_id: int | None = None
) -> Select[Any]:
    """Postings added up: how many, their amounts, and by how much they raised the wallets of each purse.

    which: conditions on Posting. keys: what to add up by, columns of Posting; all that is frozen when left out.
    first_id: no posting that is meant has a lower one; then the transfers of others are not read.
    """
    raised = _raised(*which, *(() if first_id is None else (Transfer.posting_id >= first_id,)))
    columns = [getattr(Posting, name) for name in POSTING_KEYS] if keys is None else list(keys)
    sums = {"amount": Posting.amount, "principal": raised.c.principal, "bonus": raised.c.bonus}
    ask = select(*columns, func.count().label("postings"))
    ask = ask.add_columns(*(total(amount).label(name) for name, amount in sums.items()))
    ask = ask.select_from(Posting).outerjoin(raised, raised.c.posting_id == Posting.id)
    return ask.where(*which).group_by(*columns)


def _raised(*which: ColumnElement[bool]) -> Any:
    """By how much each posting raised the customer's wallets."""
    amount = type_coerce(Transfer.amount, BigInteger)
    signed = case((Transfer.credit_id == Transfer.wallet_id, amount), else_=-amount)

    def of(purse: Purse) -> Any:
        return total(case((Account.purse == purse, signed), else_=literal(0))).label(purse.value)

    return (
        select(Transfer.posting_id, of(Purse.PRINCIPAL), of(Purse.BONUS))
        .join(Posting, Posting.id == Transfer.posting_id)
        .join(Account, Account.id == Transfer.wallet_id)
        .where(*which)
        .group_by(Transfer.posting_id)
        .subquery()
    )


def transfer_lines(*which: ColumnElement[bool]) -> Select[Any]:
    """Transfers added up by their accounts and their postings' keys. All wallets of a purse count as one account."""
    names = {"debit": func.coalesce(_DEBIT.code, _DEBIT.purse), "credit": func.coalesce(_CREDIT.code, _CREDIT.purse)}
    columns = [names[key] if key in names else getattr(Posting, key) for key in TRANSFER_KEYS]
    return (
        select(*(column.label(key) for column, key in zip(columns, TRANSFER_KEYS, strict=True)))
        .add_columns(func.count().label("transfers"), total(Transfer.amount).label("amount"))
        .select_from(Posting)
        .join(Transfer, Transfer.posting_id == Posting.id)
        .join(_DEBIT, _DEBIT.id == Transfer.debit_id)
        .join(_CREDIT, _CREDIT.id == Transfer.credit_id)
        .where(*which)
        .group_by(*columns)
    )


def freeze(connection: Connection, day: date) -> tuple[list[Line], list[Line]]:
    """The lines of both frozen tables for a day, made from its rows and numbered in an order of their own."""
    of_day = Posting.business_date == day
    return (
        _numbered(connection, posting_lines(of_day), POSTING_LINE),
        _numbered(connection, transfer_lines(of_day), TRANSFER_LINE),
    )


def frozen(connection: Connection, day: date) -> tuple[list[Line], list[Line]]:
    """The lines that stand in both frozen tables for a day."""
    return _stored(connection, DayPostings, day, POSTING_LINE), _stored(connection, DayTransfers, day, TRANSFER_LINE)


def _numbered(connection: Connection, ask: Select[Any], names: Sequence[str]) -> list[Line]:
    # The databases sort words and missing values differently: the order of the lines is made here.
    rows = [dict(row) for row in connection.execute(ask).mappings()]
    rows.sort(key=lambda row: text_of([row[name] for name in names[1:]]))
    return [{"line": number, **row} for number, row in enumerate(rows, start=1)]


def _stored(connection: Connection, model: Any, day: date, names: Sequence[str]) -> list[Line]:
    columns = [getattr(model, name) for name in names]
    ask = select(*columns).where(model.day == day).order_by(model.line)
    return [dict(row) for row in connection.execute(ask).mappings()]
