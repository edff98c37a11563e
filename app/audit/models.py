"""Operation records. They are only ever added; what they say of a person stands in a table of its own."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.actor import ActorKind
from app.core.db import BigId, JsonText, Model, UtcDateTime, big_id


class OperationRecord(Model):
    """One change, one sign-in, one export: a line that is never changed.

    changes: {"field": [before, after]} without personal data. personal_hash: SHA-256 over the salt and the
    personal values, so that the line can still be proved when an eraser has emptied them.
    """

    __tablename__ = "operation_record"
    __table_args__ = (
        Index("ix_operation_record_business_date", "business_date", "id"),
        Index("ix_operation_record_actor", "actor_id", "business_date", "id"),
        Index("ix_operation_record_object", "object_type", "object_id", "business_date", "id"),
        Index("ix_operation_record_operation", "operation", "business_date", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[big_id]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    business_date: Mapped[date]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(128))
    address: Mapped[str | None] = mapped_column(String(45))
    store_id: Mapped[int | None]
    operation: Mapped[str] = mapped_column(String(64))
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[int | None] = mapped_column(BigId)
    command_id: Mapped[int | None] = mapped_column(BigId)
    changes: Mapped[dict] = mapped_column(JsonText)
    personal_hash: Mapped[str | None] = mapped_column(String(64))

    personal: Mapped["PersonalValues | None"] = relationship(
        primaryjoin="foreign(PersonalValues.record_id) == OperationRecord.id", viewonly=True, uselist=False
    )


class PersonalValues(Model):
    """What an operation record says of a person. An eraser may empty it, nothing else may change it.

    It stays here when its record has left for an archive, so it says itself whom it tells of.
    """

    __tablename__ = "operation_personal"
    __table_args__ = (Index("ix_operation_personal_object", "object_type", "object_id"),)

    record_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    changes: Mapped[dict | None] = mapped_column(JsonText)
    object_type: Mapped[str | None] = mapped_column(String(32))
    object_id: Mapped[int | None] = mapped_column(BigId)
