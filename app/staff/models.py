"""Administrators, their stores, second factors and sessions, keys of programs, and the failures that lock a name."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, UtcDateTime, big_id
from app.shop.models import Store

NO_EMAIL = "@none.invalid"

staff_store = Table(
    "staff_store",
    Model.metadata,
    Column("user_id", Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True),
    Column("store_id", Integer, ForeignKey("store.id"), primary_key=True),
)


class StaffStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    REMOVED = "removed"


class Staff(User):
    """An administrator: Flask-AppBuilder's user, with what a shop wants to know of one.

    `email` is required and unique in the framework: who has none gets a placeholder that is never shown.
    A deleted administrator keeps his row, so that history stays readable; he is inactive and has no role.
    """

    __tablename__ = "ab_user"
    __table_args__ = {"extend_existing": True}

    display_name: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(20))
    last_seen_address: Mapped[str | None] = mapped_column(String(45))
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int | None] = mapped_column(default=1)

    stores: Mapped[list[Store]] = relationship(secondary=staff_store, order_by=Store.id)

    def get_full_name(self) -> str:
        return self.display_name or self.username

    @property
    def can_sign_in(self) -> bool:
        return bool(self.active) and self.deleted_at is None

    @property
    def role(self) -> str | None:
        """The name of his role. The framework could keep several, we keep one."""
        return self.roles[0].name if self.roles else None

    @property
    def status(self) -> StaffStatus:
        if self.deleted_at:
            return StaffStatus.REMOVED
        return StaffStatus.ACTIVE if self.active else StaffStatus.INACTIVE

    @property
    def own_email(self) -> str | None:
        return own_email(self.email)

    @property
    def last_sign_in_at(self) -> datetime | None:
        return self.last_login.replace(tzinfo=UTC) if self.last_login else None


def own_email(kept: str | None) -> str | None:
    """The address that a person gave, of what is kept as his."""
    return None if kept is None or kept.endswith(NO_EMAIL) else kept


def email_or_placeholder(email: str | None) -> str:
    """What to keep as the address of a person who may have none."""
    return email or f"{uuid.uuid4().hex}{NO_EMAIL}"


class SessionKind(StrEnum):
    BROWSER = "browser"
    API = "api"


class StaffSession(Model):
    """One sign-in, in a browser or by a program. Ending it signs that browser or program out at once.

    token_hash: SHA-256 of the secret that its owner keeps; the secret itself is nowhere. last_seen_at: coarse, to
    five minutes.
    """

    __tablename__ = "staff_session"

    id: Mapped[big_id]
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[SessionKind]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(200))
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactor(Model):
    """What a person's telephone shares with the desk. secret: sealed (app/staff/second_factor.py), never plain.

    last_step: the time step of the last code that was taken, so that none is taken twice.
    """

    __tablename__ = "staff_second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    secret: Mapped[str] = mapped_column(String(255))
    last_step: Mapped[int] = mapped_column(BigInteger)
    set_up_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecoveryCode(Model):
    """A way in without the telephone, once. code_hash: keyed, so that the table alone is worth nothing."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[big_id]
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


api_key_store = Table(
    "api_key_store",
    Model.metadata,
    Column("key_id", Integer, ForeignKey("api_key.id", ondelete="CASCADE"), primary_key=True),
    Column("store_id", Integer, ForeignKey("store.id"), primary_key=True),
)


class ApiKey(Model):
    """A key by which a program works without a person. It has one role, and the stores that it was given.

    key_hash: SHA-256 of 256 random bits that its owner keeps. last_used_at: coarse, to five minutes. A revoked key
    keeps its row: postings and records name it.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(64))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stores: Mapped[list[Store]] = relationship(secondary=api_key_store, order_by=Store.id)


class SignInFailures(Model):
    """How often a name or an address failed to sign in lately. Unknown names count like known ones."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
