"""What a posting looks at before it is drawn up: the customer's wallets, accounts of the house, the rules.

On PostgreSQL a posting first looks without a lock and outside its transaction; it is then written only if
nothing it looked at has moved (app/ledger/writing.py). If something has, or a rule says no to what was seen,
it looks again with the wallets locked, and decides on that.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Text, func, insert, literal_column, or_, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite

from app.core import clock, days
from app.core.db import is_postgresql
from app.core.errors import NotFound
from app.extensions import db
from app.ledger.models import Account, Purse, WalletStatus
from app.ledger.refusals import MethodOff, WalletClosed, WalletFrozen
from app.shop.models import Method, PaymentMethod, Setting

RULES = ("bonus_from", "bonus_gift", "balance_limit", "spending_order")
TEXTS = {"spending_order"}
# A scalar subquery, so that it is asked once and not for every row.
NEXT_POSTING: dict[str, Any] = {
    "postgresql": literal_column("(SELECT nextval('posting_id_seq'))"),
    "sqlite": literal_column("(SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'posting')"),
}


class Unfurnished(Exception):
    """An account is needed for the first time: it can be made once the wallets are locked."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """One wallet as it was seen."""

    id: int
    purse: Purse
    balance: Decimal
    held: Decimal
    floor: Decimal
    seq: int
    status: WalletStatus

    @property
    def free(self) -> Decimal:
        """What can be taken without going into credit. Not below zero."""
        return max(self.balance - self.held, Decimal(0))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a posting wants to know. codes: of the house accounts that it moves money on."""

    customer_id: int | None
    codes: tuple[str, ...]
    method: Method | None = None
    needs_bonus: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What there was to know, at one moment. posting_id: the number that the posting will have."""

    customer_id: int | None
    wallets: tuple[Wallet, ...]
    house: Mapping[str, int]
    posting_id: int
    is_method_on: bool
    rules: Mapping[str, Any]
    at: datetime
    business_date: date

    @property
    def principal(self) -> Wallet:
        return next(wallet for wallet in self.wallets if wallet.purse is Purse.PRINCIPAL)

    @property
    def bonus(self) -> Wallet | None:
        return next((wallet for wallet in self.wallets if wallet.purse is Purse.BONUS), None)

    @property
    def available(self) -> Decimal:
        """Balance, bonus and credit limit, less what is held."""
        return sum((wallet.balance - wallet.held - wallet.floor for wallet in self.wallets), Decimal(0))

    def account(self, code: str) -> int:
        """The number of a house account. Raises Unfurnished when it is not there yet."""
        if code not in self.house:
            raise Unfurnished(code)
        return self.house[code]

    def require_bonus(self) -> Wallet:
        """The customer's bonus wallet. Raises Unfurnished when he has none yet."""
        if self.bonus is None:
            raise Unfurnished(Purse.BONUS)
        return self.bonus

    def require_open(self) -> None:
        """Raises WalletClosed or WalletFrozen."""
        for wallet in self.wallets:
            if wallet.status is WalletStatus.CLOSED:
                raise WalletClosed
            if wallet.status is WalletStatus.FROZEN:
                raise WalletFrozen

    def require_method(self) -> None:
        """Raises MethodOff."""
        if not self.is_method_on:
            raise MethodOff


@contextmanager
def reader() -> Iterator[Connection]:
    """A connection to look with: the transaction's own once it has begun, else one that begins none."""
    if may_peek():
        with db.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
    else:
        yield db.session.connection()


def may_peek() -> bool:
    """Whether the transaction has not begun yet, so that a look costs it nothing. Never on SQLite."""
    return is_postgresql() and not db.session().in_transaction()


def peek(asked: Asked) -> Facts:
    """Look without a lock. Raises NotFound when there is no such customer."""
    with reader() as connection:
        return _facts(asked, connection.execute(_question(asked)).all())


def lock(asked: Asked) -> Facts:
    """Look with the customer's wallets locked, and with every account there that the posting needs."""
    connection = db.session.connection()
    if asked.customer_id is not None:
        ask = select(Account.id).where(Account.customer_id == asked.customer_id).order_by(Account.id)
        connection.execute(ask.with_for_update())
    _open_missing(connection, asked)
    return _facts(asked, connection.execute(_question(asked)).all())


def _question(asked: Asked) -> Any:
    is_on = select(PaymentMethod.is_on).where(PaymentMethod.code == asked.method).scalar_subquery()
    pairs = func.aggregate_strings(Setting.name + "=" + type_coerce(Setting.value, Text), "\n")
    rules = select(pairs).where(Setting.name.in_(RULES)).scalar_subquery()
    account = Account.__table__.c
    return select(
        *account,
        NEXT_POSTING[db.engine.dialect.name].label("posting_id"),
        is_on.label("is_method_on"),
        rules.label("rules"),
        days.last_barred().label("last_barred"),
    ).where(or_(account.customer_id == asked.customer_id, account.code.in_(asked.codes)))


def _facts(asked: Asked, rows: Any) -> Facts:
    wallets = tuple(
        Wallet(row.id, row.purse, row.balance, row.held, row.floor, row.seq, row.status)
        for row in sorted(rows, key=lambda row: row.id)
        if row.purse is not None
    )
    if asked.customer_id is not None and not wallets:
        raise NotFound
    first, at = rows[0], clock.now()
    return Facts(
        customer_id=asked.customer_id,
        wallets=wallets,
        house={row.code: row.id for row in rows if row.code is not None},
        posting_id=first.posting_id,
        is_method_on=asked.method is None or bool(first.is_method_on),
        rules=_rules(first.rules),
        at=at,
        business_date=days.not_barred(at, first.last_barred),
    )


def _rules(text: str | None) -> dict[str, Any]:
    pairs = (line.split("=", 1) for line in (text or "").splitlines())
    values = {name: json.loads(value) for name, value in pairs}
    return {name: value if name in TEXTS else Decimal(value) for name, value in values.items() if value}


def _open_missing(connection: Connection, asked: Asked) -> None:
    """Make the house accounts and the bonus wallet that are needed for the first time."""
    insert_ = postgresql.insert if is_postgresql() else sqlite.insert
    known = set(connection.scalars(select(Account.code).where(Account.code.in_(asked.codes))))
    for code in set(asked.codes) - known:
        connection.execute(insert_(Account).values(code=code).on_conflict_do_nothing())
    if not asked.needs_bonus or asked.customer_id is None:
        return
    mine = select(Account.purse, Account.status).where(Account.customer_id == asked.customer_id)
    purses = {row.purse: row.status for row in connection.execute(mine)}
    if Purse.PRINCIPAL in purses and Purse.BONUS not in purses:
        connection.execute(
            insert(Account).values(customer_id=asked.customer_id, purse=Purse.BONUS, status=purses[Purse.PRINCIPAL])
        )
