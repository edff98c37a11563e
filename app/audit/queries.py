"""Reading operation records."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, column, func, select, table
from sqlalchemy.orm import selectinload

from app.audit.models import OperationRecord
from app.core import days
from app.core.actor import ActorKind
from app.core.months import FEWEST, months_before
from app.extensions import db

# These live on floors above; of them only what they are called is read here.
_store = table("store", column("id"), column("code"), column("name"))
_customer = table("customer", column("id"), column("phone"), column("customer_no"))
_receipt = table("receipt", column("posting_id"), column("receipt_no"))
MOST_STAFF = 500

# So do settings: of them only this one is read here (app/shop/keeping.py reads it for everybody else).
_setting = table("setting", column("name"), column("value"))


def shown_from() -> date | None:
    """The first day whose records are shown: older ones have left for an archive, or are about to. None: all are."""
    stored = db.session.scalar(select(_setting.c.value).where(_setting.c.name == "keep_records"))
    kept = FEWEST if stored is None else json.loads(stored)
    return months_before(days.today(), kept) if isinstance(kept, int) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records: every condition that is not None must hold. since, until: business days, both included.

    operator: a user name, or the name under which the house acted. operation: how it begins.
    """

    since: date | None = None
    until: date | None = None
    operator: str | None = None
    operation: str | None = None
    object_type: str | None = None
    object_id: int | None = None
    store: str | None = None


class Told(NamedTuple):
    """One value of a record. is_personal: an eraser may take it away."""

    field: str
    before: Any
    after: Any
    is_personal: bool


def operation_records(wanted: Wanted, *, below: int | None = None, limit: int) -> Sequence[OperationRecord]:
    """The newest records that are wanted, after the one with the id `below`; at most `limit`."""
    first = shown_from()
    conditions = [*_conditions(wanted), *([OperationRecord.business_date >= first] if first else [])]
    if below is not None:
        conditions.append(OperationRecord.id < below)
    found = select(OperationRecord).where(*conditions).options(selectinload(OperationRecord.personal))
    return db.session.scalars(found.order_by(OperationRecord.id.desc()).limit(limit)).all()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    record = OperationRecord
    conditions = {
        "since": lambda day: record.business_date >= day,
        "until": lambda day: record.business_date <= day,
        "operator": _of_operator,
        "operation": lambda start: record.operation.startswith(start, autoescape=True),
        "object_type": lambda kind: record.object_type == kind,
        "object_id": lambda number: record.object_id == number,
        "store": lambda code: record.store_id.in_(select(_store.c.id).where(_store.c.code == code)),
    }
    given = {name: getattr(wanted, name) for name in conditions}
    return [conditions[name](value) for name, value in given.items() if value is not None]


def _of_operator(name: str) -> ColumnElement[bool]:
    """Staff are found by id, which has an index and outlives a change of name; others by the name they acted under."""
    staff_id = db.session.scalar(select(User.id).where(User.username == name))
    if staff_id is None:
        return OperationRecord.actor_name == name
    return (OperationRecord.actor_kind == ActorKind.STAFF) & (OperationRecord.actor_id == staff_id)


def codes(of: Any) -> list[str]:
    """The values that a column of the records has: an index is skipped through from one to the next."""
    start = select(func.min(of).label("code")).cte("codes", recursive=True)
    following = select(func.min(of)).where(of > start.c.code).scalar_subquery()
    every = start.union_all(select(following).where(start.c.code.is_not(None)))
    return list(db.session.scalars(select(every.c.code).where(every.c.code.is_not(None))))


def staff_names() -> Mapping[int, str]:
    """The user name of everybody who is or was on the staff, by his number."""
    return {row.id: row.username for row in db.session.execute(select(User.id, User.username).limit(MOST_STAFF))}


def called(records: Iterable[OperationRecord]) -> Mapping[tuple[str, int], str]:
    """What people call those that records are about: the phone or number of customers, receipts, names of staff."""
    ids: dict[str, set[int]] = {"customer": set(), "posting": set(), "staff": set()}
    for each in records:
        if each.object_id is not None:
            ids.get(each.object_type, set()).add(each.object_id)
    known = {
        "customer": select(_customer.c.id, func.coalesce(_customer.c.phone, _customer.c.customer_no)),
        "posting": select(_receipt.c.posting_id, _receipt.c.receipt_no),
        "staff": select(User.id, User.username),
    }
    found: dict[tuple[str, int], str] = {}
    for kind, wanted in ids.items():
        ask = known[kind].where(known[kind].selected_columns[0].in_(wanted))
        found |= {(kind, number): text for number, text in db.session.execute(ask)} if wanted else {}
    return found


def store_codes() -> Mapping[int, str]:
    """The code of every store by its id."""
    return {row.id: row.code for row in db.session.execute(select(_store.c.id, _store.c.code))}


def store_names() -> Mapping[int, str]:
    """The name of every store by its id."""
    return {row.id: row.name for row in db.session.execute(select(_store.c.id, _store.c.name))}


def told(record: OperationRecord) -> list[Told]:
    """What a record says, value by value; without personal values that were erased."""
    personal = (record.personal.changes if record.personal else None) or {}
    return [
        Told(name, pair[0], pair[1], is_personal)
        for values, is_personal in ((record.changes, False), (personal, True))
        for name, pair in values.items()
    ]


def is_erased(record: OperationRecord) -> bool:
    """Whether personal values of it were there once and are gone."""
    return record.personal_hash is not None and (record.personal is None or record.personal.changes is None)
