"""The customer. His money stands in the ledger; his balance is never a field of his."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import sealed
from app.core.db import BigId, JsonText, Model, Money, UtcDateTime, big_id
from app.customers.phones import digits_reversed
from app.ledger.models import Account, Purse, WalletStatus
from app.shop.models import Store


class CustomerType(StrEnum):
    PERSONAL = "personal"
    COMPANY = "company"
    VIP = "vip"
    DISTRIBUTORS = "distributors-customer"
    STAFF = "staff"

    @property
    def words(self) -> str | None:
        """Its name where that is not the code with a capital letter."""
        return "VIP" if self is CustomerType.VIP else None


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Language(StrEnum):
    """The languages that a customer may be written to in: those of the pages. Each goes by its own name."""

    ENGLISH = "en"
    SIMPLIFIED = "zh"
    TRADITIONAL = "zh_Hant_TW"

    @property
    def words(self) -> str:
        return {"en": "English", "zh": "简体中文", "zh_Hant_TW": "繁體中文"}[self.value]


# Compared sign by sign on every database, so that an index finds how a name begins.
BySigns = String(120).with_variant(String(120, collation="C"), "postgresql")


class Customer(Model):
    """A person or company with wallets. The phone number (E.164) is unique among those not deleted.

    phone_reversed: the digits backwards, so that the last ones can be found by an index. version: grows with
    every change of the profile; a form that was filled with an older one is stale. merged_into_id: who was kept
    when this one, now deleted, turned out to be the same person. id_number_sealed, id_number_mark: app/core/sealed.py.
    language: which he reads; None: the deployment's.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index(
            "uq_customer_phone",
            "phone",
            unique=True,
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_customer_phone_reversed", "phone_reversed"),
        Index(
            "ix_customer_name",  # without the deleted, so that whole lists are counted in it alone
            "name",
            "id",
            sqlite_where=text("deleted_at IS NULL"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("ix_customer_store_id", "store_id", "id"),
        Index("ix_customer_created_at", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    customer_no: Mapped[str] = mapped_column(String(32), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20))
    phone_reversed: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(BySigns)
    type: Mapped[CustomerType] = mapped_column(default=CustomerType.PERSONAL)
    gender: Mapped[Gender | None]
    birthday: Mapped[date | None]
    landline: Mapped[str | None] = mapped_column(String(32))
    contact_phone: Mapped[str | None] = mapped_column(String(32))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language | None]
    address: Mapped[str | None] = mapped_column(String(250))
    id_number_sealed: Mapped[str | None] = mapped_column(Text)
    id_number_mark: Mapped[str | None] = mapped_column(String(64), index=True)
    note: Mapped[str | None] = mapped_column(String(500))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None]
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(BigId)

    store: Mapped[Store] = relationship()
    wallets: Mapped[list[Account]] = relationship(
        primaryjoin="foreign(Account.customer_id) == Customer.id", viewonly=True, order_by=Account.id
    )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def has_phone(cls, number: str) -> ColumnElement[bool]:
        """The condition of a whole number, in E.164. For the deleted only its digits backwards stand in an index."""
        return (cls.phone == number) & (cls.phone_reversed == digits_reversed(number))

    @property
    def principal(self) -> Account:
        return next(wallet for wallet in self.wallets if wallet.purse is Purse.PRINCIPAL)

    @property
    def bonus_wallet(self) -> Account | None:
        return next((wallet for wallet in self.wallets if wallet.purse is Purse.BONUS), None)

    @property
    def balance(self) -> Decimal:
        return self.principal.balance

    @property
    def credit_limit(self) -> Decimal:
        """How far below zero the balance may fall."""
        return -self.principal.floor

    @property
    def status(self) -> WalletStatus:
        return self.principal.status

    @property
    def id_number(self) -> str | None:
        """The number itself, for whoever has it revealed to him. Raises Unreadable."""
        return sealed.unseal(self.id_number_sealed)

    @id_number.setter
    def id_number(self, number: str | None) -> None:
        if not sealed.holds(self.id_number_sealed, number):
            self.id_number_sealed, self.id_number_mark = sealed.seal(number), sealed.mark(number)

    @property
    def id_number_shown(self) -> str | None:
        """The number as everybody may see it."""
        return sealed.shown(self.id_number_sealed)

    @property
    def has_unreadable(self) -> bool:
        """Whether the ID number was sealed with a key that is not there."""
        return not sealed.is_readable(self.id_number_sealed)


class CustomerMerge(Model):
    """Two customers who were one person: the numbered document behind the money that moved between them.

    principal, bonus: what was moved, below zero for a debt. Only ever added to.
    """

    __tablename__ = "customer_merge"
    __table_args__ = (
        CheckConstraint("from_id <> into_id", name="two_customers"),
        Index("ix_customer_merge_into_id", "into_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    document_no: Mapped[str] = mapped_column(String(32), unique=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), unique=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    principal: Mapped[Decimal] = mapped_column(Money)
    bonus: Mapped[Decimal] = mapped_column(Money)
    reason: Mapped[str] = mapped_column(String(500))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_by: Mapped[int | None]


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    STAGING = "staging"
    STAGED = "staged"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class CustomerImport(Model):
    """A list being taken over: the numbered document behind what came with it.

    kind: of the list, by the name of its ListKind. upload: the name of the kept file. layout: where the headings are
    and which column is which field. notes: what was passed over, in counts and lines. opening_total, bonus_total: of
    a customer list. error: code and figures of what stopped it. heartbeat_at: real time of the last sign of work.
    """

    __tablename__ = "customer_import"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[big_id]
    kind: Mapped[str] = mapped_column(String(32), default="customers")
    document_no: Mapped[str | None] = mapped_column(String(32), unique=True)
    file_name: Mapped[str] = mapped_column(String(250))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    upload: Mapped[str | None] = mapped_column(String(64))
    layout: Mapped[dict] = mapped_column(JsonText, default=dict)
    notes: Mapped[dict] = mapped_column(JsonText, default=dict)
    state: Mapped[ImportState]
    rows_total: Mapped[int | None]
    rows_staged: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    rows_applied: Mapped[int] = mapped_column(default=0)
    opening_total: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    bonus_total: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    error: Mapped[dict | None] = mapped_column(JsonText)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by: Mapped[int | None]

    store: Mapped[Store] = relationship()


class ImportRow(Model):
    """One row of the list, as read: the values to apply, or why it cannot be. Removed once it is applied.

    customer_no, other_key: what no two rows may have beside the phone, as the kind of the list has it. errors:
    {"field": {"code": ..., "found": the text of the cell, figures}}. The ID number and a secret are none of the
    values: they stand beside them, sealed.
    """

    __tablename__ = "customer_import_row"
    __table_args__ = (
        Index("ix_customer_import_row_phone", "import_id", "phone"),
        Index("ix_customer_import_row_customer_no", "import_id", "customer_no"),
        Index("ix_customer_import_row_other_key", "import_id", "other_key"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("customer_import.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phone: Mapped[str | None] = mapped_column(String(20))
    customer_no: Mapped[str | None] = mapped_column(String(32))
    other_key: Mapped[str | None] = mapped_column(String(64))
    values: Mapped[dict] = mapped_column(JsonText)
    id_number_sealed: Mapped[str | None] = mapped_column(Text)
    id_number_mark: Mapped[str | None] = mapped_column(String(64))
    secret_sealed: Mapped[str | None] = mapped_column(Text)
    errors: Mapped[dict | None] = mapped_column(JsonText)
