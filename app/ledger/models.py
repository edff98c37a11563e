"""The ledger's tables. Postings and transfers are only ever added: a mistake is undone by a reversal.

Whatever the database can refuse, it refuses: signs, missing links, changed rows (by triggers of a migration).
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.actor import ActorKind
from app.core.db import BigId, Model, Money, UtcDateTime, big_id
from app.shop.models import Method


class Kind(StrEnum):
    """What kind of business event a posting is."""

    RECHARGE = "recharge"
    CONSUMPTION = "consumption"
    REVERSAL = "reversal"
    REFUND = "refund"
    ADJUSTMENT = "adjustment"
    OPENING = "opening"
    SALE = "sale"
    CASH_IN = "cash-in"
    CASH_OUT = "cash-out"
    DIFFERENCE = "difference"


REVERSIBLE = frozenset({Kind.RECHARGE, Kind.CONSUMPTION, Kind.REFUND, Kind.ADJUSTMENT, Kind.SALE})


class Purse(StrEnum):
    """Which of a customer's wallets: what he paid in, or what he was given."""

    PRINCIPAL = "principal"
    BONUS = "bonus"


class WalletStatus(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"


class Account(Model):
    """Something with a balance: a customer's wallet, or an account of the house.

    A wallet keeps its balance, what is held of it, the floor it may not fall below (minus the credit limit)
    and `seq`, the number of its last transfer. A house account has a code and keeps no balance: it would be
    one row that every posting waits for; its balance is summed.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        CheckConstraint("(code IS NULL) <> (customer_id IS NULL)", name="wallet_or_house"),
        CheckConstraint("(purse IS NULL) = (customer_id IS NULL)", name="wallet_has_purse"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("code IS NULL OR (balance = 0 AND held = 0 AND seq = 0)", name="house_keeps_no_balance"),
        Index("uq_ledger_account_wallet", "customer_id", "purse", unique=True),
    )

    id: Mapped[big_id]
    code: Mapped[str | None] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(BigId)
    purse: Mapped[Purse | None]
    balance: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default=text("0"))
    held: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default=text("0"))
    floor: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default=text("0"))
    seq: Mapped[int] = mapped_column(BigId, default=0, server_default=text("0"))
    status: Mapped[WalletStatus] = mapped_column(default=WalletStatus.OPEN, server_default=text("'open'"))


class Drawer(Model):
    """Who has a drawer of his own now, in which store: an open shift. The row goes when the shift is closed.

    Its cash stands on an account of the house whose status says, to every posting, that the shift is open.
    """

    __tablename__ = "drawer"

    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"), primary_key=True, autoincrement=False)
    clerk_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shift_id: Mapped[int] = mapped_column(BigId, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), unique=True)


class Posting(Model):
    """One business event: who, when, where, how much. Complete from its first day, and holds ids only.

    amount: positive; an adjustment is signed. balance_after, bonus_after: the customer's wallets after it.
    principal_change, bonus_change: by how much it raised them, so that totals need no transfers; None on closed days
    that are older than these columns.
    occurred_at: when it happened, if it was written down later. is_forced: a reversal into debt.
    """

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("amount > 0 OR (kind = 'adjustment' AND amount <> 0)", name="amount_has_sign"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names_its_posting"),
        Index("ix_posting_customer_id", "customer_id", "id"),
        # By these the lists are looked through, each going on with the key of their pages (docs/adr/0010).
        Index("ix_posting_business_date", "business_date", "id"),
        Index("ix_posting_store_id", "store_id", "business_date", "id"),
        Index("ix_posting_operator_id", "operator_id", "business_date", "id"),
        Index("ix_posting_kind", "kind", "business_date", "id"),
        Index(
            "ix_posting_method",
            "method",
            "business_date",
            "id",
            postgresql_where=text("method IS NOT NULL"),
            sqlite_where=text("method IS NOT NULL"),
        ),
        Index("ix_posting_receipt_no", "receipt_no"),
        Index(
            "ix_posting_shift_id",
            "shift_id",
            postgresql_where=text("shift_id IS NOT NULL"),
            sqlite_where=text("shift_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    business_date: Mapped[date]
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hour: Mapped[int]
    kind: Mapped[Kind]
    amount: Mapped[Decimal] = mapped_column(Money)
    customer_id: Mapped[int | None] = mapped_column(BigId)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    terminal: Mapped[str | None] = mapped_column(String(32))
    shift_id: Mapped[int | None] = mapped_column(BigId)
    operator_kind: Mapped[ActorKind]
    operator_id: Mapped[int | None]
    method: Mapped[Method | None]
    category: Mapped[str | None] = mapped_column(String(32))
    location: Mapped[str | None] = mapped_column(String(120))
    source_type: Mapped[str | None] = mapped_column(String(32))
    source_id: Mapped[int | None] = mapped_column(BigId)
    command_id: Mapped[int] = mapped_column(BigId)
    receipt_no: Mapped[str] = mapped_column(String(32))
    reverses_id: Mapped[int | None] = mapped_column(BigId)
    reverses_kind: Mapped[Kind | None]
    is_forced: Mapped[bool] = mapped_column(default=False)
    occurred_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approval_id: Mapped[int | None] = mapped_column(BigId)
    balance_after: Mapped[Decimal | None] = mapped_column(Money)
    bonus_after: Mapped[Decimal | None] = mapped_column(Money)
    principal_change: Mapped[Decimal | None] = mapped_column(Money)
    bonus_change: Mapped[Decimal | None] = mapped_column(Money)
    note: Mapped[str | None] = mapped_column(String(500))


class Transfer(Model):
    """One line of a posting: an amount from the credit of one account to the debit of another.

    Double entry by construction. At most one side is a wallet; `seq` and `balance_after` are that wallet's,
    and make a gapless chain that anyone can check by eye.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        CheckConstraint("(wallet_id IS NULL) = (seq IS NULL)", name="wallet_has_seq"),
        CheckConstraint("(wallet_id IS NULL) = (balance_after IS NULL)", name="wallet_has_balance"),
        Index("uq_transfer_wallet_seq", "wallet_id", "seq", unique=True),
        Index("ix_transfer_debit_id", "debit_id"),
        Index("ix_transfer_credit_id", "credit_id"),
    )

    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    debit_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    credit_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    amount: Mapped[Decimal] = mapped_column(Money)
    wallet_id: Mapped[int | None] = mapped_column(BigId)
    seq: Mapped[int | None] = mapped_column(BigId)
    balance_after: Mapped[Decimal | None] = mapped_column(Money)


class Reversal(Model):
    """Which posting was reversed by which: once, for ever, also when both have left for an archive."""

    __tablename__ = "reversal"

    posting_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    reversal_id: Mapped[int] = mapped_column(BigId, unique=True)


class Receipt(Model):
    """A receipt's number is given once, for ever. The day tells an archived posting from a lost one."""

    __tablename__ = "receipt"

    receipt_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    posting_id: Mapped[int] = mapped_column(BigId, unique=True)
    business_date: Mapped[date]


class HoldStatus(StrEnum):
    OPEN = "open"
    CAPTURED = "captured"
    VOIDED = "voided"
    EXPIRED = "expired"


class Hold(Model):
    """An amount set aside for something whose outcome is not known yet, named per wallet."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("principal >= 0 AND bonus >= 0 AND principal + bonus > 0", name="holds_something"),
        Index("ix_hold_customer_id", "customer_id", "status"),
        Index("ix_hold_expires_at", "status", "expires_at"),
    )

    id: Mapped[big_id]
    customer_id: Mapped[int] = mapped_column(BigId)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    principal: Mapped[Decimal] = mapped_column(Money)
    bonus: Mapped[Decimal] = mapped_column(Money)
    source_type: Mapped[str | None] = mapped_column(String(32))
    source_id: Mapped[int | None] = mapped_column(BigId)
    status: Mapped[HoldStatus]
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    captured: Mapped[Decimal | None] = mapped_column(Money)
    captured_by_id: Mapped[int | None] = mapped_column(BigId)
    command_id: Mapped[int] = mapped_column(BigId)


class DayPostings(Model):
    """Frozen: what was posted on a closed day, by hour, store, operator, kind, method and category.

    amount: of the postings; principal, bonus: by how much they raised the customers' wallets, may be negative.
    """

    __tablename__ = "day_postings"

    day: Mapped[date] = mapped_column(ForeignKey("day_close.day"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[int]
    store_id: Mapped[int]
    operator_kind: Mapped[ActorKind]
    operator_id: Mapped[int | None]
    kind: Mapped[Kind]
    reverses_kind: Mapped[Kind | None]
    method: Mapped[Method | None]
    category: Mapped[str | None] = mapped_column(String(32))
    postings: Mapped[int] = mapped_column(BigId)
    amount: Mapped[Decimal] = mapped_column(Money)
    principal: Mapped[Decimal] = mapped_column(Money)
    bonus: Mapped[Decimal] = mapped_column(Money)


class DayTransfers(Model):
    """Frozen: what was moved on a closed day between which accounts. All wallets of a purse count as one."""

    __tablename__ = "day_transfers"

    day: Mapped[date] = mapped_column(ForeignKey("day_close.day"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    store_id: Mapped[int]
    debit: Mapped[str] = mapped_column(String(64))
    credit: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Kind]
    reverses_kind: Mapped[Kind | None]
    method: Mapped[Method | None]
    category: Mapped[str | None] = mapped_column(String(32))
    transfers: Mapped[int] = mapped_column(BigId)
    amount: Mapped[Decimal] = mapped_column(Money)
