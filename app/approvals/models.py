"""What waits for a second person. What was asked never changes, and it is decided once: triggers see to both."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import BigId, JsonText, Model, Money, UtcDateTime, big_id
from app.ledger.models import Kind


class ApprovalState(StrEnum):
    """What has become of a request. EXPIRED is never stored: nobody decided until it was too late."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"


class Approval(Model):
    """One request for a posting that needs a second person, exactly as it was asked.

    arguments: what the verb will be given. scope, key_hash, request_hash: of the command that asked. seal: a hash
    over all of that and the asker. posting_id: what is to be reversed; made_id: the posting that was made.
    is_own: approved by the one who asked, as the only owner.
    """

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("kind IN ('reversal', 'adjustment')", name="is_of_a_kind"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_or_waiting"),
        CheckConstraint("(state = 'approved') = (made_id IS NOT NULL)", name="approved_made_a_posting"),
        UniqueConstraint("made_id"),
        Index("ix_approval_state", "state", "id"),
        Index("ix_approval_posting_id", "posting_id"),
    )

    id: Mapped[big_id]
    kind: Mapped[Kind]
    state: Mapped[ApprovalState] = mapped_column(default=ApprovalState.WAITING, server_default=text("'waiting'"))
    amount: Mapped[Decimal] = mapped_column(Money)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    customer_id: Mapped[int | None] = mapped_column(BigId)
    posting_id: Mapped[int | None] = mapped_column(BigId)
    arguments: Mapped[dict[str, Any]] = mapped_column(JsonText)
    scope: Mapped[str] = mapped_column(String(64))
    key_hash: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    command_id: Mapped[int] = mapped_column(BigId)
    seal: Mapped[str] = mapped_column(String(64))
    asked_by_id: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(500))
    is_own: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    made_id: Mapped[int | None] = mapped_column(BigId)

    def state_at(self, now: datetime) -> ApprovalState:
        """What it counts as at that moment."""
        is_late = self.state is ApprovalState.WAITING and self.expires_at <= now
        return ApprovalState.EXPIRED if is_late else self.state
