"""Fields of the owner's own and what stands in them, and the stock fields that he has hidden."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core.db import BigId, JsonText, Model
from app.core.errors import N_

LONGEST_TEXT = 500
PLACES = 4  # decimals of a number
SCALE = 10**PLACES
LARGEST = Decimal(10**12)


class FieldKind(StrEnum):
    """What may stand in a field. It is chosen once."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"

    @property
    def words(self) -> str:
        """What it is called: the words of the codes mean other things elsewhere."""
        return _KIND_WORDS[self]


_KIND_WORDS = {
    FieldKind.TEXT: N_("Line of text"),
    FieldKind.NUMBER: N_("Figure"),
    FieldKind.DATE: N_("Date"),
    FieldKind.CHOICE: N_("One of several choices"),
}


class Scaled(TypeDecorator[Decimal]):
    """An exact number of at most four decimals, kept as a whole one so that every database agrees and sorts it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        return None if value is None else int(Decimal(value) * SCALE)

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else _shortest(Decimal(value) / SCALE)


def _shortest(number: Decimal) -> Decimal:
    """Without the zeros behind the last decimal: 10.50 is 10.5, and 10 stays 10."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


# Compared sign by sign on every database, so that an index finds how a text begins.
BySigns = String(LONGEST_TEXT).with_variant(String(LONGEST_TEXT, collation="C"), "postgresql")


class CustomField(Model):
    """One field of a subject (app/core/subjects.py). Its name and its kind are for ever, also when it is retired.

    labels: by locale. choices: what may be chosen. is_listed: it stands in lists. is_retired: no form shows it, and
    what stands in it stays. version: grows with every change.
    """

    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("subject", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(32))
    kind: Mapped[FieldKind]
    position: Mapped[int]
    labels: Mapped[dict[str, str]] = mapped_column(JsonText)
    choices: Mapped[list[str]] = mapped_column(JsonText)
    is_required: Mapped[bool] = mapped_column(default=False)
    is_listed: Mapped[bool] = mapped_column(default=False)
    is_retired: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class CustomValue(Model):
    """What stands in a field of one thing: in the column of the field's kind (a choice is a text), and only there."""

    __tablename__ = "custom_value"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN text IS NULL THEN 0 ELSE 1 END) + (CASE WHEN number IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN day IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_value",
        ),
        *(
            Index(
                f"ix_custom_value_{column}",
                "field_id",
                column,
                "subject_id",
                sqlite_where=text(f"{column} IS NOT NULL"),
                postgresql_where=text(f"{column} IS NOT NULL"),
            )
            for column in ("text", "number", "day")
        ),
    )

    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id"), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    text: Mapped[str | None] = mapped_column(BySigns)
    number: Mapped[Decimal | None] = mapped_column(Scaled)
    day: Mapped[date | None]


class HiddenField(Model):
    """A stock field that the owner has hidden: no form, list or export shows it. What stands in it stays."""

    __tablename__ = "hidden_field"

    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
