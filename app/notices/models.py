"""What customers are told, and what became of it on each channel."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import BigId, JsonText, Model, UtcDateTime, big_id
from app.core.errors import N_
from app.customers.models import Customer


class Channel(StrEnum):
    """How a notice reaches somebody."""

    IN_APP = "in-app"
    EMAIL = "e-mail"

    @property
    def words(self) -> str:
        return N_("By e-mail") if self is Channel.EMAIL else N_("In the app")


class DeliveryState(StrEnum):
    """waiting: to be sent when it is due. sending: claimed. unknown: it may have left or not; nobody can say."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Problem(StrEnum):
    """Why it was not sent, or is not known to be. Codes are stored; what people read are the `words`."""

    NO_CONNECTION = "no-connection"
    NOT_LET_IN = "not-let-in"
    NOT_NOW = "not-now"
    REJECTED = "rejected"
    NO_ADDRESS = "no-address"
    CUSTOMER_DELETED = "customer-deleted"
    NO_TEXT = "no-text"
    BROKEN_OFF = "broken-off"

    @property
    def words(self) -> str:
        return _PROBLEMS[self]


_PROBLEMS = {
    Problem.NO_CONNECTION: N_("The server could not be reached"),
    Problem.NOT_LET_IN: N_("The server does not let us send"),
    Problem.NOT_NOW: N_("Refused for now"),
    Problem.REJECTED: N_("Refused for good"),
    Problem.NO_ADDRESS: N_("No address that can be used"),
    Problem.CUSTOMER_DELETED: N_("The customer is deleted"),
    Problem.NO_TEXT: N_("It cannot be put into words"),
    Problem.BROKEN_OFF: N_("Broken off while it was being sent"),
}


_IS_KEPT = '"values" IS NOT NULL'


class Notice(Model):
    """One thing that a customer is told, once for its key. kind: the name of a `NoticeKind`.

    values: what stands in the places of its text, as app/notices/writing.py packs it; None: erased.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("key", name="uq_notice_key"),
        Index("ix_notice_customer_id", "customer_id", "id"),
        Index("ix_notice_given_at", "given_at", sqlite_where=text(_IS_KEPT), postgresql_where=text(_IS_KEPT)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(64))
    customer_id: Mapped[int] = mapped_column(BigId, ForeignKey("customer.id"))
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    values: Mapped[dict | None] = mapped_column(JsonText)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

    customer: Mapped[Customer] = relationship()


class NoticeDelivery(Model):
    """A notice on one channel. business_date: of the day on which it was given.

    tries: how often it was claimed; who ends a claim names it. put_off: how often in a row it was refused for now.
    due_at: when it may leave at the earliest. claimed_at: by the machine's clock. address: where it went, once it did;
    emptied when the person is erased. problem, reply: why it is not sent, and the number that the server said it with.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", name="uq_notice_delivery_notice_id"),
        Index("ix_notice_delivery_state", "state", "due_at", "id"),
        Index("ix_notice_delivery_business_date", "business_date", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notice.id"))
    channel: Mapped[Channel]
    state: Mapped[DeliveryState]
    business_date: Mapped[date]
    address: Mapped[str | None] = mapped_column(String(254))
    tries: Mapped[int] = mapped_column(default=0)
    put_off: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[Problem | None]
    reply: Mapped[int | None]

    notice: Mapped[Notice] = relationship()
