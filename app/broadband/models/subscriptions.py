"""A broadband service of a customer: where, what, until when it is paid, and in which state it is."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.broadband.models.basics import NAME, REMARK, BusinessType, Community, Employee, Package
from app.core.db import BigId, Model, Money, UtcDateTime, big_id
from app.customers.models import BySigns, Customer
from app.shop.models import Store


class ServiceStatus(StrEnum):
    """Expired is none of them: an active service whose stop date lies behind it."""

    PENDING = "pending-install"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    FORCED = "force-suspended"
    CLOSED = "closed"

    @property
    def words(self) -> str | None:
        """Its name where that is not the code: in Chinese a line is active in other words than a customer is."""
        return "Switched on" if self is ServiceStatus.ACTIVE else None


# Of services in these states the stop date is announced: they run, or would if they were paid.
ANNOUNCED = (ServiceStatus.ACTIVE, ServiceStatus.FORCED)
# Written so that no index of states serves it: SQLite would take that one, and sort.
_ANNOUNCED = text("status NOT IN ('pending-install', 'suspended', 'closed')")


def _announced(*names: str) -> Index:
    """An index of those, by some columns and then by the day on which each stops; it knows who is counted in a list."""
    name = "_".join(("ix_broadband_service_announced", *names))
    counted = [each for each in ("package_id", "muted_until") if each not in names]
    return Index(name, *names, "stop_date", "id", *counted, sqlite_where=_ANNOUNCED, postgresql_where=_ANNOUNCED)


class Service(Model):
    """One line of one customer. The price and the term are those he agreed to, copied from the package.

    stop_date: the last day that is paid. anchor_day: the day of the month on which its months begin, where the month
    has it. suspended_on: since when it is suspended, of his own will or not. muted_until: no reminder before that day.
    version: grows with every change, so that a form filled with an older one is stale.
    """

    __tablename__ = "broadband_service"
    __table_args__ = (
        CheckConstraint("fee >= 0", name="fee_not_negative"),
        CheckConstraint("maintenance_fee >= 0", name="maintenance_not_negative"),
        CheckConstraint("package_months BETWEEN 1 AND 120", name="months_make_sense"),
        CheckConstraint("anchor_day BETWEEN 1 AND 31", name="anchor_is_a_day"),
        CheckConstraint("(status IN ('suspended', 'force-suspended')) = (suspended_on IS NOT NULL)", name="since_when"),
        CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed_on_a_day"),
        Index(
            "uq_broadband_service_account",
            "broadband_account",
            unique=True,
            sqlite_where=text("status <> 'closed'"),
            postgresql_where=text("status <> 'closed'"),
        ),
        Index("ix_broadband_service_broadband_account", "broadband_account"),
        Index("ix_broadband_service_access_order_no", "access_order_no"),
        Index("ix_broadband_service_bound_number", "bound_number"),
        Index("ix_broadband_service_customer_id", "customer_id", "id"),
        Index("ix_broadband_service_community_id", "community_id", "id"),
        Index("ix_broadband_service_package_id", "package_id", "id"),
        Index("ix_broadband_service_salesperson_id", "salesperson_id", "id"),
        Index("ix_broadband_service_status", "status", "id"),
        Index("ix_broadband_service_stop_date", "stop_date", "id"),
        *(_announced(*names) for names in ((), ("community_id",), ("package_id",), ("salesperson_id",))),
        Index("ix_broadband_service_apply_date", "apply_date", "id"),
        Index("ix_broadband_service_activation_date", "activation_date", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    service_no: Mapped[str] = mapped_column(String(32), unique=True)
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_community.id"))
    address: Mapped[str | None] = mapped_column(String(250))
    business_type_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_business_type.id"))
    package_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_package.id"))
    package_type: Mapped[str] = mapped_column(NAME)
    fee: Mapped[Decimal] = mapped_column(Money)
    package_months: Mapped[int]
    maintenance_fee: Mapped[Decimal] = mapped_column(Money)
    access_order_no: Mapped[str | None] = mapped_column(String(64))
    broadband_account: Mapped[str | None] = mapped_column(BySigns)
    password_sealed: Mapped[str | None] = mapped_column(Text)
    bound_number: Mapped[str | None] = mapped_column(String(64))
    salesperson_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_employee.id"))
    remark: Mapped[str | None] = mapped_column(REMARK)
    status: Mapped[ServiceStatus] = mapped_column(default=ServiceStatus.PENDING)
    apply_date: Mapped[date]
    activation_date: Mapped[date | None]
    stop_date: Mapped[date | None]
    anchor_day: Mapped[int | None]
    suspended_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    muted_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    customer: Mapped[Customer] = relationship()
    store: Mapped[Store] = relationship()
    community: Mapped[Community] = relationship()
    business_type: Mapped[BusinessType] = relationship()
    package: Mapped[Package] = relationship()
    salesperson: Mapped[Employee | None] = relationship()

    def __str__(self) -> str:
        return self.service_no

    def is_expired(self, today: date) -> bool:
        """Whether it is switched on though nothing is paid any more."""
        return self.status is ServiceStatus.ACTIVE and self.stop_date is not None and self.stop_date < today
