"""Which months have left, under which signed manifest, and the checkpoints that stand for their rows."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import BigId, Model, Money, UtcDateTime


class ArchiveKind(StrEnum):
    """What leaves together. postings: with their transfers."""

    POSTINGS = "postings"
    RECORDS = "records"


class ArchiveState(StrEnum):
    """How far a month is. Rows may be deleted while it is purging, and at no other time."""

    PLANNED = "planned"
    WRITTEN = "written"
    VERIFIED = "verified"
    CHECKPOINTED = "checkpointed"
    PURGING = "purging"
    PURGED = "purged"


LEAVING = (ArchiveState.PURGING, ArchiveState.PURGED)


class Archive(Model):
    """One month of one kind. manifest: JSON, signed as it stands here; it never changes once it is verified.

    file: its name in the folder of archives; it may have been moved elsewhere.
    """

    __tablename__ = "retention_archive"
    __table_args__ = (CheckConstraint("state = 'planned' OR manifest IS NOT NULL", name="written_has_manifest"),)

    kind: Mapped[ArchiveKind] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    state: Mapped[ArchiveState]
    file: Mapped[str | None] = mapped_column(String(120))
    manifest: Mapped[str | None] = mapped_column(Text)
    signature: Mapped[str | None] = mapped_column(String(128))
    key_id: Mapped[str | None] = mapped_column(String(16))
    public_key: Mapped[str | None] = mapped_column(String(64))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WalletCheckpoint(Model):
    """A run of a wallet's chain that an archived month holds: it stands for those transfers when they are gone.

    change: by how much the wallet rose; balance: what it held after the last one; chain_hash: SHA-256 of the run.
    """

    __tablename__ = "wallet_checkpoint"
    __table_args__ = (
        CheckConstraint("first_seq <= last_seq", name="run_goes_on"),
        Index("ix_wallet_checkpoint_first_day", "first_day", "wallet_id", "first_seq"),
    )

    wallet_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), primary_key=True)
    first_seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    last_seq: Mapped[int] = mapped_column(BigId)
    first_day: Mapped[date]
    change: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    chain_hash: Mapped[str] = mapped_column(String(64))


class HouseCheckpoint(Model):
    """By how much an account of the house rose in an archived month, and what stood on it after all of those."""

    __tablename__ = "house_checkpoint"

    first_day: Mapped[date] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), primary_key=True)
    change: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
