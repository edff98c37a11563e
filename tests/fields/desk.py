"""Fields for tests, each with a name of its own; they are retired when the test is over."""

import secrets
from typing import Any

from sqlalchemy import select

from app.audit.models import OperationRecord
from app.core.db import in_transaction
from app.extensions import db
from app.fields import operations
from app.fields.models import FieldKind
from app.fields.queries import Field, fields_of


def plainly(label: str = "Meter no.", **more: Any) -> dict[str, Any]:
    """What the verbs are given for a field with an English label."""
    return {"labels": {"en": label}, "position": 10, **more}


def define(kind: FieldKind, actor: Any, label: str = "Meter no.", **more: Any) -> Field:
    """A new field of the customer, with a name that no other has unless one is given."""
    given = {"name": f"f{secrets.token_hex(6)}", **plainly(label, **more)}
    made = in_transaction(lambda: operations.define_field("customer", kind, given, actor=actor))
    db.session.rollback()
    return next(field for field in fields_of("customer") if field.id == made)


def retire_all(actor: Any) -> None:
    """Leave no field in use and no stock field hidden: the database is shared by all tests."""
    db.session.rollback()
    for field in fields_of("customer"):
        in_transaction(lambda number=field.id: operations.retire_field(number, actor=actor))
    in_transaction(lambda: operations.hide_stock_fields("customer", (), actor=actor))


def last_record(operation: str) -> OperationRecord:
    db.session.rollback()
    ask = select(OperationRecord).where(OperationRecord.operation == operation).order_by(OperationRecord.id.desc())
    return db.session.scalars(ask.limit(1)).one()
