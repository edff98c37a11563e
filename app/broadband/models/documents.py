"""Documents: each thing that happened to a service, numbered, with the money that moved and what it changed."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.broadband.models.basics import NAME, REMARK, Community
from app.broadband.models.subscriptions import Service
from app.core.actor import ActorKind
from app.core.db import BigId, JsonText, Model, Money, UtcDateTime, big_id
from app.customers.models import Customer
from app.shop.models import Method, Store


class DocumentKind(StrEnum):
    PAYMENT = "payment"
    RELOCATION = "relocation"
    TRANSFER = "transfer"
    SUSPENSION = "suspension"
    FORCED_SUSPENSION = "forced-suspension"
    REACTIVATION = "reactivation"
    CLOSING = "closing"
    WORK_ORDER = "work-order"
    TAKEN_OVER = "taken-over"


class Document(Model):
    """One document. customer_id: whose service it was then. dated_on: its business day.

    fee: what it cost; method: how that was paid, None from the balance; credit: what went back, likewise.
    posting_id: the one that moved the money, if any moved; moved_postings: those that moved a balance besides.
    before, after: the columns of the service that it changed (days, states, ids: no personal data); of one that was
    taken over, how it came, and by whom it had been installed. community_id, address: where the service was then;
    new_community_id, new_address: where it went; new_customer_id: whose it became. Addresses are emptied when the
    person is erased; else it is only ever added to, but for its reversal, once.
    """

    __tablename__ = "broadband_document"
    __table_args__ = (
        CheckConstraint("fee >= 0 AND credit >= 0", name="fee_not_negative"),
        CheckConstraint("(fee = 0 AND credit = 0) = (posting_id IS NULL)", name="fee_is_in_the_ledger"),
        CheckConstraint("fee = 0 OR credit = 0", name="one_way"),
        CheckConstraint("(reversed_at IS NULL) = (reversal_reason IS NULL)", name="reversed_with_reason"),
        UniqueConstraint("posting_id"),
        Index("ix_broadband_document_service_id", "service_id", "id"),
        Index("ix_broadband_document_customer_id", "customer_id", "id"),
        Index("ix_broadband_document_kind", "kind", "dated_on", "id"),
        Index("ix_broadband_document_dated_on", "dated_on", "id"),
        Index(
            "ix_broadband_document_reversed_on",
            "reversed_on",
            "id",
            sqlite_where=text("reversed_on IS NOT NULL"),
            postgresql_where=text("reversed_on IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    document_no: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[DocumentKind]
    service_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_service.id"))
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    dated_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    operator_kind: Mapped[ActorKind]
    operator_id: Mapped[int | None]
    operator_name: Mapped[str] = mapped_column(String(64))
    fee: Mapped[Decimal] = mapped_column(Money)
    credit: Mapped[Decimal] = mapped_column(Money)
    method: Mapped[Method | None]
    posting_id: Mapped[int | None] = mapped_column(BigId)
    moved_postings: Mapped[list[int] | None] = mapped_column(JsonText)
    before: Mapped[dict[str, Any]] = mapped_column(JsonText)
    after: Mapped[dict[str, Any]] = mapped_column(JsonText)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_community.id"))
    address: Mapped[str | None] = mapped_column(String(250))
    new_customer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("customer.id"))
    new_community_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_community.id"))
    new_address: Mapped[str | None] = mapped_column(String(250))
    remark: Mapped[str | None] = mapped_column(REMARK)
    reversed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reversed_on: Mapped[date | None]
    reversed_by: Mapped[str | None] = mapped_column(String(64))
    reversal_posting_id: Mapped[int | None] = mapped_column(BigId)
    reversal_reason: Mapped[str | None] = mapped_column(REMARK)

    service: Mapped[Service] = relationship()
    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    store: Mapped[Store] = relationship(viewonly=True)
    community: Mapped[Community] = relationship(viewonly=True, foreign_keys=[community_id])
    new_customer: Mapped[Customer | None] = relationship(viewonly=True, foreign_keys=[new_customer_id])
    new_community: Mapped[Community | None] = relationship(viewonly=True, foreign_keys=[new_community_id])


class Payment(Model):
    """What a regular payment consists of; its fee is the sum, and its document has the rest.

    package_fee: for all of package_months, as agreed. months_paid: of maintenance. package_start, package_end: the
    days that are paid, both counted.
    """

    __tablename__ = "broadband_payment"
    __table_args__ = (
        CheckConstraint("package_fee >= 0 AND maintenance_fee >= 0 AND other_charge_amount >= 0", name="not_negative"),
        CheckConstraint("discount_amount >= 0 AND late_fee >= 0", name="discount_not_negative"),
        CheckConstraint("maintenance_total = maintenance_fee * months_paid", name="maintenance_is_true"),
        CheckConstraint("package_months >= 1 AND months_paid >= 0", name="months_make_sense"),
        CheckConstraint("package_end > package_start", name="period_has_days"),
        CheckConstraint(
            "total = package_fee + maintenance_total + other_charge_amount + late_fee - discount_amount",
            name="total_is_true",
        ),
        Index("ix_broadband_payment_package_end", "package_end"),
    )

    document_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("broadband_document.id"), primary_key=True, autoincrement=False
    )
    package_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_package.id"))
    package_type: Mapped[str] = mapped_column(NAME)
    package_fee: Mapped[Decimal] = mapped_column(Money)
    package_months: Mapped[int]
    maintenance_fee: Mapped[Decimal] = mapped_column(Money)
    months_paid: Mapped[int]
    maintenance_total: Mapped[Decimal] = mapped_column(Money)
    other_charge_item: Mapped[str | None] = mapped_column(NAME)
    other_charge_amount: Mapped[Decimal] = mapped_column(Money)
    discount_amount: Mapped[Decimal] = mapped_column(Money)
    late_fee: Mapped[Decimal] = mapped_column(Money)
    total: Mapped[Decimal] = mapped_column(Money)
    package_start: Mapped[date]
    package_end: Mapped[date]

    document: Mapped[Document] = relationship()
