"""All data out as CSV, for those who leave or want to reckon themselves: one file for each thing that people know."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import IO, Any

from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import Connection, Select, Text, TypeDecorator, and_, case, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.approvals.models import Approval
from app.audit.models import OperationRecord, PersonalValues
from app.backup.refusals import BackupRefused
from app.core.days import DayClose
from app.core.db import consistent_view
from app.core.money import to_text
from app.core.sealed import shown
from app.customers.models import Customer
from app.ledger.models import Account, Posting, Purse, Reversal, Transfer
from app.shop.models import PaymentMethod, Setting, Store
from app.staff.models import NO_EMAIL, Staff, staff_store

AT_ONCE = 2_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PHONE = re.compile(r"\+[0-9]{5,15}", re.ASCII)
DAY = ("day", "state", "closed_at", "postings", "transfers", "records", "seal")
_debit, _credit, _decider = aliased(Account), aliased(Account), aliased(Staff)


class Masked(TypeDecorator[str]):
    """A sealed value as everybody may see it."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> str | None:
        return shown(value)


def export_all(folder: Path) -> dict[str, int]:
    """Write every file, all of one moment, while the desk serves; returns how many rows each has. Bounded memory.

    Nothing secret is among it: no passwords, tokens or keys. Raises BackupRefused when the folder holds something.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty. Name a new folder.")
    written = {}
    with consistent_view() as connection:
        for name, ask in questions().items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                written[name] = write_csv(connection, ask, file)
    return written


def write_csv(connection: Connection, ask: Select[Any], file: IO[str]) -> int:
    """Write the rows of a question under the names of its columns; returns how many they are."""
    out, rows = csv.writer(file), 0
    with connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(ask) as found:
        out.writerow(found.keys())
        for row in found:
            out.writerow([cell(value) for value in row])
            rows += 1
    return rows


def cell(value: Any) -> Any:
    """A value as a spreadsheet reads it.

    A text that it could take for a formula gets a quote before it; a phone number (+ and digits) computes nothing.
    """
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Decimal):
        return to_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if isinstance(value, str) and value.startswith(FORMULA) and not PHONE.fullmatch(value):
        return f"'{value}"
    return value


def questions() -> Mapping[str, Select[Any]]:
    """What each file holds, by its name."""
    return {
        "customers": _customers(),
        "postings": _postings(),
        "transfers": _transfers(),
        "operation-records": _records(),
        "approvals": _approvals(),
        "administrators": _administrators(),
        "stores": select(*_named(Store, "id", "code", "name", "is_open")).order_by(Store.id),
        "payment-methods": select(PaymentMethod.code, PaymentMethod.is_on).order_by(PaymentMethod.position),
        "settings": select(Setting.name, type_coerce(Setting.value, Text).label("value")).order_by(Setting.name),
        "closed-days": select(*_named(DayClose, *DAY)).order_by(DayClose.day),
    }


def _named(model: Any, *names: str) -> Iterable[Any]:
    return [getattr(model, name) for name in names]


def _customers() -> Select[Any]:
    hidden = {"store_id", "version", "phone_reversed", "created_by", "id_number_sealed", "id_number_mark"}
    columns = [column for column in Customer.__table__.c if column.name not in hidden]
    wallets = {purse: aliased(Account) for purse in Purse}
    ask = select(
        *columns,
        type_coerce(Customer.id_number_sealed, Masked).label("id_number"),
        Store.code.label("store"),
        *(getattr(wallet, "balance").label(purse.value) for purse, wallet in wallets.items()),  # noqa: B009
        wallets[Purse.PRINCIPAL].held,
        wallets[Purse.PRINCIPAL].status.label("wallet_status"),
    ).outerjoin(Store, Store.id == Customer.store_id)
    for purse, wallet in wallets.items():
        ask = ask.outerjoin(wallet, and_(wallet.customer_id == Customer.id, wallet.purse == purse))
    return ask.order_by(Customer.id)


def _postings() -> Select[Any]:
    hidden = {"store_id", "operator_id", "command_id"}
    columns = [column for column in Posting.__table__.c if column.name not in hidden]
    return (
        select(
            *columns,
            Reversal.reversal_id.label("reversed_by"),
            Store.code.label("store"),
            Staff.username.label("operator"),
            Customer.phone,
            Customer.name.label("customer"),
        )
        .outerjoin(Reversal, Reversal.posting_id == Posting.id)
        .outerjoin(Store, Store.id == Posting.store_id)
        .outerjoin(Staff, and_(Staff.id == Posting.operator_id, Posting.operator_kind == "staff"))
        .outerjoin(Customer, Customer.id == Posting.customer_id)
        .order_by(Posting.id)
    )


def _transfers() -> Select[Any]:
    """Each side is an account of the house (by code) or a customer's wallet (by customer and purse)."""
    sides = []
    for name, side in (("debit", _debit), ("credit", _credit)):
        sides += [side.code.label(name), side.customer_id.label(f"{name}_customer"), side.purse.label(f"{name}_purse")]
    kept = _named(Transfer, "posting_id", "line", "amount", "seq", "balance_after")
    return (
        select(*kept, *sides)
        .join(_debit, _debit.id == Transfer.debit_id)
        .join(_credit, _credit.id == Transfer.credit_id)
        .order_by(Transfer.posting_id, Transfer.line)
    )


def _records() -> Select[Any]:
    hidden = {"store_id", "command_id", "personal_hash"}
    columns = [column for column in OperationRecord.__table__.c if column.name not in hidden]
    return (
        select(*columns, PersonalValues.changes.label("personal"), Store.code.label("store"))
        .outerjoin(PersonalValues, PersonalValues.record_id == OperationRecord.id)
        .outerjoin(Store, Store.id == OperationRecord.store_id)
        .order_by(OperationRecord.id)
    )


def _approvals() -> Select[Any]:
    kept = ("id", "kind", "state", "amount", "customer_id", "posting_id", "arguments", "asked_at", "expires_at")
    return (
        select(
            *_named(Approval, *kept, "decided_at", "decision", "is_own", "made_id"),
            Staff.username.label("asked_by"),
            _decider.username.label("decided_by"),
        )
        .outerjoin(Staff, Staff.id == Approval.asked_by_id)
        .outerjoin(_decider, _decider.id == Approval.decided_by_id)
        .order_by(Approval.id)
    )


def _administrators() -> Select[Any]:
    """Their password, sessions and second factor are nobody's business."""
    roles = (
        select(func.aggregate_strings(Role.name, " "))
        .join(assoc_user_role, assoc_user_role.c.role_id == Role.id)
        .where(assoc_user_role.c.user_id == Staff.id)
    )
    stores = (
        select(func.aggregate_strings(Store.code, " "))
        .join(staff_store, staff_store.c.store_id == Store.id)
        .where(staff_store.c.user_id == Staff.id)
    )
    kept = ("id", "username", "display_name", "phone", "active", "created_on", "last_login", "deleted_at")
    email = case((Staff.email.endswith(NO_EMAIL), None), else_=Staff.email).label("email")
    return select(
        *_named(Staff, *kept), email, roles.scalar_subquery().label("roles"), stores.scalar_subquery().label("stores")
    ).order_by(Staff.id)
