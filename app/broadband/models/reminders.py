"""Reminders: which service came due when, and what its customer said when he was called."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.broadband.models.basics import REMARK, Employee
from app.broadband.models.subscriptions import Service
from app.core.actor import ActorKind
from app.core.db import BigId, Model, UtcDateTime, big_id


class CallOutcome(StrEnum):
    """What came of a call."""

    REACHED = "reached"
    NOT_REACHED = "not-reached"
    PROMISED = "promised-to-pay"
    REFUSES = "refuses"
    MOVED_AWAY = "moved-away"
    OTHER = "other"

    @property
    def is_spoken(self) -> bool:
        """Whether the customer himself was spoken to."""
        return self in (CallOutcome.REACHED, CallOutcome.PROMISED, CallOutcome.REFUSES)


class Reminder(Model):
    """A service came due: its stop date drew so near that it is to be announced, once for each stop date.

    due_on: the business day on which that was seen. noticed_on: on which its customer was given a notice; None as long
    as he was not, for his reminders are muted. salesperson_id: whose customer it was then.
    """

    __tablename__ = "broadband_reminder"
    __table_args__ = (
        UniqueConstraint("service_id", "stop_date"),
        Index("ix_broadband_reminder_due_on", "due_on", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    service_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_service.id"))
    stop_date: Mapped[date]
    due_on: Mapped[date]
    noticed_on: Mapped[date | None]
    salesperson_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("broadband_employee.id"))

    service: Mapped[Service] = relationship(viewonly=True)
    salesperson: Mapped[Employee | None] = relationship(viewonly=True)


class Call(Model):
    """A customer was called about a stop date. Rows are only ever added; the remark is emptied when he is erased.

    customer_id: whose service it was then. called_on: the business day. promised_on: the last day on which he said that
    he will pay.
    """

    __tablename__ = "broadband_call"
    __table_args__ = (
        CheckConstraint("(outcome = 'promised-to-pay') = (promised_on IS NOT NULL)", name="promised_on_a_day"),
        Index("ix_broadband_call_service_id", "service_id", "stop_date", "id"),
        Index("ix_broadband_call_customer_id", "customer_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    service_id: Mapped[int] = mapped_column(BigId, ForeignKey("broadband_service.id"))
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    stop_date: Mapped[date]
    outcome: Mapped[CallOutcome]
    promised_on: Mapped[date | None]
    remark: Mapped[str | None] = mapped_column(REMARK)
    called_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    operator_kind: Mapped[ActorKind]
    operator_id: Mapped[int | None]
    operator_name: Mapped[str] = mapped_column(String(64))

    service: Mapped[Service] = relationship(viewonly=True)
