"""Work orders: what is to be done for a service, by whom, what it costs, and the materials that were built in."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.broadband.models.basics import CODE, NAME, REMARK, BusinessType, Community, Installer, Material, Package
from app.broadband.models.documents import Document
from app.broadband.models.subscriptions import Service
from app.core.db import BigId, Model, Money, UtcDateTime, big_id
from app.core.sealed import seal, unseal
from app.customers.models import Customer
from app.shop.models import Store


class OrderStatus(StrEnum):
    DRAFT = "draft"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    BILLED = "billed"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str | None:
        """Its name where that is not the code: in Chinese work is done in other words than a task is."""
        return "Work done" if self is OrderStatus.DONE else None


class WorkKind(StrEnum):
    """What an order does to its service when it is billed; the business type is what the provider calls it."""

    INSTALLATION = "installation"
    RELOCATION = "relocation"
    TRANSFER = "transfer"
    PACKAGE_CHANGE = "package-change"
    REPAIR = "repair"
    REMOVAL = "removal"


ENDED = (OrderStatus.BILLED, OrderStatus.CANCELLED)


class Quantity(Money):
    """How many of something, of two decimals: kept exact, as whole hundredths."""

    cache_ok = True


class WorkOrder(Model):
    """One order for one service. customer_id: whose service it was when the order was written.

    total: what the customer pays. labour_material_fee: what the lines come to, unless is_labour_agreed. new_*: what
    the service gets when the order is billed; new_customer_id, or name, phone and number of somebody who is not there
    yet. document_id: of its fee, once it is billed; payee: who took that; billing_start_at: since when it counts.
    version: grows with every change, lines too.
    """

    __tablename__ = "broadband_work_order"
    __table_args__ = (
        CheckConstraint(
            "installation_fee >= 0 AND handling_fee >= 0 AND labour_material_fee >= 0 AND other_fee >= 0",
            name="fees_not_negative",
        ),
        CheckConstraint(
            "total = installation_fee + handling_fee + labour_material_fee + other_fee", name="total_is_true"
        ),
        CheckConstraint("(document_status = 'billed') = (document_id IS NOT NULL)", name="billed_by_document"),
        CheckConstraint("(document_id IS NULL) = (billing_start_at IS NULL)", name="billed_since_when"),
        CheckConstraint("(document_id IS NULL) = (payee IS NULL)", name="billed_by_somebody"),
        Index("ix_broadband_work_order_service_id", "service_id", "id"),
        Index("ix_broadband_work_order_customer_id", "customer_id", "id"),
        Index("ix_broadband_work_order_new_customer_id", "new_customer_id"),
        Index("ix_broadband_work_order_installer_id", "installer_id", "id"),
        Index("ix_broadband_work_order_document_status", "document_status", "id"),
        Index("ix_broadband_work_order_work_date", "work_date", "id"),
        Index("ix_broadband_work_order_appointment_at", "appointment_at", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    work_order_no: Mapped[str] = mapped_column(CODE, unique=True)
    service_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_service.id"))
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    installer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_installer.id"))
    business_type_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_business_type.id"))
    work_kind: Mapped[WorkKind]
    installation_fee: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    handling_fee: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    labour_material_fee: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    is_labour_agreed: Mapped[bool] = mapped_column(default=False)
    other_fee: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    total: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    payee: Mapped[str | None] = mapped_column(String(64))
    new_customer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("customer.id"))
    new_customer_name: Mapped[str | None] = mapped_column(NAME)
    new_phone: Mapped[str | None] = mapped_column(CODE)
    new_id_card_sealed: Mapped[str | None] = mapped_column(Text)
    new_package_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_package.id"))
    new_community_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_community.id"))
    new_address: Mapped[str | None] = mapped_column(String(250))
    customer_request: Mapped[str | None] = mapped_column(REMARK)
    remark: Mapped[str | None] = mapped_column(REMARK)
    document_status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.DRAFT)
    work_date: Mapped[date | None]
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    billing_start_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appointment_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    document_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_document.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    service: Mapped[Service] = relationship()
    customer: Mapped[Customer] = relationship(foreign_keys=[customer_id])
    store: Mapped[Store] = relationship()
    installer: Mapped[Installer | None] = relationship()
    business_type: Mapped[BusinessType] = relationship()
    new_customer: Mapped[Customer | None] = relationship(foreign_keys=[new_customer_id])
    new_package: Mapped[Package | None] = relationship()
    new_community: Mapped[Community | None] = relationship()
    document: Mapped[Document | None] = relationship()
    lines: Mapped[list["WorkOrderLine"]] = relationship(order_by="WorkOrderLine.id", viewonly=True)

    def __str__(self) -> str:
        return self.work_order_no

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done about it."""
        return self.document_status not in ENDED

    @property
    def material_work_fee(self) -> Decimal:
        """What the materials come to: for the house; what the customer pays for them is labour_material_fee."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def new_id_card_no(self) -> str | None:
        """The number itself: for making its owner a customer. Raises Unreadable."""
        return unseal(self.new_id_card_sealed)

    @new_id_card_no.setter
    def new_id_card_no(self, number: str | None) -> None:
        self.new_id_card_sealed = seal(number)


class WorkOrderLine(Model):
    """A material that was built in, with what it was called and cost then. amount: rounded to the cent, half up."""

    __tablename__ = "broadband_work_order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND unit_price >= 0", name="quantity_above_zero"),
        # Both stand in hundredths, and so does the amount: one factor of a hundred is too many.
        CheckConstraint("amount = (quantity * unit_price + 50) / 100", name="amount_is_true"),
        Index("ix_broadband_work_order_line_order_id", "order_id", "id"),
        Index("ix_broadband_work_order_line_material_id", "material_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    order_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_work_order.id"))
    material_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_material.id"))
    material_no: Mapped[str] = mapped_column(CODE)
    material_name: Mapped[str] = mapped_column(NAME)
    unit: Mapped[str | None] = mapped_column(CODE)
    spec: Mapped[str | None] = mapped_column(NAME)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(Money)
    amount: Mapped[Decimal] = mapped_column(Money)
    remark: Mapped[str | None] = mapped_column(REMARK)

    order: Mapped[WorkOrder] = relationship(viewonly=True)
    material: Mapped[Material] = relationship()
