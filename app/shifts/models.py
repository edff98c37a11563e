"""The tables of the shifts. Both are only ever added to: a shift is open until it has its report."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import BigId, JsonText, Model, Money, UtcDateTime, big_id
from app.shop.models import Store


class Shift(Model):
    """One clerk's till in a store. counts: of the float, by denomination, if it was counted so.

    taken_from_id: the shift whose counted cash is the float. is_alone: who handed it over took it over himself,
    for the shop had nobody else.
    """

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("opening_cash >= 0", name="float_not_negative"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    business_date: Mapped[date]
    opening_cash: Mapped[Decimal] = mapped_column(Money)
    counts: Mapped[dict[str, Any]] = mapped_column(JsonText)
    taken_from_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("shift.id"), unique=True)
    is_alone: Mapped[bool] = mapped_column(default=False)

    store: Mapped[Store] = relationship(viewonly=True)


class ShiftReport(Model):
    """How a shift ended, as it stays for ever. number: per store, without a gap. clerk: who answers for it.

    difference: above zero when more was counted than expected. content: everything else that the report says.
    """

    __tablename__ = "shift_report"
    __table_args__ = (
        CheckConstraint("difference = counted - expected", name="difference_is_true"),
        CheckConstraint("counted >= 0", name="counted_not_negative"),
        UniqueConstraint("store_id", "number"),
        Index("ix_shift_report_business_date", "business_date"),
    )

    shift_id: Mapped[int] = mapped_column(BigId, ForeignKey("shift.id"), primary_key=True, autoincrement=False)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    number: Mapped[int]
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(String(64))
    closed_by_id: Mapped[int | None]
    closed_by_name: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    business_date: Mapped[date]
    expected: Mapped[Decimal] = mapped_column(Money)
    counted: Mapped[Decimal] = mapped_column(Money)
    difference: Mapped[Decimal] = mapped_column(Money)
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)

    store: Mapped[Store] = relationship(viewonly=True)
    shift: Mapped[Shift] = relationship(viewonly=True)
