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
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, func, literal_column, or_, select, type_coerce

from app.core import clock, days
from app.core.actor import Actor, ActorKind
from app.core.connections import PLANNED_ONCE, before_it_begins, has_begun
from app.core.db import is_postgresql
from app.core.errors import NotFound
from app.extensions import db
from app.ledger import chart
from app.ledger.furnishing import furnish
from app.ledger.models import Account, Drawer, Purse, WalletStatus
from app.ledger.refusals import MethodOff, NoOpenShift, WalletClosed, WalletFrozen
from app.shop.models import Method, PaymentMethod, Setting

AMOUNTS = ("bonus_from", "bonus_gift", "balance_limit")
SPENDING_ORDER, PRINCIPAL_FIRST = "spending_order", "principal-first"
CASH_RULE, IN_SHIFT = "cash_taken", "shift"
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
class Desk:
    """Who takes or gives money, where, and how: what decides whose till it goes through.

    clerk_id: None when it is nobody of the staff. shift_id: a shift whose drawer it is as long as that is open,
    whoever acts.
    """

    method: Method
    store_id: int
    clerk_id: int | None = None
    shift_id: int | None = None

    @classmethod
    def of(cls, actor: Actor, method: Method, store_id: int, shift_id: int | None = None) -> "Desk":
        """Where this actor takes and gives money."""
        return cls(method, store_id, actor.id if actor.kind is ActorKind.STAFF else None, shift_id)

    @property
    def codes(self) -> tuple[str, ...]:
        till = chart.till(self.method, self.store_id)
        return (till,) if self.shift_id is None else (till, chart.drawer(self.store_id, self.shift_id))


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that was seen to be open, and the account of its drawer."""

    id: int
    drawer_id: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a posting wants to know. codes: of the house accounts that it moves money on."""

    customer_id: int | None
    codes: tuple[str, ...]
    method: Method | None = None
    needs_bonus: bool = False
    desk: Desk | None = None

    @property
    def every_code(self) -> tuple[str, ...]:
        return self.codes if self.desk is None else (*self.codes, *self.desk.codes)


@dataclass(frozen=True, slots=True)
class Facts:
    """What there was to know, at one moment.

    house: accounts that are open, by code. posting_id: the number that the posting will have. shift: the one that
    the money belongs to.
    """

    customer_id: int | None
    wallets: tuple[Wallet, ...]
    house: Mapping[str, int]
    posting_id: int
    is_method_on: bool
    rules: Mapping[str, Decimal]
    spending_order: str
    at: datetime
    business_date: date
    desk: Desk | None = None
    shift: OpenShift | None = None
    is_shift_demanded: bool = False

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

    def till(self) -> int:
        """The number of the account that takes or gives the money at this desk: the drawer of the shift for cash.

        Raises NoOpenShift when the shop takes cash in shifts only and the clerk has none open.
        """
        assert self.desk is not None  # noqa: S101 - only who asked with a desk calls
        if self.desk.method is Method.CASH:
            if self.shift:
                return self.shift.drawer_id
            if self.is_shift_demanded and self.desk.clerk_id is not None:
                raise NoOpenShift
        return self.account(chart.till(self.desk.method, self.desk.store_id))

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
    """The connection to look with. On PostgreSQL looking begins no transaction where none has begun."""
    connection = db.session.connection()
    if is_postgresql() and not has_begun(connection):
        with before_it_begins(connection):
            yield connection
    else:
        yield connection


def may_peek() -> bool:
    """Whether to look without a lock: while the transaction has not begun, so that the look costs it nothing.

    Always on SQLite, where the transaction holds the one lock there is.
    """
    return not is_postgresql() or not has_begun(db.session.connection())


def peek(asked: Asked) -> Facts:
    """Look without a lock. Raises NotFound when there is no such customer."""
    with reader() as connection:
        return _facts(asked, _asking(connection, asked))


def lock(asked: Asked) -> Facts:
    """Look with the customer's wallets locked, and with every account there that the posting needs."""
    connection = db.session.connection()
    if asked.customer_id is not None:
        ask = select(Account.id).where(Account.customer_id == asked.customer_id).order_by(Account.id)
        connection.execute(ask.with_for_update())
    furnish(connection, asked)
    return _facts(asked, _asking(connection, asked))


def _asking(connection: Connection, asked: Asked) -> Any:
    """The rows that answer what a posting wants to know."""
    clerk_id = asked.desk.clerk_id if asked.desk else None
    values = {"customer": asked.customer_id, "codes": list(asked.every_code), "method": asked.method}
    if asked.desk is not None and clerk_id is not None:
        values |= {"store": asked.desk.store_id, "clerk": clerk_id}
    return connection.execute(_question(connection.dialect.name, clerk_id is not None), values).all()


@lru_cache
def _question(dialect: str, has_clerk: bool) -> Select[Any]:
    """Built once: putting it together costs more than sending it."""
    is_on = select(PaymentMethod.is_on).where(PaymentMethod.code == bindparam("method")).scalar_subquery()
    pairs = func.aggregate_strings(Setting.name + "=" + type_coerce(Setting.value, Text), "\n")
    rules = select(pairs).where(Setting.name.in_((*AMOUNTS, SPENDING_ORDER, CASH_RULE))).scalar_subquery()
    account = Account.__table__.c
    is_asked_for = or_(
        account.customer_id == bindparam("customer"), account.code.in_(bindparam("codes", expanding=True))
    )
    question = select(
        *account,
        NEXT_POSTING[dialect].label("posting_id"),
        is_on.label("is_method_on"),
        rules.label("rules"),
        days.last_barred().label("last_barred"),
        *(_own_drawer() if has_clerk else ()),
    ).where(is_asked_for)
    return question.execution_options(**PLANNED_ONCE)


def _own_drawer() -> list[Any]:
    mine = (Drawer.store_id == bindparam("store"), Drawer.clerk_id == bindparam("clerk"))
    return [
        select(column).where(*mine).scalar_subquery().label(f"own_{column.key}")
        for column in (Drawer.shift_id, Drawer.account_id)
    ]


def _facts(asked: Asked, rows: Any) -> Facts:
    wallets = tuple(
        Wallet(row.id, row.purse, row.balance, row.held, row.floor, row.seq, row.status)
        for row in sorted(rows, key=lambda row: row.id)
        if row.purse is not None
    )
    if asked.customer_id is not None and not wallets:
        raise NotFound
    if not rows:
        raise Unfurnished  # a sale past every wallet, between two accounts that nobody has needed yet
    first, at = rows[0], clock.now()
    rules = _rules(first.rules)
    house = {row.code: row.id for row in rows if row.code is not None and row.status is WalletStatus.OPEN}
    return Facts(
        customer_id=asked.customer_id,
        wallets=wallets,
        house=house,
        posting_id=first.posting_id,
        is_method_on=asked.method is None or bool(first.is_method_on),
        rules={name: Decimal(rules[name]) for name in AMOUNTS if rules.get(name)},
        spending_order=rules.get(SPENDING_ORDER) or PRINCIPAL_FIRST,
        at=at,
        business_date=days.not_barred(at, first.last_barred),
        desk=asked.desk,
        shift=_shift(asked.desk, house, first),
        is_shift_demanded=rules.get(CASH_RULE) == IN_SHIFT,
    )


def _rules(text: str | None) -> dict[str, Any]:
    pairs = (line.split("=", 1) for line in (text or "").splitlines())
    return {name: json.loads(value) for name, value in pairs}


def _shift(desk: Desk | None, house: Mapping[str, int], first: Any) -> OpenShift | None:
    """The shift that was asked for if it is open, else the clerk's own."""
    if desk is None:
        return None
    if desk.shift_id is not None and (drawer_id := house.get(chart.drawer(desk.store_id, desk.shift_id))):
        return OpenShift(desk.shift_id, drawer_id)
    if desk.clerk_id is None or first.own_shift_id is None:
        return None
    return OpenShift(first.own_shift_id, first.own_account_id)
