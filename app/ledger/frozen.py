"""What of the postings and transfers is frozen when a day closes, and is asked again of days that are still open."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from app.core.db import Money
from app.ledger.models import Account, DayPostings, DayTransfers, Posting, Purse, Transfer
from app.ledger.seals.canon import text_of

Line = Mapping[str, Any]
POSTING_KEYS = ("hour", "store_id", "operator_kind", "operator_id", "kind", "reverses_kind", "method", "category")
TRANSFER_KEYS = ("store_id", "debit", "credit", "kind", "reverses_kind", "method", "category")
POSTING_LINE = ("line", *POSTING_KEYS, "postings", "amount", "principal", "bonus")
TRANSFER_LINE = ("line", *TRANSFER_KEYS, "transfers", "amount")
_DEBIT, _CREDIT = aliased(Account), aliased(Account)
_DAY = bindparam("day", type_=Date)


def total(amount: Any) -> ColumnElement[Any]:
    """The sum of amounts, exact, nothing counting as zero."""
    return type_coerce(cast(func.coalesce(func.sum(type_coerce(amount, BigInteger)), 0), BigInteger), Money)


def posting_lines(*which: ColumnElement[bool]) -> Select[Any]:
    """Postings added up: how many, their amounts, and by how much their transfers raised the wallets of each purse.

    which: conditions on Posting.
    """
    raised = _raised(*which)
    columns = [getattr(Posting, name) for name in POSTING_KEYS]
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
        .where(*which, _among(*which))
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
        .where(*which, _among(*which))
        .group_by(*columns)
    )


def _among(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a transfer's posting is between the first and the last of these: true of all of theirs.

    PostgreSQL reads the whole table of transfers for a day otherwise. `+ 0`, or it would look for the first number
    along all postings, beginning with the oldest.
    """
    first, last = (
        select(end(Posting.id + 0)).where(*which).correlate(None).scalar_subquery() for end in (func.min, func.max)
    )
    return Transfer.posting_id.between(first, last)


def freeze(connection: Connection, day: date) -> tuple[list[Line], list[Line]]:
    """The lines of both frozen tables for a day, made from its rows and numbered in an order of their own."""
    postings, transfers = _freezing()
    return (
        _numbered(connection, postings, POSTING_LINE, day),
        _numbered(connection, transfers, TRANSFER_LINE, day),
    )


def frozen(connection: Connection, day: date) -> tuple[list[Line], list[Line]]:
    """The lines that stand in both frozen tables for a day."""
    postings, transfers = _stored()
    return _mapped(connection, postings, day), _mapped(connection, transfers, day)


# Made once, as a year has many days: to make them took longer than a quiet day's answers.
@cache
def _freezing() -> tuple[Select[Any], Select[Any]]:
    of_day = Posting.business_date == _DAY
    return posting_lines(of_day), transfer_lines(of_day)


@cache
def _stored() -> tuple[Select[Any], Select[Any]]:
    def lines(model: Any, names: Sequence[str]) -> Select[Any]:
        return select(*(getattr(model, name) for name in names)).where(model.day == _DAY).order_by(model.line)

    return lines(DayPostings, POSTING_LINE), lines(DayTransfers, TRANSFER_LINE)


def _numbered(connection: Connection, ask: Select[Any], names: Sequence[str], day: date) -> list[Line]:
    # The databases sort words and missing values differently: the order of the lines is made here.
    rows = _mapped(connection, ask, day)
    rows.sort(key=lambda row: text_of([row[name] for name in names[1:]]))
    return [{"line": number, **row} for number, row in enumerate(rows, start=1)]


def _mapped(connection: Connection, ask: Select[Any], day: date) -> list[Line]:
    return [dict(row) for row in connection.execute(ask, {"day": day}).mappings()]
