"""What a provider sets up once: communities, packages, materials, and the people who do the work.

Documents copy what they use of it (a price, a term, a name), so that a later change alters nothing past.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import BigId, Model, Money, big_id
from app.core.sealed import HIDDEN, Unreadable, mark, mask, seal, unseal
from app.customers.models import Gender
from app.staff.models import Staff

CODE, NAME, REMARK = String(32), String(120), String(500)


class Usage(StrEnum):
    """What a business type is chosen for: a way of access when a service is opened, or a kind of work."""

    OPENING = "account-opening"
    WORK = "work-order"


class BusinessType(Model):
    """A way of access (fibre, cable), or a kind of work (installation, repair)."""

    __tablename__ = "broadband_business_type"
    __table_args__ = (UniqueConstraint("usage", "business_type"), {"sqlite_autoincrement": True})

    id: Mapped[big_id]
    usage: Mapped[Usage]
    business_type: Mapped[str] = mapped_column(NAME)
    remark: Mapped[str | None] = mapped_column(REMARK)

    def __str__(self) -> str:
        return self.business_type


class Employee(Model):
    """Somebody who works for the provider. staff_id: his account here, if he has one."""

    __tablename__ = "broadband_employee"
    __table_args__ = (Index("ix_broadband_employee_name", "name", "id"), {"sqlite_autoincrement": True})

    id: Mapped[big_id]
    employee_no: Mapped[str] = mapped_column(CODE, unique=True)
    name: Mapped[str] = mapped_column(NAME)
    department: Mapped[str | None] = mapped_column(NAME)
    id_card_sealed: Mapped[str | None] = mapped_column(Text)
    id_card_mark: Mapped[str | None] = mapped_column(String(64), index=True)
    landline: Mapped[str | None] = mapped_column(String(32))
    phone: Mapped[str | None] = mapped_column(String(32))
    home_address: Mapped[str | None] = mapped_column(String(250))
    remark: Mapped[str | None] = mapped_column(REMARK)
    gender: Mapped[Gender | None]
    birth_date: Mapped[date | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), unique=True)

    staff: Mapped[Staff | None] = relationship()

    def __str__(self) -> str:
        return self.name

    @property
    def id_card_no(self) -> str | None:
        """The number itself, for whoever has it revealed to him."""
        return unseal(self.id_card_sealed)

    @id_card_no.setter
    def id_card_no(self, number: str | None) -> None:
        self.id_card_sealed, self.id_card_mark = seal(number), mark(number)

    @property
    def id_card_no_shown(self) -> str | None:
        """The number as everybody may see it."""
        try:
            return mask(self.id_card_no)
        except Unreadable:
            return HIDDEN


class Installer(Model):
    """Somebody who installs and repairs. employee_id: who he is among the employees, if he is one."""

    __tablename__ = "broadband_installer"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[big_id]
    installer_no: Mapped[str] = mapped_column(CODE, unique=True)
    installer_name: Mapped[str] = mapped_column(NAME)
    employee_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_employee.id"), unique=True)
    remark: Mapped[str | None] = mapped_column(REMARK)

    employee: Mapped[Employee | None] = relationship()

    def __str__(self) -> str:
        return self.installer_name


class Material(Model):
    """Something that is built in. Lines of work orders copy its price."""

    __tablename__ = "broadband_material"
    __table_args__ = (
        CheckConstraint("unit_price >= 0", name="price_not_negative"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    material_no: Mapped[str] = mapped_column(CODE, unique=True)
    material_name: Mapped[str] = mapped_column(NAME)
    spec: Mapped[str | None] = mapped_column(NAME)
    unit: Mapped[str | None] = mapped_column(CODE)
    unit_price: Mapped[Decimal] = mapped_column(Money)
    remark: Mapped[str | None] = mapped_column(REMARK)

    def __str__(self) -> str:
        return self.material_name


class Community(Model):
    """A residential compound."""

    __tablename__ = "broadband_community"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[big_id]
    community_code: Mapped[str] = mapped_column(CODE, unique=True)
    community: Mapped[str] = mapped_column(NAME)
    responsible_person: Mapped[str | None] = mapped_column(NAME)
    remark: Mapped[str | None] = mapped_column(REMARK)

    def __str__(self) -> str:
        return self.community


class Package(Model):
    """A plan. package_fee: for all of package_months. maintenance_fee: for a month, beside it.

    remind_days_before: None means what holds for all packages. is_offered: whether a new service may have it.
    """

    __tablename__ = "broadband_package"
    __table_args__ = (
        CheckConstraint("package_fee >= 0", name="fee_not_negative"),
        CheckConstraint("maintenance_fee >= 0", name="maintenance_not_negative"),
        CheckConstraint("package_months BETWEEN 1 AND 120", name="months_make_sense"),
        CheckConstraint("remind_days_before >= 0", name="days_not_negative"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    package_type: Mapped[str] = mapped_column(NAME, unique=True)
    package_fee: Mapped[Decimal] = mapped_column(Money)
    package_months: Mapped[int]
    maintenance_fee: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    remind_days_before: Mapped[int | None]
    is_offered: Mapped[bool] = mapped_column(default=True)
    remark: Mapped[str | None] = mapped_column(REMARK)

    def __str__(self) -> str:
        return self.package_type
